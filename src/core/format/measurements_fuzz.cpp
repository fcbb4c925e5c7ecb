// SPDX-License-Identifier: Apache-2.0
// Whatever the list says of its own sizes, nothing is read or kept beyond what it has.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/format/measurements.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto list = sallyport::parse_measurements({data, size});
  if (!list.ok()) return 0;
  std::size_t kept = 0;
  for (const auto& measurement : list.value()) kept += measurement.form.size() + measurement.name.size();
  if (kept > size) std::abort();
  static_cast<void>(sallyport::replay(list.value(), 10));
  return 0;
}
