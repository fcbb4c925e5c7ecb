// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/format/gate_status.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto status = sallyport::parse_gate_status({data, size});
  if (!status.ok()) return 0;
  const auto printed = sallyport::print_gate_status(status.value());
  const auto again = sallyport::parse_gate_status(sallyport::as_bytes(printed));
  if (!again.ok() || again.value() != status.value()) std::abort();
  return 0;
}
