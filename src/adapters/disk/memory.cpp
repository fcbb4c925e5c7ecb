// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/memory.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>

#include "core/base/checked.h"
#include "core/crypto/digest.h"

namespace sallyport {

struct MemoryDisk::Inode {
  struct Content {
    Bytes bytes;
    FileMetadata metadata{0600, 0, 0, {}};
    Folder names;  // of a folder
    std::optional<Bytes> frozen;
  };
  FileType type;
  std::string target;  // of a link
  std::uint64_t number = 0;
  Content now;
  Content durable;  // what a power cut leaves

  void sync() { durable = now; }
};

namespace {

using Inode = MemoryDisk::Inode;
using Folder = MemoryDisk::Folder;

std::shared_ptr<Inode> new_inode(FileType type, std::uint32_t mode) {
  static std::atomic<std::uint64_t> count = 0;
  auto inode = std::make_shared<Inode>();
  inode->type = type;
  inode->number = ++count;
  inode->now.metadata.mode = mode;
  return inode;
}

// Visits the inodes below (and with) `top`, by what is visible now.
void visit(const std::shared_ptr<Inode>& top, const std::function<void(const std::string&, Inode&)>& each) {
  std::vector<std::pair<std::string, std::shared_ptr<Inode>>> open{{"", top}};
  while (!open.empty()) {
    const auto [path, inode] = open.back();
    open.pop_back();
    each(path, *inode);
    for (const auto& [name, below] : inode->now.names) {
      open.emplace_back(path.empty() ? name : path + "/" + name, below);
    }
  }
}

// Counted when asked: there is no count that a test could get wrong.
std::uint64_t links_to(const std::shared_ptr<Inode>& root, const Inode* wanted) {
  std::uint64_t links = root.get() == wanted ? 1 : 0;
  std::vector<const Inode*> open{root.get()};
  while (!open.empty()) {
    const auto* folder = open.back();
    open.pop_back();
    for (const auto& [name, below] : folder->now.names) {
      if (below.get() == wanted) ++links;
      if (below->type == FileType::directory) open.push_back(below.get());
    }
  }
  return links;
}

Result<void> thawed(const Inode& inode, const std::string& path) {
  if (!inode.now.frozen) return {};
  return Error(Code::permission_missing, path, "a file that may be written to", "one that is frozen");
}

class Dice {
 public:
  explicit Dice(std::uint64_t luck) : state_(luck) {}
  // Survives? Never for luck 0.
  bool roll() {
    if (state_ == 0) return false;
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 40U & 1U) != 0;
  }

