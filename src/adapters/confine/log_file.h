// SPDX-License-Identifier: Apache-2.0
// What a service writes to its output, kept within bounds: when the file is full it becomes <file>.1, and the
// file before that is gone. Never an obstacle: what cannot be written is dropped.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "adapters/confine/descriptor.h"
#include "core/base/result.h"

namespace sallyport::confine {

constexpr std::uint64_t log_size_max = 8U << 20U;  // for each of the two files

class LogFile {
 public:
  // Mode 0600, appended to; refuses to follow a link.
  static Result<LogFile> open(const std::string& path, std::uint64_t size_max = log_size_max);
  void write(std::span<const char> text);

 private:
  LogFile(std::string path, std::uint64_t size_max) : path_(std::move(path)), size_max_(size_max) {}
  Result<void> reopen();

  std::string path_;
  std::uint64_t size_max_;
  std::uint64_t size_ = 0;
  Descriptor file_;
};

}  // namespace sallyport::confine
