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

// In the order of the file, each of four bytes or more; the data descriptor behind an entry belongs to it.
// None: there is no directory that could be read (APPNOTE 4.3, ZIP64 with it), of at most 64 MiB.
Result<std::optional<std::vector<Gap>>> find_zip_gaps(const ByteSource& file);

}  // namespace sallyport
