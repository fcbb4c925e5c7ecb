// SPDX-License-Identifier: Apache-2.0
// The strict ZIP reader and writer for packages: docs/spec/package.md. One reading only.
//
// read_zip refuses unless every line holds:
//   zip_malformed            one end-of-central-directory record, at the very end, without a comment; ZIP64
//                            records only when needed, and agreeing; one disk; the central directory where
//                            and as long as announced
//   zip_headers_disagree     local and central header of a member agree in every field that both have
//   zip_bytes_unaccounted    members, central directory and end records follow each other without a gap, a
//                            prefix or a tail
//   zip_name_invalid         names are RelativePath (core/base/path.h) without a drive letter, and flagged
//                            as UTF-8 where they are not ASCII
//   zip_name_duplicate       no two names are equal, nor equal after NFC and case folding, nor is one a
//                            folder of another
//   zip_member_unsupported   stored (method 0), not encrypted, no data descriptor, no folder, link or device
//   zip_limit_exceeded       the limits, checked before anything is allocated
// CRC-32 is checked by whoever reads the data (MemberReader below).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/path.h"

namespace sallyport {

struct ZipLimits {
  std::uint32_t members_max = 4096;
  std::uint64_t central_directory_size_max = 4ULL << 20U;
  std::uint64_t file_size_max = 1ULL << 40U;
};

// Of a repository in one file: 2^17 targets with names as long as ours.
constexpr ZipLimits bundle_limits{1U << 17U, 64ULL << 20U, 1ULL << 40U};

struct ZipMember {
  RelativePath name;
  std::uint64_t header_offset;  // of the local header
  std::uint64_t data_offset;
  std::uint64_t size;  // stored, so this is both sizes
  std::uint32_t crc32;
};

// Members in the order of their data. Everything is known without touching the data.
struct ZipDirectory {
  std::vector<ZipMember> members;
  std::uint64_t central_directory_offset;
  std::uint64_t file_size;

  const ZipMember* find(std::string_view name) const;  // exact bytes; null when there is none
};

Result<ZipDirectory> read_zip(const ByteSource& file, const ZipLimits& limits = {});

// A whole member in memory, CRC-32 checked; refuses more than `size_max` bytes before it allocates.
Result<Bytes> read_member(const ByteSource& file, const ZipMember& member, std::uint64_t size_max);

std::uint32_t crc32(std::uint32_t so_far, BytesView bytes);  // ISO 3309; begin with 0

// Writing: the caller says what the members are, in order, and gets the exact bytes that go between their
// data. The same members give the same bytes: no time, owner or order of the machine gets in.
struct ZipPlanMember {
  RelativePath name;
  std::uint64_t size;
  std::uint32_t crc32;
};

struct ZipPlan {
  std::vector<Bytes> local_headers;  // one before each member's data
  Bytes tail;                        // central directory and end records
  std::uint64_t file_size;
};

Result<ZipPlan> plan_zip(const std::vector<ZipPlanMember>& members, const ZipLimits& limits = {});

// Refuses (package_layout_invalid) an archive that read_zip accepts and whose bytes around the members are not those
// that plan_zip gives for them: no bit of the frame is left that could be changed without being seen.
Result<void> check_as_planned(const ByteSource& file, const ZipDirectory& directory);

}  // namespace sallyport
