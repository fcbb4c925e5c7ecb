// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/rehearsal.h"

#include <algorithm>

namespace sallyport {
namespace {

constexpr std::uint64_t kept_size_max = 64ULL << 20U;

class RehearsalWriter final : public FileWriter {
 public:
  explicit RehearsalWriter(std::unique_ptr<FileWriter> above) : above_(std::move(above)) {}
  Result<void> write(BytesView bytes) override {
    const auto kept = std::min<std::uint64_t>(bytes.size(), kept_size_max - size_);
    size_ += kept;
    return above_->write(bytes.first(static_cast<std::size_t>(kept)));
  }
  Result<void> seal(const FileMetadata& metadata) override { return above_->seal(metadata); }

 private:
  std::unique_ptr<FileWriter> above_;
  std::uint64_t size_ = 0;
};

FileMetadata metadata_of(const FileStatus& status) {
  return {status.mode, status.uid, status.gid, {}};
}

Error missing(const std::string& path) {
  return Error(Code::file_missing, path, "a file or folder", "none");
}

}  // namespace

bool RehearsalDisk::hidden(const std::string& path) const {
  if (below_ == nullptr) return !path.empty();
  for (auto part = path; !part.empty(); part = parent_of(part)) {
    if (taken_away_.contains(part)) return true;
  }
  return false;
}

Result<RehearsalDisk::Lies> RehearsalDisk::place_of(const std::string& path) {
  if (path.empty()) return Lies::above;
  if (TRY(above_.find(path))) return Lies::above;
  if (hidden(path)) return Lies::nowhere;
  return TRY(below_->find(path)) ? Lies::below : Lies::nowhere;
}

Result<std::optional<FileStatus>> RehearsalDisk::find(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto place = TRY(place_of(path));
  if (place == Lies::nowhere) return std::optional<FileStatus>();
  return place == Lies::above && !path.empty() ? above_.find(path)
         : below_ != nullptr                   ? below_->find(path)
                                               : above_.find(path);
}

// NOLINTNEXTLINE(misc-no-recursion): one level a component of the path
Result<void> RehearsalDisk::raise(const std::string& path) {
  const auto place = TRY(place_of(path));
  if (place == Lies::above) return {};
  if (place == Lies::nowhere) return missing(path);
  TRY(raise_parents(path));
  const auto status = TRY(below_->find(path));
  if (!status) return missing(path);
  switch (status->type) {
    case FileType::directory:
      TRY(above_.make_folder(path));
      return above_.seal_folder(path, metadata_of(*status));
    case FileType::link:
      return above_.make_link(TRY(below_->read_link(path)), path);
    case FileType::other:
      return Error(Code::store_path_diverted, path, "a file, folder or link", "something else");
    case FileType::file:
      break;
  }
  if (status->size > kept_size_max)
    return Error(Code::not_supported, path, "at most 64 MiB, to rehearse a change of it",
                 std::to_string(status->size) + " bytes");
  const auto file = TRY(below_->open(path));
  const auto content = TRY(file->read(0, file->size(), kept_size_max));
  auto metadata = metadata_of(*status);
  metadata.capabilities = TRY(file->capabilities());
  const auto writer = TRY(above_.create_file(path));
  TRY(writer->write(content));
  return writer->seal(metadata);
}

// NOLINTNEXTLINE(misc-no-recursion): see raise
Result<void> RehearsalDisk::raise_parents(const std::string& path) {
  const auto folder = parent_of(path);
  return folder.empty() ? Result<void>() : raise(folder);
}

Result<void> RehearsalDisk::free_name(const std::string& path) {
  TRY(raise_parents(path));
  if (TRY(place_of(path)) == Lies::nowhere) return {};
  return Error(Code::file_exists, path, "a free name", "something of this name");
}

Result<void> RehearsalDisk::make_folder(const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(free_name(path));
  return above_.make_folder(path);
}

Result<void> RehearsalDisk::seal_folder(const std::string& path, const FileMetadata& metadata) {
  const std::lock_guard guard(mutex_);
  TRY(raise(path));
  return above_.seal_folder(path, metadata);
}

Result<std::unique_ptr<FileWriter>> RehearsalDisk::create_file(const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(free_name(path));
  return std::unique_ptr<FileWriter>(std::make_unique<RehearsalWriter>(TRY(above_.create_file(path))));
}

Result<void> RehearsalDisk::link(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  TRY(raise(from));
  TRY(free_name(to));
  return above_.link(from, to);
}

Result<void> RehearsalDisk::make_link(const std::string& target, const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(free_name(path));
  return above_.make_link(target, path);
}

Result<void> RehearsalDisk::set_link_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) {
  const std::lock_guard guard(mutex_);
  TRY(raise(path));
  return above_.set_link_owner(path, uid, gid);
}