 private:
  std::uint64_t state_;
};

// The names that a folder has after the power cut: each change since the last sync came through or not.
Folder surviving_names(const Folder& durable, const Folder& now, Dice& dice) {
  Folder names = durable;
  for (const auto& [name, inode] : now) {
    const auto before = durable.find(name);
    if (before != durable.end() && before->second == inode) continue;
    if (dice.roll()) names[name] = inode;
  }
  for (const auto& [name, inode] : durable) {
    if (!now.contains(name) && dice.roll()) names.erase(name);
  }
  return names;
}

class MemoryWriter final : public FileWriter {
 public:
  MemoryWriter(std::mutex& mutex, std::shared_ptr<Inode> inode, std::uint64_t& bytes_free)
      : mutex_(mutex), inode_(std::move(inode)), bytes_free_(bytes_free) {}
  Result<void> write(BytesView bytes) override {
    const std::lock_guard guard(mutex_);
    if (bytes.size() > bytes_free_) return Error(Code::disk_full, "memory");
    bytes_free_ -= bytes.size();
    inode_->now.bytes.insert(inode_->now.bytes.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> seal(const FileMetadata& metadata) override {
    const std::lock_guard guard(mutex_);
    inode_->now.metadata = metadata;
    return {};
  }

 private:
  std::mutex& mutex_;
  std::shared_ptr<Inode> inode_;
  std::uint64_t& bytes_free_;
};

class MemoryFile final : public StoredFile {
 public:
  MemoryFile(std::mutex& mutex, std::shared_ptr<Inode> inode, std::shared_ptr<Inode> root)
      : mutex_(mutex), inode_(std::move(inode)), root_(std::move(root)), size_(inode_->now.bytes.size()) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    const std::lock_guard guard(mutex_);
    if (inode_->now.frozen && *inode_->now.frozen != inode_->now.bytes) {
      return Error(Code::io_failed, "memory", "what was frozen", "something else");
    }
    return MemorySource(inode_->now.bytes).read_at(offset, into);
  }
  Result<FileStatus> status() const override {
    const std::lock_guard guard(mutex_);
    const auto& is = inode_->now.metadata;
    return FileStatus{
        inode_->type,  is.mode, is.uid, is.gid, inode_->now.bytes.size(), links_to(root_, inode_.get()),
        inode_->number};
  }
  Result<std::vector<std::string>> capabilities() const override {
    const std::lock_guard guard(mutex_);
    return inode_->now.metadata.capabilities;
  }

 private:
  std::mutex& mutex_;
  std::shared_ptr<Inode> inode_;
  std::shared_ptr<Inode> root_;
  std::uint64_t size_;
};

class MemoryLock final : public DiskLock {
 public:
  explicit MemoryLock(std::shared_ptr<int> held) : held_(std::move(held)) {}

