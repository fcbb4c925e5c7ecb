// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.h"
#include "core/format/gate_event.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto seen = sallyport::parse_seen_program(sallyport::as_text(sallyport::BytesView(data, size)));
  if (seen.ok() && seen.value()) CHECK(seen.value()->path.size() <= size);
  return 0;
}
