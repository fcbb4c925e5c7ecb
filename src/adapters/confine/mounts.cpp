// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/mounts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

namespace sallyport::confine {
namespace {

Result<void> restrict_detached(int mount_fd, const std::string& what, std::uint64_t attributes) {
  mount_attr change{};
  change.attr_set = attributes;
  if (::mount_setattr(mount_fd, "", AT_EMPTY_PATH, &change, sizeof change) != 0) {
    return last_error("mount_setattr " + what);
  }
  return {};
}

}  // namespace

Result<Descriptor> new_file_system(const char* type, const std::vector<MountOption>& options,
                                   std::uint64_t attributes) {
  const std::string what = std::string("a new ") + type;
  const Descriptor context(::fsopen(type, FSOPEN_CLOEXEC));
  if (!context.open()) return last_error(what);
  for (const auto& [key, value] : options) {
    if (::fsconfig(context.get(), FSCONFIG_SET_STRING, key, value.c_str(), 0) != 0) {
      return last_error(what + ", option " + key);
    }
  }
  if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return last_error(what);
  Descriptor mount(::fsmount(context.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes)));
  if (!mount.open()) return last_error(what);
  return mount;
}

Result<Descriptor> copy_mount(int folder, const std::string& name, std::uint64_t attributes) {
  Descriptor mount(::open_tree(
      folder, name.c_str(),
      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW | (name.empty() ? AT_EMPTY_PATH : 0)));
  if (!mount.open()) return last_error("open_tree " + name);
  TRY(restrict_detached(mount.get(), name, attributes));
  return mount;
}

Result<void> attach(const Descriptor& mount, int folder, const std::string& path) {
  if (::move_mount(mount.get(), "", folder, path.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
    return last_error("move_mount " + path);
  }
  return {};
}

Result<void> make_folder(int folder, const std::string& path) {
  if (::mkdirat(folder, path.c_str(), 0755) != 0 && errno != EEXIST) return last_error("mkdir " + path);
  return {};
}

Result<void> make_file(int folder, const std::string& path) {
  const Descriptor file(::openat(folder, path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (!file.open()) return last_error("create " + path);
  return {};
}

Result<void> make_link(int folder, const std::string& path, const std::string& target) {
  if (::symlinkat(target.c_str(), folder, path.c_str()) != 0) return last_error("symlink " + path);
  return {};
}

Result<void> restrict_mount(const std::string& path, std::uint64_t attributes) {
  mount_attr change{};
  change.attr_set = attributes;
  if (::mount_setattr(AT_FDCWD, path.c_str(), 0, &change, sizeof change) != 0) {
    return last_error("mount_setattr " + path);
  }
  return {};
}

Result<void> expect_flags(const std::string& path, unsigned long flags) {
  struct statvfs status;
  if (::statvfs(path.c_str(), &status) != 0) return last_error("statvfs " + path);
  if ((status.f_flag & flags) == flags) return {};
  return Error(Code::not_supported, path, "mount flags " + std::to_string(flags),
               std::to_string(status.f_flag & flags));
}

}  // namespace sallyport::confine
