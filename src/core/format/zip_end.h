// SPDX-License-Identifier: Apache-2.0
// How a ZIP archive ends: where its directory is (PKWARE APPNOTE 6.3.9, clauses 4.3.14 to 4.3.16). Shared by the
// reader of our profile and by that of any archive.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/format/zip.h"

namespace sallyport::zip {

struct End {
  std::uint64_t count;
  std::uint64_t size;    // of the central directory
  std::uint64_t offset;  // of the central directory
  std::uint64_t start;   // where the end records begin
};

// Whether there may be ZIP64 records that are not needed: Python writes them from 2 GiB on. They say what the end
// record says, so that it is the same for those who look for them and those who do not.
enum class Zip64Records : std::uint8_t { where_needed, also_elsewhere };

// One end record, the last bytes of the file, without a comment; ZIP64 records where they are needed.
Result<End> read_end(const ByteSource& file, Zip64Records records = Zip64Records::where_needed);

// File, members and directory within the limits, and the directory ends before the end records.
Result<void> check_sizes(const ByteSource& file, const End& end, const ZipLimits& limits);
// ... and right before them.
Result<void> check_frame(const ByteSource& file, const End& end, const ZipLimits& limits);

inline Error malformed(std::string_view where, std::string expected, std::string found = {}) {
  return Error(Code::zip_malformed, std::string(where), std::move(expected), std::move(found));
}

// FAT or Unix, by a specification up to 6.3.
bool made_by_accepted(std::uint16_t made_by);

}  // namespace sallyport::zip
