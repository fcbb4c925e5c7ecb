// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/format/zip.h"

// Whatever is accepted is tiled by its members to the last byte, and reads.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const MemorySource file(BytesView(data, size));
  const auto directory = read_zip(file);
  if (!directory.ok()) return 0;
  std::uint64_t end = 0;
  for (const auto& member : directory.value().members) {
    CHECK(member.header_offset == end && member.data_offset > end);
    end = member.data_offset + member.size;
    const auto bytes = read_member(file, member, size);
    CHECK(bytes.ok() || bytes.error().code == Code::zip_checksum_mismatch);
  }
  CHECK(end == directory.value().central_directory_offset && end + 22 <= size);
  return 0;
}
