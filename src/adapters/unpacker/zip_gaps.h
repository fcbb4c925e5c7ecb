// SPDX-License-Identifier: Apache-2.0
// The bytes of a ZIP archive that no entry of its directory has: in front of the entries, between them, behind the
// directory. A reader that begins at the front finds entries there that others do not see. For libarchive.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

struct Gap {
  std::uint64_t offset;
  std::uint64_t size;
};

struct ZipGaps {
  std::vector<Gap> gaps;    // in the order of the file, each of four bytes or more
  std::vector<Gap> stored;  // the data of entries that are files as they are
  std::uint64_t entries;    // of the directory
};

// The data descriptor behind an entry belongs to it. What an entry has that is a link is a gap: who knows no links
// reads it as a file. None: there is no directory that could be read, of at most 64 MiB, or what it says of an entry is
// not what stands in front of the entry: readers would take it for different things.
Result<std::optional<ZipGaps>> find_zip_gaps(const ByteSource& file);

}  // namespace sallyport
