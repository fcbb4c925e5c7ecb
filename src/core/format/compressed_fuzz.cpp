// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/format/compressed.h"
#include "core/format/gzip_reader.h"

// One frame is none any more with a byte behind it; what gunzips uses no more than there is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const BytesView bytes(data, size);
  auto longer = copy(bytes);
  longer.push_back(0);
  const MemorySource file(bytes);
  const MemorySource more(longer);
  if (check_xz_frame(file, 0, size).ok()) CHECK(!check_xz_frame(more, 0, size + 1).ok());
  if (check_zstd_frame(file, 0, size).ok()) CHECK(!check_zstd_frame(more, 0, size + 1).ok());
  GzipReader reader;
  reader.give(bytes);
  Bytes room(4096);
  for (std::uint64_t all = 0; all < (1U << 24U); all += room.size()) {
    const auto taken = reader.take(room);
    if (!taken.ok() || taken.value() < room.size()) break;
  }
  CHECK(reader.left() <= size);
  return 0;
}
