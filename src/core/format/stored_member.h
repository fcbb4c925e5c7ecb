// SPDX-License-Identifier: Apache-2.0
// A stored member of an archive as a file of its own. The file must outlive it.
#pragma once

#include <string>

#include "core/format/archive.h"

namespace sallyport {

class StoredMember final : public ByteSource {
 public:
  StoredMember(const ByteSource& file, const ArchiveMember& member)
      : file_(&file), name_(member.name.text()), offset_(member.data_offset), size_(member.size) {
    CHECK(member.coding == Coding::stored);
  }
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (offset > size_ || into.size() > size_ - offset) {
      return Error(Code::truncated, name_, "bytes up to " + std::to_string(offset + into.size()),
                   std::to_string(size_) + " bytes");
    }
    return file_->read_at(offset_ + offset, into);
  }

 private:
  const ByteSource* file_;
  std::string name_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

}  // namespace sallyport
