// SPDX-License-Identifier: Apache-2.0
#include "adapters/worker/attempts.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "adapters/worker/descriptors.h"

namespace sallyport::worker {
namespace {

// The errno that stopped it; 0: it went through.
int result_of(long returned) {
  return returned < 0 ? errno : 0;
}

int open_shadow() {
  return result_of(::open("/etc/shadow", O_RDONLY | O_CLOEXEC));
}
int open_public_file() {
  return result_of(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}
int list_folder() {
  return result_of(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}
int read_parent_memory() {
  const auto name = "/proc/" + std::to_string(::getppid()) + "/mem";
  return result_of(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
}
int ask_about_file() {
  struct stat about {};
  return result_of(::stat("/etc/shadow", &about));
}
int write_file() {
  return result_of(::open("/tmp/sallyport-attempt", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}
int write_unnamed_file() {
  return result_of(::open("/tmp", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600));
}
int write_package() {
  return result_of(::write(file_number, "", 1));
}
int reopen_package() {
  return result_of(::open("/proc/self/fd/3", O_RDWR | O_CLOEXEC));
}
int shorten_package() {
  return result_of(::ftruncate(file_number, 0));
}
int change_mode() {
  return result_of(::fchmod(file_number, 0666));
}
int remove_file() {
  return result_of(::unlink("/tmp/sallyport-attempt"));
}
int make_folder() {
  return result_of(::mkdir("/tmp/sallyport-attempt", 0700));
}
int connect_network() {
  return result_of(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}
int connect_packet() {
  return result_of(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}
int connect_local() {
  return result_of(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}
int connect_kernel() {
  return result_of(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}
int reconnect_parent() {
  sockaddr_in nowhere{};
  nowhere.sin_family = AF_UNSPEC;
  return result_of(::connect(control_number, reinterpret_cast<const sockaddr*>(&nowhere), sizeof nowhere));
}
int execute_program() {
  char* const words[] = {nullptr};
  return result_of(::execve("/bin/true", words, words));
}
int execute_open_file() {
  char* const words[] = {nullptr};
  return result_of(::syscall(SYS_execveat, file_number, "", words, words, AT_EMPTY_PATH));
}
int make_process() {
  const long child = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) ::_exit(0);
  return result_of(child);
}
int make_process_v() {
  const long child = ::syscall(SYS_fork);
  if (child == 0) ::_exit(0);
  return result_of(child);
}
int make_namespace() {
  return result_of(::unshare(CLONE_NEWUSER));
}
int enter_namespace() {
  return result_of(::setns(file_number, 0));
}
int make_mount() {
  return result_of(::mount("tmpfs", "/tmp", "tmpfs", 0, nullptr));
}
int trace_parent() {
  return result_of(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr));
}
int copy_parent() {
  std::array<char, 1> into{};
  const iovec here{into.data(), into.size()};
  const iovec there{into.data(), into.size()};
  return result_of(::process_vm_readv(::getppid(), &here, 1, &there, 1, 0));
}
int signal_parent() {
  return result_of(::kill(::getppid(), 0));
}
int signal_everybody() {
  return result_of(::syscall(SYS_tgkill, 1, 1, 0));
}
int take_descriptor() {
  const long handle = ::syscall(SYS_pidfd_open, ::getppid(), 0);
  return result_of(handle);
}
int make_code() {
  return result_of(reinterpret_cast<long>(
                       ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) == -1
                       ? -1
                       : 0);
}
int turn_into_code() {
  void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return errno;
  return result_of(::mprotect(page, 4096, PROT_READ | PROT_EXEC));
}
int make_memory_file() {
  return result_of(::memfd_create("attempt", MFD_CLOEXEC));
}
int share_memory() {
  return result_of(::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600));
}
int become_root() {
  return result_of(::setresuid(0, 0, 0));
}
int lift_limit() {
  const rlimit more{RLIM_INFINITY, RLIM_INFINITY};
  return result_of(::setrlimit(RLIMIT_AS, &more));
}
int make_ring() {
  io_uring_params parameters{};
  return result_of(::syscall(SYS_io_uring_setup, 1, &parameters));
}
int load_program() {
  bpf_attr program{};
  return result_of(::syscall(SYS_bpf, BPF_PROG_LOAD, &program, sizeof program));
}
int watch_processor() {
  perf_event_attr event{};
  event.size = sizeof event;
  return result_of(::syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}
int handle_faults() {
  return result_of(::syscall(SYS_userfaultfd, O_CLOEXEC));
}
int read_keys() {
  constexpr int get_session_keyring = 0;
  return result_of(::syscall(SYS_keyctl, get_session_keyring, -3, 0));
}
int control_device() {
  int left = 0;
  return result_of(::syscall(SYS_ioctl, file_number, 0x541b, &left));  // FIONREAD
}

struct Way {
  const char* name;
  int (*attempt)();
};

constexpr Way ways[] = {{"open-shadow", open_shadow},
                        {"open-public-file", open_public_file},
                        {"list-folder", list_folder},
                        {"ask-about-file", ask_about_file},
                        {"read-parent-memory", read_parent_memory},
                        {"write-file", write_file},
                        {"write-unnamed-file", write_unnamed_file},
                        {"write-package", write_package},
                        {"reopen-package", reopen_package},
                        {"shorten-package", shorten_package},
                        {"change-mode", change_mode},
                        {"remove-file", remove_file},
                        {"make-folder", make_folder},
                        {"connect-network", connect_network},
                        {"connect-packet", connect_packet},
                        {"connect-local", connect_local},
                        {"connect-kernel", connect_kernel},
                        {"reconnect-parent", reconnect_parent},
                        {"execute-program", execute_program},
                        {"execute-open-file", execute_open_file},
                        {"make-process", make_process},
                        {"fork", make_process_v},
                        {"make-namespace", make_namespace},
                        {"enter-namespace", enter_namespace},
                        {"make-mount", make_mount},
                        {"trace-parent", trace_parent},
                        {"copy-parent", copy_parent},
                        {"signal-parent", signal_parent},
                        {"signal-others", signal_everybody},
                        {"take-descriptor", take_descriptor},
                        {"make-code", make_code},
                        {"turn-into-code", turn_into_code},
                        {"make-memory-file", make_memory_file},
                        {"share-memory", share_memory},
                        {"become-root", become_root},
                        {"lift-limit", lift_limit},
                        {"make-ring", make_ring},
                        {"load-program", load_program},
                        {"watch-processor", watch_processor},
                        {"handle-faults", handle_faults},
                        {"read-keys", read_keys},
                        {"control-device", control_device}};

}  // namespace

std::string try_ways_out() {
  std::string lines;
  for (const auto& [name, way] : ways) {
    const int came = way();
    lines +=
        name + (came == 0 ? std::string(" passed") : std::string(" refused ") + std::strerror(came)) + "\n";
  }
  return lines;
}

}  // namespace sallyport::worker
