// SPDX-License-Identifier: Apache-2.0
// The ZIP archive of a package that any tool may have made, with everything that is wrong with it:
// docs/spec/foreign.md.
//
// Other than read_zip (format/zip.h), which is for packages of our own profile and ends with the first refusal, this
// one goes on: a member that breaks a rule is a finding and is left out, and the others are read. `any` takes what
// other tools write: deflated members, data descriptors behind them, folders as members, extra fields that change no
// reading, members in any order. `profile` has the rules of read_zip: it finds something exactly where read_zip
// refuses.
//
// One reading only, in both forms: local and central header agree, every byte between the first header and the end of
// the file belongs to something, and no two names can become one. Nothing is allocated by what a header says.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/base/findings.h"
#include "core/format/zip.h"

namespace sallyport {

enum class ArchiveForm : std::uint8_t { profile, any };
enum class Coding : std::uint8_t { stored, deflated };

struct ArchiveMember {
  RelativePath name;
  Coding coding;
  std::uint64_t header_offset;
  std::uint64_t data_offset;
  std::uint64_t stored_size;
  std::uint64_t size;
  std::uint32_t crc32;
};

struct Archive {
  std::vector<ArchiveMember>
      members;  // those with which nothing is wrong, in the order of their data; no folders
  std::size_t folders = 0;
  std::uint64_t file_size = 0;

  const ArchiveMember* find(std::string_view name) const;  // exact bytes; null when there is none
};

// Nothing when the directory cannot be read at all; then there is a finding. An error is a fault.
// Beyond 1 MiB a member may be at most 200 times as large as it is stored, and all together at most 2^40 bytes
// (zip_limit_exceeded).
Result<std::optional<Archive>> read_archive(const ByteSource& file, ArchiveForm form, Findings& findings,
                                            const ZipLimits& limits = {});

// What a member holds, part by part of at most 1 MiB, to its announced size and no further: zip_data_malformed when the
// stored bytes are not one deflate stream of exactly that size. The CRC-32 of the bytes that went by is the result;
// it is for the caller to compare.
using PartSink = std::function<Result<void>(BytesView)>;
Result<std::uint32_t> read_archived(const ByteSource& file, const ArchiveMember& member,
                                    const PartSink& sink);

// A whole member in memory, CRC-32 checked; refuses (zip_limit_exceeded) more than `size_max` bytes before it
// allocates.
Result<Bytes> read_archived(const ByteSource& file, const ArchiveMember& member, std::uint64_t size_max);

}  // namespace sallyport
