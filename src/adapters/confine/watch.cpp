// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/watch.h"

#include <dirent.h>
#include <sys/fanotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

}  // namespace sallyport::confine
