// SPDX-License-Identifier: Apache-2.0
// What an .rpm file says that it is: what its header, which the publisher has signed, says of its name, its files and
// the digest of its payload. docs/spec/wrap.md. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/path.h"
#include "core/crypto/digest.h"
#include "core/format/tree.h"

namespace sallyport {

constexpr std::size_t rpm_files_max = 1000000;

enum class RpmCompressor : std::uint8_t { gzip, xz, zstd };

struct RpmFile {
  RelativePath path;
  EntryType type;
  std::uint32_t mode;  // with the type of the file, as the payload repeats it
  std::uint64_t size;
  std::string link_target;                // link
  std::optional<Sha256Digest> digest;     // file
  std::vector<std::string> capabilities;  // file; by name, sorted
  std::int64_t seconds;                   // of modification
  bool in_payload;                        // a ghost is a path that the package only knows of
  bool licence;
  std::optional<std::uint64_t> inode;  // the files of one number are one file with several names
};

struct RpmPackage {
  std::string name;
  std::string version;  // "1:2.0-3": epoch, version, release
  std::string architecture;
  std::string licence;               // its short name
  std::vector<std::string> scripts;  // what rpm would run, and nobody does here
  std::vector<RpmFile> files;        // each path once
  std::uint64_t payload_offset;
  std::uint64_t payload_size;
  RpmCompressor compressor;
  std::optional<Sha256Digest> unpacked;  // of the payload as it comes out, where that is said
};

// Reads all of the file: the payload has the digest that the header says. To be called once the signature was verified.
//   archive_malformed             another form; sources; what no tree can hold
//   publisher_signature_missing   the header says nothing of the payload, so that no signature covers it
//   publisher_signature_invalid   the payload is another one
//   publisher_algorithm_refused   payload or files by other digests than SHA-256
Result<RpmPackage> read_rpm(const ByteSource& file);

}  // namespace sallyport
