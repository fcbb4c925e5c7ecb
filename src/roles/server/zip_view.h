// SPDX-License-Identifier: Apache-2.0
// Members of a package as a ZIP archive of its own, which nobody makes: its frame is held, and the bytes of its members
// are ranges of the package. Read at any place of it.
#pragma once

#include <memory>
#include <vector>

#include "core/base/bytes.h"
#include "core/format/package_members.h"
#include "core/format/zip.h"

namespace sallyport::server {

class ZipView final : public ByteSource {
 public:
  // Of members that have a CRC-32. zip_limit_exceeded where it would be larger than archives of packages may be.
  static Result<std::shared_ptr<const ZipView>> of(std::shared_ptr<const ByteSource> file,
                                                   std::vector<PackageMember> members);
  std::uint64_t size() const override { return plan_.file_size; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override;

 private:
  // What follows what: from `begin` on in the archive, of the frame or of the file.
  struct Piece {
    std::uint64_t begin;
    std::uint64_t size;
    const Bytes* frame;  // null: of the file, at
    std::uint64_t file_offset;
  };
  ZipView(std::shared_ptr<const ByteSource> file, ZipPlan plan)
      : file_(std::move(file)), plan_(std::move(plan)) {}
  void add(Piece piece);
  std::shared_ptr<const ByteSource> file_;
  ZipPlan plan_;
  std::vector<Piece> pieces_;
};

}  // namespace sallyport::server
