// SPDX-License-Identifier: Apache-2.0
// A nameless file in a folder: it is gone when it is closed, whatever ends the process.
#pragma once

#include <memory>
#include <string>

#include "core/base/sink.h"

namespace sallyport {

class ScratchFile final : public Scratch {
 public:
  // On the file system of `path`, in its folder: for what is going to be part of the file of that name.
  static Result<std::unique_ptr<ScratchFile>> beside(const std::string& path);
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() override;

  Result<void> write(BytesView bytes) override;
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override;
  Result<void> clear();  // for the next who needs one

 private:
  ScratchFile(int fd, std::string folder) : fd_(fd), folder_(std::move(folder)) {}
  int fd_;
  std::string folder_;
  std::uint64_t size_ = 0;
};

}  // namespace sallyport
