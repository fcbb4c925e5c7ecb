// SPDX-License-Identifier: Apache-2.0
// The directory of a ZIP archive and what it says of each entry (APPNOTE 4.3, ZIP64 with it), held against what stands
// in front of the entry's data: readers believe the one or the other. For zip_gaps.cpp and zip_inside.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

constexpr std::uint64_t zip_end_size = 22;
constexpr std::uint64_t zip_directory_size_max = 64ULL << 20U;

struct ZipDirectory {
  std::uint64_t begin;
  std::uint64_t size;
  std::uint64_t end;     // of what belongs to it: the end record, without its comment
  std::uint64_t before;  // bytes in front of the archive, which offsets do not count
};

struct ZipEntry {
  std::uint64_t begin;
  std::uint64_t stored;
  std::uint64_t size;
  std::uint32_t check_sum;
  std::uint16_t method;
  std::uint16_t flags;
  bool is_link;
  std::size_t record_size;  // of the directory

  bool has_descriptor() const { return (flags & 8U) != 0; }
};

// In front of the data of an entry.
struct ZipLocal {
  std::uint64_t data;
  bool
      agrees;  // method, encryption, check sum and sizes are those of the directory, or are left to a data descriptor
};

// Where end records may begin, from the front: each mark of one as near to the end of the file as a comment is long.
Result<std::vector<std::uint64_t>> find_zip_ends(const ByteSource& file);

// None: there is no directory where the end record says, or one of more than zip_directory_size_max bytes.
Result<std::optional<ZipDirectory>> zip_directory_at(const ByteSource& file, std::uint64_t end);

// The first entry of the bytes of a directory. None: they begin with none.
std::optional<ZipEntry> first_zip_entry(BytesView directory, std::uint64_t before);

// None: no entry begins there, or its data do not end before `limit`.
Result<std::optional<ZipLocal>> zip_local_of(const ByteSource& file, const ZipEntry& entry,
                                             std::uint64_t limit);

}  // namespace sallyport
