// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/process_group.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string_view>

namespace sallyport::exec_events {
namespace {

// As Linux 6.13 has it; Debian 12's headers do not.
struct ProcessInfo {
  std::uint64_t mask;
  std::uint64_t group;
  std::array<std::uint32_t, 12> others;
};
static_assert(sizeof(ProcessInfo) == 64);
constexpr std::uint64_t info_of_group = 1U << 2U;
constexpr unsigned long get_process_info = _IOWR(0xFF, 11, ProcessInfo);

constexpr std::size_t path_size_max = 4096;
using Path = std::array<char, path_size_max>;

const char* groups_folder() {
  struct statfs status;
  if (::statfs("/sys/fs/cgroup", &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC)
    return "/sys/fs/cgroup";
  return "/sys/fs/cgroup/unified";
}

// The path of "0::/path" in the text.
std::string_view group_path(std::string_view text) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    if (line.substr(0, 3) == "0::") return line.substr(3);
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
  }
  return {};
}

}  // namespace

std::optional<std::uint64_t> group_of(int process_descriptor, int process) {
  ProcessInfo info{info_of_group, 0, {}};
  if (::ioctl(process_descriptor, get_process_info, &info) == 0 && (info.mask & info_of_group) != 0) {
    return info.group;
  }
  return group_by_proc(process);
}

std::optional<std::uint64_t> group_by_proc(int process) {
  Path path;
  std::snprintf(path.data(), path.size(), "/proc/%d/cgroup", process);
  const int file = ::open(path.data(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  Path text;
  const auto size = ::read(file, text.data(), text.size());
  ::close(file);
  if (size <= 0 || static_cast<std::size_t>(size) == text.size()) return std::nullopt;
  const auto group = group_path({text.data(), static_cast<std::size_t>(size)});
  if (group.empty()) return std::nullopt;
  const auto length = std::snprintf(path.data(), path.size(), "%s%.*s", groups_folder(),
                                    static_cast<int>(group.size()), group.data());
  struct stat status;
  if (length < 0 || static_cast<std::size_t>(length) >= path.size()) return std::nullopt;
  if (::stat(path.data(), &status) != 0) return std::nullopt;
  return status.st_ino;
}

}  // namespace sallyport::exec_events
