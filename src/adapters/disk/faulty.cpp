// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/faulty.h"

namespace sallyport {
namespace {

class FaultyWriter final : public FileWriter {
 public:
  FaultyWriter(FaultyDisk& disk, std::unique_ptr<FileWriter> inner) : disk_(disk), inner_(std::move(inner)) {}
  Result<void> write(BytesView bytes) override {
    Bytes others;
    if (disk_.lies_next() && !bytes.empty()) {
      others = copy(bytes);
      others[0] ^= 1U;
      bytes = others;
    }
    return disk_.changing([&] { return inner_->write(bytes); });
  }
  Result<void> seal(const FileMetadata& metadata) override {
    return disk_.changing([&] { return inner_->seal(metadata); });
  }

 private:
  FaultyDisk& disk_;
  std::unique_ptr<FileWriter> inner_;
};

}  // namespace

Result<void> FaultyDisk::make_folder(const std::string& path) {
  return changing([&] { return inner_.make_folder(path); });
}
Result<void> FaultyDisk::seal_folder(const std::string& path, const FileMetadata& metadata) {
  return changing([&] { return inner_.seal_folder(path, metadata); });
}
Result<std::unique_ptr<FileWriter>> FaultyDisk::create_file(const std::string& path) {
  std::unique_ptr<FileWriter> inner;
  const auto create = [&]() -> Result<void> {
    inner = TRY(inner_.create_file(path));
    return {};
  };
  TRY(changing(create));
  return std::unique_ptr<FileWriter>(std::make_unique<FaultyWriter>(*this, std::move(inner)));
}
Result<void> FaultyDisk::link(const std::string& from, const std::string& to) {
  return changing([&] { return inner_.link(from, to); });
}
Result<void> FaultyDisk::make_link(const std::string& target, const std::string& path) {
  return changing([&] { return inner_.make_link(target, path); });
}
Result<void> FaultyDisk::set_link_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) {
  return changing([&] { return inner_.set_link_owner(path, uid, gid); });
}
Result<void> FaultyDisk::rename(const std::string& from, const std::string& to) {
  return changing([&] { return inner_.rename(from, to); });
}
Result<void> FaultyDisk::remove(const std::string& path) {
  return changing([&] { return inner_.remove(path); });
}
Result<void> FaultyDisk::remove_tree(const std::string& path) {
  return changing([&] { return inner_.remove_tree(path); });
}
Result<void> FaultyDisk::append(const std::string& path, BytesView bytes) {
  const bool torn = then_ == Then::fail || then_ == Then::crash;
  const auto struck_before = torn && calls_ + 1 == nth_ && !dead_;
  // A write that fails may have written a part: a torn line.
  if (struck_before) TRY(inner_.append(path, bytes.first(bytes.size() / 2)));
  return changing([&] { return inner_.append(path, bytes); });
}
Result<void> FaultyDisk::truncate(const std::string& path, std::uint64_t size) {
  return changing([&] { return inner_.truncate(path, size); });
}
Result<Frozen> FaultyDisk::freeze(const std::string& path) {
  auto frozen = Frozen::by_nobody;
  const auto freeze = [&]() -> Result<void> {
    frozen = TRY(inner_.freeze(path));
    return {};
  };
  TRY(changing(freeze));
  return frozen;
}
Result<void> FaultyDisk::sync_file(const std::string& path) {
  return changing([&] { return inner_.sync_file(path); });
}
Result<void> FaultyDisk::sync_folder(const std::string& path) {
  return changing([&] { return inner_.sync_folder(path); });
}
Result<void> FaultyDisk::sync_all() {
  return changing([&] { return inner_.sync_all(); });
}
Result<std::optional<FileStatus>> FaultyDisk::find(const std::string& path) {
  TRY(alive());
  return inner_.find(path);
}
Result<std::vector<std::string>> FaultyDisk::list(const std::string& path) {
  TRY(alive());
  return inner_.list(path);
}
Result<std::string> FaultyDisk::read_link(const std::string& path) {
  TRY(alive());
  return inner_.read_link(path);
}
Result<std::unique_ptr<StoredFile>> FaultyDisk::open(const std::string& path) {
  TRY(alive());
  return inner_.open(path);
}
Result<DiskSpace> FaultyDisk::space() {
  TRY(alive());
  return inner_.space();
}
Result<std::unique_ptr<DiskLock>> FaultyDisk::lock(const std::string& path) {
  TRY(alive());
  return inner_.lock(path);
}

}  // namespace sallyport
