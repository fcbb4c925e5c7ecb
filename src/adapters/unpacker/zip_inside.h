// SPDX-License-Identifier: Apache-2.0
// ZIP archives that readers find in a content by an end record near its end, whatever the content begins with: what
// stands in front of the entries, and between them, does not keep them from reading. For libarchive.cpp.
#pragma once

#include <memory>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

enum class ZipView : std::uint8_t {
  all,
  but_the_last
};  // end records; the last one is what a whole archive is read by

struct ZipInside {
  std::unique_ptr<ByteSource> archive;  // reads from the content; the entries that are there, and no comment
  bool
      readable;  // false: what the directory says of an entry is not what stands in front of it, or it cannot be read
};

// From the front. Entries that are not where their directory says are left out: of an archive that lies in blocks of
// something else nobody reads them. With but_the_last, archives within one entry that is stored are left out, too: that
// entry is a content by itself. Directories of more than 64 MiB together are not readable.
Result<std::vector<ZipInside>> find_zips_inside(const ByteSource& content, ZipView view);

}  // namespace sallyport
