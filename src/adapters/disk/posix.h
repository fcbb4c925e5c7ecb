// SPDX-License-Identifier: Apache-2.0
// Disk over a real folder, held by a descriptor from at() on: renaming or replacing the folder's name
// changes nothing.
//
// What installing one file costs, in system calls (docs/spec/node-store.md has the whole sequence):
//   openat2(root, path, O_CREAT|O_EXCL|O_WRONLY, 0600, RESOLVE_BENEATH|NO_SYMLINKS|NO_XDEV)
//   write(fd, …) once for each frame of content         fchown(fd, …) only when it is another owner's
//   fsetxattr(fd, "security.capability", …) only when it has some           fchmod(fd, mode)     close(fd)
// sync_file_range(fd, …) once for each 8 MiB of a large one,
// and later, after one syncfs(root) for all files: openat2, fstat, read…, fgetxattr, close (the read-back),
// openat2(O_PATH) of the two folders, linkat, close (its name in the store).
#pragma once

#include <string>

#include "adapters/disk/descriptor.h"
#include "adapters/disk/port.h"

namespace sallyport {

class PosixDisk final : public Disk {
 public:
  // The folder must exist, must not be a symbolic link, and must be the caller's or root's and writable for
  // nobody else: permission_missing. file_missing when it is not there.
  static Result<std::unique_ptr<PosixDisk>> at(const std::string& folder);
  // The same for a folder that others may write to, too: for what is verified anew whenever it is used.
  static Result<std::unique_ptr<PosixDisk>> shared_at(const std::string& folder);
  // As at(), and makes the folder (0700) when it is not there; its parent must be.
  static Result<std::unique_ptr<PosixDisk>> made_at(const std::string& folder);
  PosixDisk(const PosixDisk&) = delete;
  PosixDisk& operator=(const PosixDisk&) = delete;
  ~PosixDisk() override;

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
  // The same lock, held as long as any copy of this descriptor is open anywhere.
  Result<Descriptor> lock_descriptor(const std::string& path);

 private:
  explicit PosixDisk(int root) : root_(root) {}
  int root_;
};

}  // namespace sallyport
