// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.h"
#include "core/format/provenance.h"

// What is read is printed as the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView bytes(data, size);
  const auto parsed = sallyport::parse_provenance(bytes);
  if (!parsed.ok()) return 0;
  const auto printed = sallyport::print_provenance(parsed.value());
  CHECK(printed.ok() && printed.value() == sallyport::as_text(bytes));
  static_cast<void>(sallyport::provenance_fields(parsed.value()));
  return 0;
}
