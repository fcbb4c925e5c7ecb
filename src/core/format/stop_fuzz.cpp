// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/stop.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto stop = sallyport::parse_stop({data, size});
  if (stop.ok()) CHECK(sallyport::print_stop(stop.value()).size() == size);
  return 0;
}
