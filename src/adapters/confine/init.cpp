// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/init.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "adapters/confine/attempts.h"
#include "adapters/confine/descriptor.h"
#include "adapters/confine/groups.h"
#include "adapters/confine/messages.h"
#include "adapters/confine/new_root.h"
#include "adapters/confine/privileges.h"
#include "adapters/confine/sysctls.h"
#include "adapters/confine/system_calls.h"
#include "adapters/confine/watch.h"

namespace sallyport::confine {
namespace {

constexpr int exit_not_started = 127;

[[noreturn]] void give_up(int pipe, const Error& error) {
  tell_error(pipe, error);
  ::_exit(exit_not_started);
}

void die_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

int as_exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<void> raise_loopback() {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.open()) return last_error("socket");
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) return last_error("loopback");
  return {};
}

Result<void> enter_namespaces(const Service& service) {
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC;
  if (service.network == Network::own) flags |= CLONE_NEWNET;
  if (::unshare(flags) != 0) return last_error("namespaces");
  if (service.network == Network::own) TRY(raise_loopback());
  return apply_sysctls(service);
}

// Here, for the processes below see no others.
Result<Descriptor> watch_of_gate(const Confinement& confinement) {
  if (confinement.custodian == 0) return Descriptor();
  return borrow_watch(confinement.custodian);
}

void be_known(const Confinement& confinement, int messages) {
  auto joined = join_group(confinement.group);
  if (joined.force != Force::in_force && confinement.group_need == GroupNeed::required) {
    give_up(messages, Error(Code::not_supported, "control group", confinement.group, joined.detail));
  }
  tell_coverage(messages, {std::move(joined)});
}

Result<void> connect_output(int output) {
  const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null.open()) return last_error("/dev/null");
  if (::dup2(null.get(), 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) return last_error("dup2");
  if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return last_error("close_range");
  return {};
}

Result<void> execute(const Service& service) {
  auto words = service.argv;  // execve asks for words that it might change
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  char language[] = "LANG=C.UTF-8";
  char* environment[] = {path, language, nullptr};
  ::execve(argv[0], argv.data(), environment);
  const int number = errno;
  return Error(Code::service_start_failed, service.argv[0], "a program that can be executed",
               system_error("execve", number).found);
}

Force force_of(const std::vector<Coverage>& coverage, std::string_view facility) {
  const auto found = std::find_if(coverage.begin(), coverage.end(),
                                  [&](const Coverage& one) { return one.facility == facility; });
  return found == coverage.end() ? Force::not_available : found->force;
}

Result<void> become_service(const Confinement& confinement, const NewRoot& root, Work work, Pipes pipes) {
  const auto& service = confinement.service;
  ::setsid();
  TRY(connect_output(pipes.output));
  auto coverage = TRY(become(service));
  coverage.push_back(execute_only_below(root.code));
  const MemoryProtection memory{force_of(coverage, "memory-deny-write-execute"),
                                force_of(root.coverage, "memfd-noexec")};
  for (auto& one : TRY(refuse_system_calls(service, memory))) coverage.push_back(std::move(one));
  tell_coverage(pipes.messages, coverage);
  if (work == Work::execute) return execute(service);
  try_ways_out(confinement, pipes.messages);
  ::_exit(0);
}

// As the first process of its namespace it gets every orphan, and no signal that it does not wait for.
[[noreturn]] void run_first_process(pid_t service) {
  ::close_range(0, ~0U, 0);
  if (!keep_capabilities(1ULL << CAP_KILL).ok()) ::_exit(exit_not_started);
  sigset_t all;
  ::sigfillset(&all);
  for (;;) {
    const int number = ::sigwaitinfo(&all, nullptr);
    if (number < 0) continue;
    if (number != SIGCHLD) {
      ::kill(service, number);
      continue;
    }
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended == service) ::_exit(as_exit_code(status));
    }
  }
}

[[noreturn]] void begin_service(const Confinement& confinement, Work work, Pipes pipes, Descriptor watch) {
  die_with_parent();
  const auto root = enter_new_root(confinement, watch);
  watch.reset();  // whoever holds it can answer
  if (!root.ok()) give_up(pipes.messages, root.error());
  tell_coverage(pipes.messages, root.value().coverage);
  const pid_t service = ::fork();
  if (service < 0) give_up(pipes.messages, last_error("fork"));
  if (service > 0) run_first_process(service);
  const auto failed = become_service(confinement, root.value(), work, pipes);
  give_up(pipes.messages, failed.error());
}

}  // namespace

void run_keeper(const Confinement& confinement, Work work, Pipes pipes, pid_t parent) {
  die_with_parent();
  ::umask(022);  // ours, whatever the caller's
  if (::getppid() != parent) ::_exit(exit_not_started);
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::setsid();
  if (!confinement.group.empty()) be_known(confinement, pipes.messages);
  auto watch = watch_of_gate(confinement);
  if (!watch.ok()) give_up(pipes.messages, watch.error());
  const auto separate = enter_namespaces(confinement.service);
  if (!separate.ok()) give_up(pipes.messages, separate.error());
  const pid_t first = ::fork();
  if (first < 0) give_up(pipes.messages, last_error("fork"));
  if (first == 0) begin_service(confinement, work, pipes, std::move(watch).value());
  watch.value().reset();
  tell_process(pipes.messages, first);
  ::close(pipes.messages);
  ::close(pipes.output);
  // However soon the service ends, its process id stays its own until the parent holds a pidfd.
  for (char byte = 0; ::read(pipes.noted, &byte, 1) < 0 && errno == EINTR;) {
  }
  ::close_range(0, ~0U, 0);
  int status = 0;
  while (::waitpid(first, &status, 0) < 0 && errno == EINTR) {
  }
  ::_exit(as_exit_code(status));
}

}  // namespace sallyport::confine
