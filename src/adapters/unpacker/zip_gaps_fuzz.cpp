// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "adapters/unpacker/zip_gaps.h"
#include "adapters/unpacker/zip_inside.h"

// Gaps lie inside of the file, one behind the other; archives inside of it can be read to their last byte.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const MemorySource file(BytesView(data, size));
  const auto gaps = find_zip_gaps(file);
  CHECK(gaps.ok());
  const auto inside = find_zips_inside(file, ZipView::all);
  CHECK(inside.ok());
  for (const auto& one : inside.value()) CHECK(one.archive->read(0, one.archive->size(), 2 * size + 64).ok());
  if (!gaps.value()) return 0;
  std::uint64_t at = 0;
  for (const auto& gap : gaps.value()->gaps) {
    CHECK(gap.offset >= at && gap.size >= 4 && gap.size <= size - gap.offset);
    at = gap.offset + gap.size;
  }
  return 0;
}
