// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const BytesView bytes(data, size);
  const auto entry = tlog::parse_entry(bytes);
  if (entry.ok()) CHECK(tlog::print_entry(entry.value()) == as_text(bytes));
  return 0;
}
