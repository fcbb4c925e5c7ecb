// SPDX-License-Identifier: Apache-2.0
// Attempts to get at the kernel's own parts, and at files past their names.
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <new>

#include "adapters/confine/attempt_calls.h"

namespace sallyport::confine {
namespace {

int result_of(long returned) {
  return returned < 0 ? errno : went_through;
}

bool is_gone(int came) {
  return came == EPERM || came == ENOSYS || came == EACCES;
}

int clone_with(unsigned long flags) {
  const long child = ::syscall(SYS_clone, flags | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) ::_exit(0);
  if (child > 0) ::waitpid(static_cast<pid_t>(child), nullptr, 0);
  return result_of(child);
}

#ifdef __x86_64__
sigjmp_buf before_the_call;  // of this attempt, in its own process
extern "C" void go_back(int) {
  siglongjmp(before_the_call, 1);
}

// What a process of i386 calls the kernel with. Where the kernel has no such entry (IA32 emulation is off, or a
// hypervisor has none), the processor takes it for a fault: nobody can call that way.
int call_by_interrupt(long number) {
  struct sigaction fault {};
  fault.sa_handler = go_back;
  if (::sigaction(SIGSEGV, &fault, nullptr) != 0) return stopped_by(errno);
  if (sigsetjmp(before_the_call, 1) != 0) return ENOSYS;
  long returned = 0;
  __asm__ volatile("int $0x80" : "=a"(returned) : "a"(number) : "memory", "r8", "r9", "r10", "r11");
  return returned > 0 ? went_through : static_cast<int>(-returned);
}
#endif

}  // namespace

int make_namespace() {
  if (const int came = clone_with(CLONE_NEWUSER); !is_gone(came)) return came;
  return result_of(::unshare(CLONE_NEWUSER));
}

int make_mount() {
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 && !is_gone(errno)) return errno;
  const int context = static_cast<int>(::syscall(SYS_fsopen, "tmpfs", 0));
  if (context >= 0) return went_through;
  return result_of(::mount("tmpfs", "/tmp", "tmpfs", 0, nullptr));
}

int make_ring() {
  io_uring_params parameters{};
  return result_of(::syscall(SYS_io_uring_setup, 1, &parameters));
}

int open_by_handle() {
  alignas(file_handle) std::array<char, sizeof(file_handle) + MAX_HANDLE_SZ> bytes{};
  auto* const handle = new (bytes.data()) file_handle{};
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount = 0;
  const int folder = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || ::name_to_handle_at(folder, "", handle, &mount, AT_EMPTY_PATH) != 0)
    return errno == EOPNOTSUPP ? not_to_be_tried : stopped_by(errno);
  return result_of(::open_by_handle_at(folder, handle, O_RDONLY | O_CLOEXEC));
}

int call_as_another_architecture() {
#ifdef __x86_64__
  constexpr long i386_getpid = 20;
  constexpr long x32_bit = 0x40000000;
  if (::syscall(x32_bit | SYS_getpid) > 0) return went_through;
  return call_by_interrupt(i386_getpid);
#else
  return not_to_be_tried;
#endif
}

int reach_into_kernel() {
  bpf_attr program{};
  perf_event_attr event{};
  event.size = sizeof event;
  event.exclude_kernel = 1;
  const std::array<int, 4> came{result_of(::syscall(SYS_bpf, BPF_PROG_LOAD, &program, sizeof program)),
                                result_of(::syscall(SYS_perf_event_open, &event, 0, -1, -1, 0)),
                                result_of(::syscall(SYS_kexec_load, 0, 0, nullptr, 0)),
                                result_of(::syscall(SYS_finit_module, -1, "", 0))};
  for (const int one : came) {
    if (!is_gone(one)) return one;
  }
  return came.front();
}

}  // namespace sallyport::confine
