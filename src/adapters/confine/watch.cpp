// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/confine/groups.h"

namespace sallyport::confine {
namespace {

Error gone(int custodian, std::string found) {
  return {Code::gate_stalled, "process " + std::to_string(custodian), "one that holds the gate's watch",
          std::move(found)};
}

bool is_watch(int folder, const char* name) {
  std::array<char, 64> target{};
  const auto size = ::readlinkat(folder, name, target.data(), target.size());
  return size > 0 &&
         std::string_view(target.data(), static_cast<std::size_t>(size)) == "anon_inode:[fanotify]";
}

std::optional<int> number_of_watch(const std::string& descriptors) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(descriptors.c_str()), ::closedir);
  if (!folder) return std::nullopt;
  while (const auto* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    int number = -1;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number >= 0 && is_watch(::dirfd(folder.get()), entry->d_name)) return number;
  }
  return std::nullopt;
}

constexpr std::array<const char*, 3> temporary = {"tmp", "run", "dev/shm"};

struct FileSystem {
  dev_t device;
  bool is_tmpfs;
};

std::optional<FileSystem> file_system_of(int folder) {
  struct stat status;
  struct statfs system;
  if (::fstat(folder, &status) != 0 || ::fstatfs(folder, &system) != 0) return std::nullopt;
  return FileSystem{status.st_dev, system.f_type == TMPFS_MAGIC};
}

Descriptor open_folder(int below, const char* path, std::uint64_t resolve) {
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = resolve;
  return Descriptor(static_cast<int>(::syscall(SYS_openat2, below, path, &how, sizeof how)));
}

// The places that no service has to itself. What is marked by mistake would be the machine's.
bool is_of_host(dev_t device) {
  for (const char* place : {"/", "/run", "/tmp", "/dev", "/dev/shm"}) {
    struct stat status;
    if (::stat(place, &status) == 0 && status.st_dev == device) return true;
  }
  return false;
}

// A service's root is a tmpfs of its own, and so is each of its temporary folders.
std::vector<Descriptor> temporary_of(int process, const std::string& group) {
  std::vector<Descriptor> mounts;
  const auto path = "/proc/" + std::to_string(process) + "/root";
  const auto root = open_folder(AT_FDCWD, path.c_str(), 0);
  // Asked when the root is held: the number may have been given to another process before.
  if (!root.open() || !is_in_group(process, group)) return mounts;
  const auto top = file_system_of(root.get());
  if (!top || !top->is_tmpfs || is_of_host(top->device)) return mounts;
  for (const char* place : temporary) {
    auto mount =
        open_folder(root.get(), place, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
    const auto system = mount.open() ? file_system_of(mount.get()) : std::nullopt;
    const bool own = system && system->is_tmpfs && system->device != top->device;
    if (own && !is_of_host(system->device)) mounts.push_back(std::move(mount));
  }
  return mounts;
}

}  // namespace

Result<Descriptor> borrow_watch(int custodian) {
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, custodian, 0)));
  if (!process.open()) return gone(custodian, last_error("pidfd_open").found);
  const auto number = number_of_watch("/proc/" + std::to_string(custodian) + "/fd");
  if (!number) return gone(custodian, "one that holds none");
  Descriptor watch(static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), *number, 0)));
  if (!watch.open()) return gone(custodian, last_error("pidfd_getfd").found);
  return watch;
}

Result<void> watch_file_system(const Descriptor& watch, const Descriptor& mount) {
  constexpr unsigned how = FAN_MARK_ADD | FAN_MARK_FILESYSTEM;
  if (::fanotify_mark(watch.get(), how, FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM, mount.get(), ".") != 0)
    return last_error("fanotify_mark");
  return {};
}

Result<void> watch_running(const std::string& group, int custodian) {
  std::vector<Descriptor> mounts;
  for (const int process : TRY(processes_of(group))) {
    for (auto& mount : temporary_of(process, group)) mounts.push_back(std::move(mount));
  }
  if (mounts.empty()) return {};
  const auto watch = TRY(borrow_watch(custodian));
  for (const auto& mount : mounts) TRY(watch_file_system(watch, mount));
  return {};
}

}  // namespace sallyport::confine
