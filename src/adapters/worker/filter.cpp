// SPDX-License-Identifier: Apache-2.0
#include "adapters/worker/filter.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>

namespace sallyport::worker {
namespace {

// EPERM: libraries that try to open a file of their own (a locale, a configuration) go on without it.
constexpr std::uint32_t refused = SCMP_ACT_ERRNO(EPERM);

class Filter {
 public:
  Filter() : filter_(::seccomp_init(refused), ::seccomp_release) {
    if (!filter_) {
      note(-ENOMEM);
      return;
    }
    note(::seccomp_attr_set(filter_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    note(::seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
  }
  void allow(std::initializer_list<int> calls) {
    for (const int call : calls) add(SCMP_ACT_ALLOW, call, {});
  }
  void allow_where(int call, scmp_arg_cmp argument) { add(SCMP_ACT_ALLOW, call, {argument}); }
  void answer(std::uint32_t action, int call) { add(action, call, {}); }
  Result<void> load() {
    if (failed_ == 0) note(::seccomp_load(filter_.get()));
    // In force when it refuses even the question whether it is.
    if (failed_ == 0 && ::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EPERM) return {};
    return Error(Code::not_supported, "seccomp", "a kernel that takes a filter", std::strerror(-failed_));
  }

 private:
  void add(std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> arguments) {
    if (failed_ != 0) return;
    note(::seccomp_rule_add_array(filter_.get(), action, call, static_cast<unsigned>(arguments.size()),
                                  arguments.begin()));
  }
  void note(int result) {
    if (failed_ == 0 && result < 0) failed_ = result;
  }
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter_;
  int failed_ = 0;
};

// What is open is read and written; nothing is opened.
void allow_bytes(Filter& filter) {
  filter.allow({SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
                SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(ftruncate), SCMP_SYS(close), SCMP_SYS(poll),
                SCMP_SYS(ppoll), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto)});
}

// Memory, but none that can be executed.
void allow_memory(Filter& filter) {
  constexpr scmp_arg_cmp no_code{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  filter.allow_where(SCMP_SYS(mmap), no_code);
  filter.allow_where(SCMP_SYS(mprotect), no_code);
  filter.allow({SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk)});
}

// Threads, but no processes.
void allow_threads(Filter& filter) {
  constexpr std::uint64_t thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
  filter.allow_where(SCMP_SYS(clone), {0, SCMP_CMP_MASKED_EQ, thread, thread});
  filter.answer(SCMP_ACT_ERRNO(ENOSYS),
                SCMP_SYS(clone3));  // its flags lie in memory, where a filter cannot look
  filter.allow({SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
                SCMP_SYS(sched_getaffinity), SCMP_SYS(membarrier), SCMP_SYS(rt_sigprocmask),
                SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
                SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(getpid),
                SCMP_SYS(gettid)});
  // A thread's end by abort(): a signal to itself.
  filter.allow_where(SCMP_SYS(tgkill), {0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()), 0});
}

void allow_clocks(Filter& filter) {
  filter.allow({SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep),
                SCMP_SYS(nanosleep), SCMP_SYS(getrandom), SCMP_SYS(sysinfo)});
}

}  // namespace

Result<void> load_filter() {
  Filter filter;
  allow_bytes(filter);
  allow_memory(filter);
  allow_threads(filter);
  allow_clocks(filter);
  return filter.load();
}

}  // namespace sallyport::worker
