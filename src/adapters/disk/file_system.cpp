// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_system.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "adapters/disk/system_error.h"

namespace sallyport {
namespace {

struct Foreign {
  std::uint32_t magic;
  const char* name;
};
// Linux, include/uapi/linux/magic.h, and where that does not have them, the file system's own source.
constexpr std::array<Foreign, 12> foreign = {{{OVERLAYFS_SUPER_MAGIC, "overlay"},
                                              {0x65735546, "FUSE"},
                                              {NFS_SUPER_MAGIC, "NFS"},
                                              {SMB_SUPER_MAGIC, "SMB"},
                                              {0xFF534D42, "CIFS"},
                                              {0xFE534D42, "SMB2"},
                                              {V9FS_MAGIC, "9p"},
                                              {AFS_FS_MAGIC, "AFS"},
                                              {AFS_SUPER_MAGIC, "AFS"},
                                              {CODA_SUPER_MAGIC, "Coda"},
                                              {0x00C36400, "Ceph"},
                                              {ECRYPTFS_SUPER_MAGIC, "eCryptfs"}}};

}  // namespace

Result<void> changes_by_this_kernel_alone(const std::string& folder) {
  struct statfs status {};
  if (::statfs(folder.c_str(), &status) != 0) return system_error(errno, folder);
  const auto magic = static_cast<std::uint32_t>(status.f_type);
  for (const auto& one : foreign) {
    if (one.magic == magic)
      return Error(Code::gate_file_system_foreign, folder, "ext4, XFS, Btrfs, tmpfs or their like", one.name);
  }
  return {};
}

Result<std::string> file_system_uuid(const std::string& folder, const std::string& by_uuid) {
  struct stat wanted {};
  if (::stat(folder.c_str(), &wanted) != 0) return system_error(errno, folder);
  std::error_code ended;
  for (const auto& entry : std::filesystem::directory_iterator(by_uuid, ended)) {
    struct stat device {};
    const bool found = ::stat(entry.path().c_str(), &device) == 0 && S_ISBLK(device.st_mode);
    if (found && device.st_rdev == wanted.st_dev) return entry.path().filename().string();
  }
  return Error(Code::not_supported, folder, "a file system with a UUID that " + by_uuid + " names", "none");
}

}  // namespace sallyport
