// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/scan_exception.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto exception = sallyport::parse_scan_exception({data, size});
  if (exception.ok()) CHECK(sallyport::print_scan_exception(exception.value()).size() == size);
  return 0;
}
