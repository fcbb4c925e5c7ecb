// SPDX-License-Identifier: Apache-2.0
#include "core/format/run_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = sallyport::parse_run_record({data, size});
  if (!record.ok()) return 0;
  const auto again =
      sallyport::parse_run_record(sallyport::as_bytes(sallyport::print_run_record(record.value())));
  if (!again.ok() || !(again.value() == record.value())) __builtin_trap();
  return 0;
}
