// SPDX-License-Identifier: Apache-2.0
// A host's own programs: what its package database says of them, and what they are. docs/spec/baseline.md.
//
// Paths are absolute within the host's root folder, which need not be that of this process. What lies there is only
// ever read, and never executed. Calls may come from several threads at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/crypto/digest.h"

namespace sallyport {

struct InstalledPackage {
  std::string name;
  std::string architecture;
  std::string version;
};

struct InstalledFile {
  std::string path;                // where it lies, diversions considered
  std::size_t package;             // of the packages
  std::optional<std::string> md5;  // 32 hexadecimal digits; absent: the database does not say
};

struct InstalledPackages {
  std::string database;  // "dpkg"
  Sha256Digest digest;   // of its file of what is installed
  std::vector<InstalledPackage> packages;
  std::vector<InstalledFile> files;  // and folders and links
};

// A regular file, by its own path: no link at its end is followed, those on the way are, within the root.
struct ProgramFile {
  std::uint64_t size;
  FileDigest digest;
  std::string md5;
};

enum class Wanted : std::uint8_t {
  executable,  // by anybody at all: any x bit
  any,
};

class HostPackages {
 public:
  virtual ~HostPackages() = default;
  // package_database_malformed; file_missing: there is no such database.
  virtual Result<InstalledPackages> installed() = 0;
  // Nothing: it is none, or is not there.
  virtual Result<std::optional<ProgramFile>> measure(const std::string& path, Wanted wanted) = 0;
};

}  // namespace sallyport
