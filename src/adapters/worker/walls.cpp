// SPDX-License-Identifier: Apache-2.0
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "adapters/worker/filter.h"
#include "adapters/worker/inside.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

namespace sallyport::worker {
namespace {

constexpr unsigned nobody = 65534;

Error missing(const char* what) {
  return {Code::not_supported, what, "a kernel and a user that can do it", std::strerror(errno)};
}

Result<void> limit(__rlimit_resource what, std::uint64_t value, const char* name) {
  const rlimit limits{value, value};
  if (::setrlimit(what, &limits) != 0) return missing(name);
  return {};
}

Result<void> set_limits(const Walls& walls) {
#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // their shadow memory is larger than any limit
  TRY(limit(RLIMIT_AS, walls.memory_bytes, "RLIMIT_AS"));
#endif
  TRY(limit(RLIMIT_FSIZE, walls.file_bytes, "RLIMIT_FSIZE"));
  TRY(limit(RLIMIT_NOFILE, walls.files, "RLIMIT_NOFILE"));
  TRY(limit(RLIMIT_CPU, walls.processor_seconds, "RLIMIT_CPU"));
  TRY(limit(RLIMIT_MEMLOCK, 0, "RLIMIT_MEMLOCK"));
  TRY(limit(RLIMIT_MSGQUEUE, 0, "RLIMIT_MSGQUEUE"));
  return limit(RLIMIT_CORE, 0, "RLIMIT_CORE");
}

// Namespaces of its own, for root at once and for others by one of users, where the kernel lets them. The
// filter refuses sockets in any case.
void leave_the_networks() {
  constexpr int kinds = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
  if (::geteuid() == 0) {
    ::unshare(kinds);
  } else {
    ::unshare(CLONE_NEWUSER | kinds);
  }
}

Result<void> drop_user() {
  if (::geteuid() != 0) return {};
  if (::setgroups(0, nullptr) != 0) return missing("setgroups");
  if (::setresgid(nobody, nobody, nobody) != 0) return missing("setresgid");
  if (::setresuid(nobody, nobody, nobody) != 0) return missing("setresuid");
  return {};
}

Result<void> drop_capabilities() {
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return missing("ambient capabilities");
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> none{};
  if (::syscall(SYS_capset, &header, none.data()) != 0) return missing("capset");
  return {};
}

// The access rights of the kernel that runs, by the number of its interface; a header knows those of its own day.
struct Ruleset {
  std::uint64_t files;
  std::uint64_t network;
  std::uint64_t scoped;
};

Result<void> close_files() {
  constexpr unsigned ask_version = 1;
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_version);
  if (version < 1) return missing("landlock");
  const unsigned files = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
  const Ruleset all{(std::uint64_t{1} << files) - 1, version >= 4 ? 3U : 0U, version >= 6 ? 3U : 0U};
  const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  const auto ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &all, size, 0));
  if (ruleset < 0) return missing("landlock");
  const bool closed = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return closed ? Result<void>() : missing("landlock");
}

}  // namespace

Result<void> build_walls(const Walls& walls) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  leave_the_networks();
  TRY(set_limits(walls));
  TRY(drop_user());
  TRY(drop_capabilities());
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);  // a change of user forgets it
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return missing("PR_SET_DUMPABLE");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return missing("no_new_privs");
  ::prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0,
          0);  // the filter refuses the same, where a kernel has no such thing
  TRY(close_files());
  return load_filter();
}

}  // namespace sallyport::worker
