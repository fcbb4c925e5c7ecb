// SPDX-License-Identifier: Apache-2.0
// A disk for --dry-run: what is there is read, what is changed is changed in memory alone and forgotten with this
// object. Whoever works on it finds what it did, as on any disk; the disk below is only ever read. Nothing is made
// durable, and no lock is taken but one whose file is there already.
//
// Of a new file the first 64 MiB are kept: whoever reads on finds it cut short. A larger file of the disk below can be
// read and taken away, and not be changed, moved or linked (not_supported).
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "adapters/disk/memory.h"

namespace sallyport {

class RehearsalDisk final : public Disk {
 public:
  // Null: the folder is not there, and would be made.
  explicit RehearsalDisk(std::unique_ptr<Disk> below) : below_(std::move(below)) {}

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
  Result<void> sync_file(const std::string& path) override { return above_.sync_file(path); }
  Result<void> sync_folder(const std::string& path) override;
  Result<void> sync_all() override { return {}; }
  Result<std::optional<FileStatus>> find(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<std::string> read_link(const std::string& path) override;
  Result<std::unique_ptr<StoredFile>> open(const std::string& path) override;
  Result<DiskSpace> space() override;
  Result<std::unique_ptr<DiskLock>> lock(const std::string& path) override;

 private:
  enum class Lies : std::uint8_t { above, below, nowhere };
  Result<Lies> place_of(const std::string& path);
  bool hidden(const std::string& path) const;
  Result<void> raise(const std::string& path);  // what lies below comes to lie above
  Result<void> raise_parents(const std::string& path);
  Result<void> free_name(const std::string& path);  // file_exists; its folder lies above afterwards

  std::recursive_mutex mutex_;  // what is public here is made of what is public here
  std::unique_ptr<Disk> below_;
  MemoryDisk above_;
  std::set<std::string> taken_away_;  // of what lies below, with all that lies in it
};

}  // namespace sallyport
