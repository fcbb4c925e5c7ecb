// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/facilities.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sallyport {
namespace {

// Of kernels that are newer than the headers of Debian 12.
constexpr int get_mdwe = 66;                // PR_GET_MDWE, Linux 6.3
constexpr unsigned memfd_noexec = 0x0008U;  // MFD_NOEXEC_SEAL, Linux 6.3
constexpr unsigned landlock_version = 1U;   // LANDLOCK_CREATE_RULESET_VERSION, Linux 5.13
constexpr const char* verity_folder = "/proc/sys/fs/verity";

std::string why(int failed) {
  return std::generic_category().message(failed);
}

// The answer of a call that gives a descriptor or a number, or -1.
std::string asked(long answer) {
  return answer < 0 ? why(errno) : std::string();
}

std::string opened(long fd) {
  auto missing = asked(fd);
  if (fd >= 0) ::close(static_cast<int>(fd));
  return missing;
}

std::string beneath() {
  struct open_how how {};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
  return opened(::syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof how));
}

// In a process of its own, which tells by its exit code what stood in the way.
std::string namespaces() {
  const pid_t child = ::fork();
  if (child < 0) return why(errno);
  if (child == 0)
    ::_exit(::unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET) == 0 ? 0 : errno);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return why(errno);
  }
  if (!WIFEXITED(status)) return "the try was killed";
  return WEXITSTATUS(status) == 0 ? std::string() : why(WEXITSTATUS(status));
}

std::string verity() {
  return ::access(verity_folder, F_OK) == 0 ? std::string() : std::string("the kernel was built without it");
}

std::string memory_files() {
  return opened(::syscall(SYS_memfd_create, "sallyport", memfd_noexec | MFD_CLOEXEC));
}

std::string permission_events() {
  return opened(::syscall(SYS_fanotify_init, FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC));
}

}  // namespace

std::vector<Facility> host_facilities() {
  return {
      {"openat2", Wanted::required, "no path of a package leads out of the node's root", beneath()},
      {"namespaces", Wanted::required, "a service sees its own files, processes and network only",
       namespaces()},
      {"memory-deny-write-execute", Wanted::useful, "memory that was writable cannot become executable",
       asked(::prctl(get_mdwe, 0, 0, 0, 0))},
      {"memfd-noexec", Wanted::useful, "a memory file cannot be executed", memory_files()},
      {"landlock", Wanted::useful, "only the generation can be executed",
       asked(::syscall(SYS_landlock_create_ruleset, nullptr, 0, landlock_version))},
      {"fanotify", Wanted::useful, "a program can be asked before a file is opened or executed",
       permission_events()},
      {"fs-verity", Wanted::useful,
       "the kernel itself refuses to change a content, and checks it as it is read", verity()},
      {"sctp", Wanted::useful, "network functions that listen for S1AP or Diameter over SCTP",
       opened(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP))},
  };
}

std::string kernel_release() {
  struct utsname name {};
  return ::uname(&name) == 0 ? name.release : "unknown";
}

}  // namespace sallyport