// A folder moves without what lies in it below: it would have to be read whole.
Result<void> RehearsalDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  TRY(raise(from));
  TRY(raise_parents(to));
  const auto there = TRY(find(to));
  if (there && there->type == FileType::directory)
    return Error(Code::file_exists, to, "a name that no folder has", "a folder");
  TRY(above_.rename(from, to));
  taken_away_.insert(from);
  return {};
}

Result<void> RehearsalDisk::remove(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto found = TRY(find(path));
  if (!found) return missing(path);
  if (TRY(above_.find(path))) {
    TRY(above_.remove(path));
  } else if (found->type == FileType::directory) {
    return Error(Code::store_path_diverted, path, "a file or link", "a folder");
  }
  taken_away_.insert(path);
  return {};
}

Result<void> RehearsalDisk::remove_tree(const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(above_.remove_tree(path));
  taken_away_.insert(path);
  return {};
}

Result<void> RehearsalDisk::append(const std::string& path, BytesView bytes) {
  const std::lock_guard guard(mutex_);
  const bool is_new = TRY(place_of(path)) == Lies::nowhere;
  TRY(is_new ? raise_parents(path) : raise(path));
  return above_.append(path, bytes);
}

Result<void> RehearsalDisk::truncate(const std::string& path, std::uint64_t size) {
  const std::lock_guard guard(mutex_);
  TRY(raise(path));
  return above_.truncate(path, size);
}

Result<Frozen> RehearsalDisk::freeze(const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(raise(path));
  return above_.freeze(path);
}

Result<void> RehearsalDisk::sync_folder(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto found = TRY(find(path));
  if (!found) return missing(path);
  if (found->type == FileType::directory) return {};
  return Error(Code::store_path_diverted, path, "a folder", "something else");
}

Result<std::vector<std::string>> RehearsalDisk::list(const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(sync_folder(path));
  std::set<std::string> names;
  if (TRY(above_.find(path))) {
    for (auto& name : TRY(above_.list(path))) names.insert(std::move(name));
  }
  if (below_ != nullptr && !hidden(path) && TRY(below_->find(path))) {
    for (auto& name : TRY(below_->list(path))) {
      if (!taken_away_.contains(path.empty() ? name : path + "/" + name)) names.insert(std::move(name));
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::string> RehearsalDisk::read_link(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto place = TRY(place_of(path));
  if (place == Lies::nowhere) return missing(path);
  return place == Lies::above ? above_.read_link(path) : below_->read_link(path);
}

Result<std::unique_ptr<StoredFile>> RehearsalDisk::open(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto place = TRY(place_of(path));
  if (place == Lies::nowhere) return missing(path);
  return place == Lies::above ? above_.open(path) : below_->open(path);
}

Result<DiskSpace> RehearsalDisk::space() {
  return below_ != nullptr ? below_->space() : above_.space();
}

Result<std::unique_ptr<DiskLock>> RehearsalDisk::lock(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (below_ != nullptr && TRY(below_->find(path))) return below_->lock(path);
  return above_.lock(path);
}

}  // namespace sallyport
