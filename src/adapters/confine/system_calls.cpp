// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/system_calls.h"

#include <linux/memfd.h>
#include <linux/sched.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/confine/descriptor.h"
#include "core/format/service_exceptions.h"

// Newer than the kernel headers of Debian 12.
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

namespace sallyport::confine {
namespace {

constexpr std::uint64_t empty_path = 0x1000;  // AT_EMPTY_PATH
constexpr int numbers_max = 1024;             // more than any kernel has calls

// EPERM: "you may not". ENOSYS: "there is no such call", so that a program takes its other way, if it has one.
constexpr std::uint32_t may_not = SCMP_ACT_ERRNO(EPERM);
constexpr std::uint32_t no_such_call = SCMP_ACT_ERRNO(ENOSYS);

scmp_arg_cmp all_of(unsigned argument, std::uint64_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, bits};
}

scmp_arg_cmp some_without(unsigned argument, std::uint64_t some, std::uint64_t without) {
  return {argument, SCMP_CMP_MASKED_EQ, some | without, some};
}

// Allows what no rule refuses; the first rule that could not be made is remembered.
class Filter {
 public:
  Filter() : filter_(::seccomp_init(SCMP_ACT_ALLOW), ::seccomp_release) {
    if (!filter_) {
      note(-ENOMEM);
      return;
    }
    // i386 and x32 programs on an x86-64 kernel, and their like: the numbers of their calls mean something else.
    note(::seccomp_attr_set(filter_.get(), SCMP_FLTATR_ACT_BADARCH, no_such_call));
    note(::seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
  }

  void refuse(std::uint32_t answer, std::initializer_list<int> calls) {
    for (const int call : calls) add(answer, call, {});
  }
  void refuse_where(std::uint32_t answer, int call, std::initializer_list<scmp_arg_cmp> arguments) {
    add(answer, call, arguments);
  }

  Result<void> load() {
    if (failed_ == 0) note(::seccomp_load(filter_.get()));
    if (failed_ != 0) return system_error("seccomp", -failed_);
    if (::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) return Error(Code::not_supported, "seccomp");
    return {};
  }

 private:
  void add(std::uint32_t answer, int call, std::initializer_list<scmp_arg_cmp> arguments) {
    if (failed_ != 0) return;
    note(::seccomp_rule_add_array(filter_.get(), answer, call, static_cast<unsigned>(arguments.size()),
                                  arguments.begin()));
  }
  void note(int result) {
    if (failed_ == 0 && result < 0) failed_ = result;
  }

  std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter_;
  int failed_ = 0;  // a negative errno
};

bool has_capability(const Service& service, std::string_view name) {
  return std::find(service.capabilities.begin(), service.capabilities.end(), name) !=
         service.capabilities.end();
}

void refuse_kernel(Filter& filter, const Service& service) {
  filter.refuse(may_not,
                {SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(init_module),
                 SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(reboot), SCMP_SYS(swapon),
                 SCMP_SYS(swapoff), SCMP_SYS(acct), SCMP_SYS(iopl), SCMP_SYS(ioperm), SCMP_SYS(uselib)});
  if (!has_capability(service, "cap_bpf")) filter.refuse(may_not, {SCMP_SYS(bpf)});
  if (!has_capability(service, "cap_perfmon")) filter.refuse(may_not, {SCMP_SYS(perf_event_open)});
}

void refuse_files(Filter& filter) {
  filter.refuse(may_not,
                {SCMP_SYS(mount), SCMP_SYS(umount), SCMP_SYS(umount2), SCMP_SYS(pivot_root),
                 SCMP_SYS(open_tree), SCMP_SYS(move_mount), SCMP_SYS(mount_setattr), SCMP_SYS(fsopen),
                 SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(open_by_handle_at)});
  // A file without a name; an interpreter that asks whether it may run a script (AT_EXECVE_CHECK) executes nothing.
  filter.refuse_where(may_not, SCMP_SYS(execveat), {some_without(4, empty_path, AT_EXECVE_CHECK)});
}

void refuse_tracing(Filter& filter) {
  filter.refuse(may_not, {SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
                          SCMP_SYS(pidfd_getfd)});
}

void refuse_namespaces(Filter& filter) {
  constexpr std::array<std::uint64_t, 8> kinds{CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                               CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET, CLONE_NEWTIME};
  for (const auto kind : kinds) {
    filter.refuse_where(may_not, SCMP_SYS(unshare), {all_of(0, kind)});
    // To clone this bit is one of the number of a signal; only clone3 and unshare make namespaces of time.
    if (kind != CLONE_NEWTIME) filter.refuse_where(may_not, SCMP_SYS(clone), {all_of(0, kind)});
  }
  filter.refuse(may_not, {SCMP_SYS(setns)});
  filter.refuse(no_such_call, {SCMP_SYS(clone3)});  // its flags lie in memory, where a filter cannot look
}

// personality(0xffffffff) only asks: whatever else makes all data executable lacks one of the other bits.
void refuse_executable_data(Filter& filter) {
  for (unsigned bit = 0; bit < 32; ++bit) {
    const std::uint64_t other = std::uint64_t{1} << bit;
    if (other == READ_IMPLIES_EXEC) continue;
    filter.refuse_where(may_not, SCMP_SYS(personality), {some_without(0, READ_IMPLIES_EXEC, other)});
  }
}

void refuse_code_in_memory(Filter& filter, const MemoryProtection& memory) {
  constexpr std::uint64_t both = PROT_WRITE | PROT_EXEC;
  const bool watched = memory.deny_write_execute == Force::in_force;
  filter.refuse_where(may_not, SCMP_SYS(mmap), {all_of(2, both)});
  filter.refuse_where(may_not, SCMP_SYS(mmap), {all_of(2, PROT_EXEC), all_of(3, MAP_ANONYMOUS)});
  for (const int call : {SCMP_SYS(mprotect), SCMP_SYS(pkey_mprotect)})
    filter.refuse_where(may_not, call, {all_of(2, watched ? both : PROT_EXEC)});
  filter.refuse_where(may_not, SCMP_SYS(shmat), {all_of(2, SHM_EXEC)});
  filter.refuse(may_not, {SCMP_SYS(userfaultfd)});
  refuse_executable_data(filter);
}

// Sockets of virtual machines reach the machine that this one runs on, whatever namespace they are made in.
void refuse_other_networks(Filter& filter) {
  filter.refuse_where(SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), {{0, SCMP_CMP_EQ, AF_VSOCK, 0}});
}

void refuse_memory_files(Filter& filter, const Service& service, const MemoryProtection& memory) {
  const bool declared = has_exception(service, ServiceException::memory_files);
  if (declared && memory.memfd_noexec == Force::in_force) {
    filter.refuse_where(may_not, SCMP_SYS(memfd_create), {all_of(1, MFD_EXEC)});
  } else {
    filter.refuse(no_such_call, {SCMP_SYS(memfd_create), SCMP_SYS(memfd_secret)});
  }
}

// What the library does not know it cannot refuse by name: a kernel's newer calls do not exist for the service.
void refuse_unknown(Filter& filter) {
  for (int number = 0; number < numbers_max; ++number) {
    const std::unique_ptr<char, void (*)(void*)> known(
        ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number), std::free);
    if (!known) filter.refuse(no_such_call, {number});
  }
}

