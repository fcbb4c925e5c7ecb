// SPDX-License-Identifier: Apache-2.0
// A file that somebody names, as a source of bytes: opened once, read by that one descriptor ever after, so
// that nobody can put another file in its place between two reads.
//
// Regular files only (file_missing otherwise; a FIFO or device is never waited for). The size is the one at
// open(): bytes that are appended later do not exist, and a file that shrinks is refused (truncated).
#pragma once

#include <memory>
#include <string>

#include "core/base/bytes.h"

namespace sallyport {

class FileSource final : public ByteSource {
 public:
  static Result<std::unique_ptr<FileSource>> open(const std::string& path);
  FileSource(int fd, std::uint64_t size, std::string name);  // takes the descriptor over
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override;

  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override;
  int fd() const { return fd_; }
  const std::string& name() const { return name_; }

 private:
  int fd_;
  std::uint64_t size_;
  std::string name_;
};

// A whole file in memory: file_missing, or truncated when it is larger than `size_max`.
Result<Bytes> read_whole_file(const std::string& path, std::uint64_t size_max);

}  // namespace sallyport
