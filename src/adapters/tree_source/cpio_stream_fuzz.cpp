// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "adapters/tree_source/cpio_stream.h"
#include "core/base/check.h"

// The number of entries, or none where the archive is refused.
static std::optional<std::size_t> entries(sallyport::BytesView bytes, std::size_t step) {
  sallyport::CpioStream stream([&]() -> sallyport::Result<sallyport::BytesView> {
    const auto part = bytes.first(std::min(step, bytes.size()));
    bytes = bytes.subspan(part.size());
    return part;
  });
  while (true) {
    const auto entry = stream.next();
    if (!entry.ok()) return {};
    if (!entry.value()) return stream.count();
    sallyport::Bytes content(std::min<std::size_t>(entry.value()->header.size, 5));
    if (!stream.read(content).ok()) return {};
  }
}

// The same answer whatever the sizes of the parts are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView bytes(data, size);
  CHECK(entries(bytes, size + 1) == entries(bytes, 7));
  return 0;
}