 private:
  std::shared_ptr<int> held_;
};

}  // namespace

MemoryDisk::MemoryDisk() : root_(new_inode(FileType::directory, 0700)) {
  root_->sync();
}

void MemoryDisk::become(const MemoryDisk& other) {
  const std::scoped_lock guard(mutex_, other.mutex_);
  std::map<Inode*, std::shared_ptr<Inode>> copies;
  const std::function<std::shared_ptr<Inode>(const std::shared_ptr<Inode>&)> copied =
      [&](const std::shared_ptr<Inode>& inode) {
        auto& copy = copies[inode.get()];
        if (copy) return copy;
        copy = std::make_shared<Inode>(*inode);
        auto made = copy;
        for (auto& [name, below] : made->now.names) below = copied(below);
        for (auto& [name, below] : made->durable.names) below = copied(below);
        return made;
      };
  root_ = copied(other.root_);
  diverted_ = other.diverted_;
  bytes_free_ = other.bytes_free_;
}

void MemoryDisk::crash(std::uint64_t luck) {
  const std::lock_guard guard(mutex_);
  Dice dice(luck);
  std::set<Inode*> seen;
  std::vector<std::shared_ptr<Inode>> open{root_};
  while (!open.empty()) {
    const auto inode = open.back();
    open.pop_back();
    if (!seen.insert(inode.get()).second) continue;
    if (dice.roll()) inode->durable.bytes = inode->now.bytes;
    if (dice.roll()) inode->durable.metadata = inode->now.metadata;
    inode->durable.names = surviving_names(inode->durable.names, inode->now.names, dice);
    inode->now = inode->durable;
    for (const auto& [name, below] : inode->now.names) open.push_back(below);
  }
  locks_.clear();
}

void MemoryDisk::corrupt(const std::string& path, std::uint64_t offset) {
  const std::lock_guard guard(mutex_);
  const auto inode = at(path).value();
  inode->now.bytes.at(offset) ^= 1U;
  inode->durable.bytes = inode->now.bytes;
}

void MemoryDisk::set_metadata(const std::string& path, const FileMetadata& metadata) {
  const std::lock_guard guard(mutex_);
  const auto inode = at(path).value();
  inode->now.metadata = inode->durable.metadata = metadata;
}

std::map<std::string, std::string> MemoryDisk::dump() const {
  const std::lock_guard guard(mutex_);
  std::map<std::string, std::string> all;
  visit(root_, [&](const std::string& path, Inode& inode) {
    const auto& is = inode.now.metadata;
    std::string line = std::to_string(static_cast<int>(inode.type)) + " " + std::to_string(is.mode) + " " +
                       std::to_string(is.uid) + ":" + std::to_string(is.gid) + " " + inode.target;
    for (const auto& capability : is.capabilities) line += " " + capability;
    all[path] = line + " " + sha256(inode.now.bytes).brief();
  });
  return all;
}

Result<std::shared_ptr<Inode>> MemoryDisk::at(const std::string& path) const {
  auto inode = root_;
  std::size_t start = 0;
  while (start < path.size()) {
    const auto slash = std::min(path.find('/', start), path.size());
    if (inode->type != FileType::directory) return Error(Code::store_path_diverted, path);
    const auto found = inode->now.names.find(path.substr(start, slash - start));
    if (found == inode->now.names.end()) return Error(Code::file_missing, path);
    inode = found->second;
    if (diverted_.contains(path.substr(0, slash))) return Error(Code::store_path_diverted, path);
    start = slash + 1;
  }
  return inode;
}

Result<std::shared_ptr<Inode>> MemoryDisk::folder_at(const std::string& path) const {
  auto inode = TRY(at(path));
  if (inode->type != FileType::directory)
    return Error(Code::store_path_diverted, path, "a folder", "something else");
  return inode;
}

Result<void> MemoryDisk::add(const std::string& path, std::shared_ptr<Inode> inode) {
  const auto folder = TRY(folder_at(parent_of(path)));
  if (!folder->now.names.emplace(name_of(path), std::move(inode)).second) {
    return Error(Code::file_exists, path);
  }
  return {};
}

Result<void> MemoryDisk::make_folder(const std::string& path) {
  const std::lock_guard guard(mutex_);
  return add(path, new_inode(FileType::directory, 0700));
}

Result<void> MemoryDisk::seal_folder(const std::string& path, const FileMetadata& metadata) {
  const std::lock_guard guard(mutex_);
  TRY(folder_at(path))->now.metadata = metadata;
  return {};
}

Result<std::unique_ptr<FileWriter>> MemoryDisk::create_file(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto inode = new_inode(FileType::file, 0600);
  TRY(add(path, inode));
  return std::unique_ptr<FileWriter>(std::make_unique<MemoryWriter>(mutex_, inode, bytes_free_));
}

Result<void> MemoryDisk::link(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  const auto inode = TRY(at(from));
  if (lacks_ == Lacks::hard_links) return Error(Code::permission_missing, to);
  if (inode->type == FileType::directory) return Error(Code::permission_missing, from);
  return add(to, inode);
}

Result<void> MemoryDisk::make_link(const std::string& target, const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (lacks_ == Lacks::symbolic_links) return Error(Code::permission_missing, path);
  const auto inode = new_inode(FileType::link, 0777);
  inode->target = target;
  return add(path, inode);
}

Result<void> MemoryDisk::set_link_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) {
  const std::lock_guard guard(mutex_);
  const auto inode = TRY(at(path));
  inode->now.metadata.uid = uid;
  inode->now.metadata.gid = gid;
  return {};
}

Result<void> MemoryDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  const auto inode = TRY(at(from));
  const auto source = TRY(folder_at(parent_of(from)));
  const auto target = TRY(folder_at(parent_of(to)));
  const auto there = target->now.names.find(name_of(to));
  if (there != target->now.names.end() &&
      (there->second->type == FileType::directory || inode->type == FileType::directory)) {
    return Error(Code::file_exists, to);
  }
  target->now.names[name_of(to)] = inode;
  source->now.names.erase(name_of(from));
  return {};
}

Result<void> MemoryDisk::remove(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (TRY(at(path))->type == FileType::directory) return Error(Code::store_path_diverted, path);
  TRY(folder_at(parent_of(path)))->now.names.erase(name_of(path));
  return {};
}

