// SPDX-License-Identifier: Apache-2.0
// Files below the root folder of a host, as a process of that host would reach them (openat2, RESOLVE_IN_ROOT).
#pragma once

#include <string>

#include "core/base/result.h"

namespace sallyport::packages {

// An open file that closes itself.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const { return descriptor_; }
  bool open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

// A descriptor, or -1 with errno. Links on the way are followed within the root, the last part of the path is none.
int open_in_root(int root, const std::string& path, int flags);

// The whole text; file_missing, file_too_large, io_failed.
Result<std::string> read_text(int root, const std::string& path, std::uint64_t size_max);

}  // namespace sallyport::packages
