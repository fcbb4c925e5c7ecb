// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/baseline.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto baseline = sallyport::parse_baseline({data, size});
  if (baseline.ok()) CHECK(sallyport::print_baseline(baseline.value()).size() == size);
  return 0;
}