std::vector<Coverage> told_of(const Service& service) {
  std::string allowed;
  std::vector<Coverage> coverage;
  for (const auto exception : service.exceptions) {
    if (exception == ServiceException::interpreters || exception == ServiceException::jit) continue;
    const std::string word(name(exception));
    allowed += (allowed.empty() ? "; allowed, as the release declares: " : ", ") + word;
    coverage.push_back({"no-" + word, Force::not_available, "the release declares it"});
  }
  coverage.push_back(
      {"system-calls", Force::in_force,
       "refused: mounts, namespaces, tracing, io_uring, memory files, code in memory, files by "
       "handle, the kernel's own parts, other architectures" +
           allowed});
  return coverage;
}

}  // namespace

Result<std::vector<Coverage>> refuse_system_calls(const Service& service, const MemoryProtection& memory) {
  const auto kept_from = [&](ServiceException exception) { return !has_exception(service, exception); };
  Filter filter;
  refuse_kernel(filter, service);
  refuse_files(filter);
  refuse_memory_files(filter, service, memory);
  if (kept_from(ServiceException::ptrace)) refuse_tracing(filter);
  if (kept_from(ServiceException::namespaces)) refuse_namespaces(filter);
  if (kept_from(ServiceException::jit)) refuse_code_in_memory(filter, memory);
  if (kept_from(ServiceException::io_uring)) {
    filter.refuse(may_not, {SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register)});
  }
  if (service.network == Network::own) refuse_other_networks(filter);
  refuse_unknown(filter);
  TRY(filter.load());
  return told_of(service);
}

}  // namespace sallyport::confine
