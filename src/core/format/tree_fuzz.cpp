// SPDX-License-Identifier: Apache-2.0
#include "core/format/tree.h"

// Whatever is accepted is printed as exactly the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView input(data, size);
  const auto tree = sallyport::parse_tree(input);
  if (!tree.ok()) return 0;
  const auto printed = sallyport::print_tree(tree.value());
  CHECK(printed.ok() && printed.value() == sallyport::as_text(input));
  return 0;
}
