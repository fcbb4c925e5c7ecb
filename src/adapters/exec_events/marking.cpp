// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/marking.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/fanotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <optional>
#include <system_error>

#include "adapters/exec_events/mount_views.h"

namespace sallyport::exec_events {
namespace {

constexpr int mark_ms_max = 200;
constexpr std::size_t given_up_max = 16;
constexpr int hidden = 255;  // no errno

// Whether this is the mount, and not one that was mounted over it. Nobody is asked for more than the kernel has: a FUSE
// refuses root whatever belongs to it, and the number of the mount is given to whoever wants nothing.
bool is_mount(int folder, const MountEntry& mount) {
  struct statx status {};
  constexpr int how = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  if (::statx(folder, "", how, 0, &status) != 0) return false;
  return (status.stx_mask & STATX_MNT_ID) == 0 || status.stx_mnt_id == mount.id;
}

// As this machine has the number that a user namespace has ("inside outside count", user_namespaces(7)).
std::optional<unsigned> outside(const std::string& map, unsigned inside) {
  std::ifstream lines(map);
  for (std::uint64_t first = 0, there = 0, count = 0; lines >> first >> there >> count;) {
    if (inside >= first && inside - first < count) return static_cast<unsigned>(there + (inside - first));
  }
  return std::nullopt;
}

// Of the user alone its mere numbers are what a FUSE goes by; to make marks needs capabilities.
void become(unsigned user, unsigned group) {
  ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
  ::syscall(SYS_setresgid, group, group, group);
  ::syscall(SYS_setresuid, user, user, user);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return;
  for (auto& set : sets) set.effective = set.permitted;
  ::syscall(SYS_capset, &header, sets.data());
}

// 0, errno, or `hidden`.
int try_to_mark(const Marking::Place& place) {
  const Held folder(::open(place.path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (folder.get() < 0) return errno;
  if (!is_mount(folder.get(), place.mount)) return hidden;
  const auto itself = "/proc/self/fd/" + std::to_string(folder.get());
  constexpr unsigned how = FAN_MARK_ADD | FAN_MARK_FILESYSTEM;
  const int marked = ::fanotify_mark(place.group, how, FAN_OPEN_EXEC_PERM, AT_FDCWD, itself.c_str());
  return marked == 0 ? 0 : errno;
}

// The numbers of its options are those of the user namespace that it was mounted in.
int try_as_its_user(const Marking::Place& place) {
  const auto user = option_number(place.mount, "user_id");
  const auto group = option_number(place.mount, "group_id");
  const auto map = place.task + "/uid_map";
  const auto group_map = place.task + "/gid_map";
  const auto mapped_user = user ? outside(map, *user) : std::nullopt;
  const auto mapped_group = group ? outside(group_map, *group) : std::nullopt;
  int failure = try_to_mark(place);
  if (failure != EACCES || !user || !group) return failure;
  if (mapped_user && mapped_group) {
    become(*mapped_user, *mapped_group);
    failure = try_to_mark(place);
    if (failure != EACCES) return failure;
  }
  become(*user, *group);
  return try_to_mark(place);
}

std::string reason_of(int failure) {
  if (failure == 0) return {};
  return failure == hidden ? "hidden by another mount" : std::generic_category().message(failure);
}

// What it holds of the watch would outlive the gate where it does not come back: so nothing but what it marks.
void keep_only(int group) {
  if (group > 3) ::close_range(3, static_cast<unsigned>(group) - 1, 0);
  ::close_range(static_cast<unsigned>(group) + 1, ~0U, 0);
}

bool comes_back(pid_t process, int time_ms) {
  const Held end(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  pollfd ended{end.get(), POLLIN, 0};
  return end.get() >= 0 && ::poll(&ended, 1, time_ms) > 0;
}

}  // namespace

std::string Marking::mark(const Place& place) {
  return reason_of(try_to_mark(place));
}

std::string Marking::mark_carefully(const Place& place) {
  std::erase_if(given_up_, [](const auto& one) { return ::waitpid(one.second, nullptr, WNOHANG) != 0; });
  if (given_up_.contains(place.mount.device)) return "whoever serves it does not answer";
  if (given_up_.size() >= given_up_max) return "too many file systems do not answer";
  const pid_t process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    keep_only(place.group);
    ::_exit(try_as_its_user(place));
  }
  if (process < 0) return reason_of(errno);
  if (!comes_back(process, mark_ms_max)) {
    ::kill(process, SIGKILL);
    given_up_[place.mount.device] = process;
    return "whoever serves it does not answer";
  }
  int status = 0;
  ::waitpid(process, &status, 0);
  return reason_of(WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
}

}  // namespace sallyport::exec_events
