// SPDX-License-Identifier: Apache-2.0
// A disk in memory that forgets in a power cut what was not synced. It is as forgetful as POSIX allows: the
// content of a file and each name in a folder are made durable separately, nothing is durable by luck, and
// what was not made durable may be lost one by one and in any order.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "adapters/disk/port.h"

namespace sallyport {

class MemoryDisk final : public Disk {
 public:
  MemoryDisk();

  // Becomes what the other one is, durable or not.
  void become(const MemoryDisk& other);

  // The power cut: all of what was not synced is lost, or, for another `luck` than 0, some of it.
  void crash(std::uint64_t luck = 0);

  // Knobs for tests.
  void set_bytes_free(std::uint64_t bytes) { bytes_free_ = bytes; }
  void divert(const std::string& folder) { diverted_.insert(folder); }  // as if something were mounted there
  // As file systems do that have no hard links, or no symbolic links.
  enum class Lacks : std::uint8_t { nothing, hard_links, symbolic_links };
  void set_lacks(Lacks lacks) { lacks_ = lacks; }
  void set_keeper(Frozen keeper) {
    keeper_ = keeper;
  }  // what freeze() answers; by_nobody where it was not called
  // Changes a byte of a file behind everybody's back, as bad flash does.
  void corrupt(const std::string& path, std::uint64_t offset);
  void set_metadata(const std::string& path, const FileMetadata& metadata);
  // Every file and link below the root with type, metadata, content or target: to compare before and after.
  std::map<std::string, std::string> dump() const;

  Result<void> make_folder(const std::string& path) override;
  Result<void> seal_folder(const std::string& path, const FileMetadata& metadata) override;
  Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) override;
  Result<void> link(const std::string& from, const std::string& to) override;
  Result<void> make_link(const std::string& target, const std::string& path) override;
  Result<void> set_link_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> remove_tree(const std::string& path) override;
  Result<void> append(const std::string& path, BytesView bytes) override;
  Result<void> truncate(const std::string& path, std::uint64_t size) override;
  Result<Frozen> freeze(const std::string& path) override;
  Result<void> sync_file(const std::string& path) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<void> sync_all() override;
  Result<std::optional<FileStatus>> find(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<std::string> read_link(const std::string& path) override;
  Result<std::unique_ptr<StoredFile>> open(const std::string& path) override;
  Result<DiskSpace> space() override;
  Result<std::unique_ptr<DiskLock>> lock(const std::string& path) override;

  struct Inode;
  using Folder = std::map<std::string, std::shared_ptr<Inode>>;

 private:
  Result<std::shared_ptr<Inode>> at(const std::string& path) const;
  Result<std::shared_ptr<Inode>> folder_at(const std::string& path) const;
  Result<void> add(const std::string& path, std::shared_ptr<Inode> inode);

  mutable std::mutex mutex_;
  Frozen keeper_ = Frozen::by_nobody;
  std::shared_ptr<Inode> root_;
  std::set<std::string> diverted_;
  Lacks lacks_ = Lacks::nothing;
  std::uint64_t bytes_free_ = 1ULL << 40U;
  std::map<std::string, std::shared_ptr<int>> locks_;  // by path
};

}  // namespace sallyport
