// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/format/archive.h"

// Both forms: no two members share a byte, no member reads beyond its size, and where our profile finds nothing wrong
// the strict reader accepts, and the other way round.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const MemorySource file(BytesView(data, size));
  for (const auto form : {ArchiveForm::any, ArchiveForm::profile}) {
    Findings findings;
    const auto archive = read_archive(file, form, findings);
    CHECK(archive.ok());
    if (form == ArchiveForm::profile) CHECK(read_zip(file).ok() == findings.none());
    if (!archive.value()) continue;
    std::uint64_t end = 0;
    for (const auto& member : archive.value()->members) {
      CHECK(member.data_offset > member.header_offset && member.data_offset + member.stored_size <= size);
      if (findings.none()) CHECK(member.header_offset >= end);
      end = member.data_offset + member.stored_size;
      const auto bytes = read_archived(file, member, 1U << 20U);
      CHECK(!bytes.ok() || bytes.value().size() == member.size);
    }
  }
  return 0;
}