Result<void> MemoryDisk::remove_tree(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto inode = at(path);
  if (!inode.ok() && inode.error().code == Code::file_missing) return {};
  if (!inode.ok()) return inode.error();
  TRY(folder_at(parent_of(path)))->now.names.erase(name_of(path));
  return {};
}

Result<void> MemoryDisk::append(const std::string& path, BytesView bytes) {
  const std::lock_guard guard(mutex_);
  if (bytes.size() > bytes_free_) return Error(Code::disk_full, path);
  auto found = at(path);
  if (!found.ok()) {
    const auto inode = new_inode(FileType::file, 0600);
    TRY(add(path, inode));
    found = inode;
  }
  const auto inode = found.value();
  TRY(thawed(*inode, path));
  inode->now.bytes.insert(inode->now.bytes.end(), bytes.begin(), bytes.end());
  inode->sync();
  return {};
}

Result<void> MemoryDisk::truncate(const std::string& path, std::uint64_t size) {
  const std::lock_guard guard(mutex_);
  const auto inode = TRY(at(path));
  TRY(thawed(*inode, path));
  inode->now.bytes.resize(size);
  inode->sync();
  return {};
}

Result<Frozen> MemoryDisk::freeze(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto inode = TRY(at(path));
  if (keeper_ == Frozen::by_kernel && !inode->now.frozen) inode->now.frozen = inode->now.bytes;
  return keeper_;
}

Result<void> MemoryDisk::sync_file(const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(at(path))->sync();
  return {};
}

Result<void> MemoryDisk::sync_folder(const std::string& path) {
  const std::lock_guard guard(mutex_);
  TRY(folder_at(path))->sync();
  return {};
}

Result<void> MemoryDisk::sync_all() {
  const std::lock_guard guard(mutex_);
  visit(root_, [](const std::string&, Inode& inode) { inode.sync(); });
  return {};
}

Result<std::optional<FileStatus>> MemoryDisk::find(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto found = at(path);
  if (!found.ok() && found.error().code == Code::file_missing) return std::optional<FileStatus>();
  if (!found.ok()) return found.error();
  const Inode& inode = *found.value();
  const auto& is = inode.now.metadata;
  const auto size = inode.type == FileType::link ? inode.target.size() : inode.now.bytes.size();
  return std::optional(FileStatus{inode.type, is.mode, is.uid, is.gid, size,
                                  links_to(root_, found.value().get()), inode.number});
}

Result<std::vector<std::string>> MemoryDisk::list(const std::string& path) {
  const std::lock_guard guard(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, inode] : TRY(folder_at(path))->now.names) names.push_back(name);
  return names;
}

Result<std::string> MemoryDisk::read_link(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto inode = TRY(at(path));
  if (inode->type != FileType::link) {
    return Error(Code::store_path_diverted, path, "a symbolic link", "something else");
  }
  return inode->target;
}

Result<std::unique_ptr<StoredFile>> MemoryDisk::open(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const auto inode = TRY(at(path));
  if (inode->type != FileType::file)
    return Error(Code::store_path_diverted, path, "a regular file", "something else");
  return std::unique_ptr<StoredFile>(std::make_unique<MemoryFile>(mutex_, inode, root_));
}

Result<DiskSpace> MemoryDisk::space() {
  const std::lock_guard guard(mutex_);
  return DiskSpace{bytes_free_, 1ULL << 30U};
}

Result<std::unique_ptr<DiskLock>> MemoryDisk::lock(const std::string& path) {
  const std::lock_guard guard(mutex_);
  auto& lock = locks_.try_emplace(path, std::make_shared<int>(0)).first->second;
  if (lock.use_count() > 1)
    return Error(Code::node_busy, path, "a lock that nobody holds", "one that another command holds");
  return std::unique_ptr<DiskLock>(std::make_unique<MemoryLock>(lock));
}

}  // namespace sallyport
