// SPDX-License-Identifier: Apache-2.0
// Whatever the trace's reader takes, it prints again byte for byte.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.h"
#include "core/format/gate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = sallyport::as_text({data, size});
  const auto line = sallyport::parse_trace(text);
  if (line.ok() && sallyport::print_trace(line.value()) != text) std::abort();
  return 0;
}
