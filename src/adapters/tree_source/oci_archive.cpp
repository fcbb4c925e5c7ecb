// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/oci_archive.h"

#include <algorithm>

#include "core/base/checked.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::uint64_t part_size = 1U << 20U;
constexpr std::size_t files_max = 10000;

class PartOfRoom final : public ByteSource {
 public:
  PartOfRoom(std::shared_ptr<const Scratch> room, std::uint64_t offset, std::uint64_t size)
      : room_(std::move(room)), offset_(offset), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (inside(offset, into.size(), size_)) return room_->read_at(offset_ + offset, into);
    return Error(Code::truncated, "a file of an archive", "bytes inside of it", std::to_string(offset));
  }

 private:
  std::shared_ptr<const Scratch> room_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

Result<void> copy_entry(TarStream& archive, std::uint64_t size, Scratch& room) {
  Bytes part;
  for (std::uint64_t done = 0; done < size; done += part.size()) {
    part.resize(static_cast<std::size_t>(std::min(part_size, size - done)));
    TRY(archive.read(part));
    TRY(room.write(part));
  }
  return {};
}

}  // namespace

Result<OciArchive> OciArchive::open(const SourceFileName& tar, std::unique_ptr<Scratch> room) {
  const auto refused = [&](std::string expected, const std::string& found) {
    return Error(Code::archive_malformed, tar.name, std::move(expected), printable(found));
  };
  auto bytes = TRY(open_source(tar));
  const auto size = bytes->size();
  const auto archive =
      TRY(TarStream::open({tar.name, std::move(bytes), 0, size, Code::archive_malformed, Pax::known}));
  OciArchive opened(std::move(room));
  while (const auto found = TRY(archive->next())) {
    const auto& entry = found->entry;
    if (entry.type == EntryType::directory) continue;
    if (entry.type != EntryType::file || !found->hard_link.empty())
      return refused("files and folders alone", entry.path.text());
    if (opened.places_.size() == files_max) return refused("at most 10000 files", "more");
    const Place place{opened.room_->size(), entry.size};
    if (!opened.places_.emplace(entry.path.text(), place).second)
      return refused("each path once", entry.path.text());
    TRY(copy_entry(*archive, entry.size, *opened.room_));
  }
  return opened;
}

Result<std::shared_ptr<const ByteSource>> OciArchive::file(const std::string& path) const {
  const auto found = places_.find(path);
  if (found == places_.end()) return Error(Code::file_missing, path, "a file of the image layout", "none");
  return std::shared_ptr<const ByteSource>(
      std::make_shared<PartOfRoom>(room_, found->second.offset, found->second.size));
}

}  // namespace sallyport
