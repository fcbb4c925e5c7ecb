// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/namespaces.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "adapters/confine/descriptor.h"
#include "adapters/confine/groups.h"
#include "adapters/confine/init.h"
#include "adapters/confine/log_file.h"
#include "adapters/confine/messages.h"
#include "adapters/confine/privileges.h"
#include "adapters/confine/watch.h"
#include "core/format/proc.h"

namespace sallyport {
namespace {

using confine::Descriptor;
using confine::last_error;

Result<Descriptor> open_process(int pid) {
  Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process.open()) return last_error("pidfd_open");
  return process;
}

void send(const Descriptor& process, int number) {
  ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0);
}

// SIGTERM, SIGINT and SIGHUP, kept from their default action while it lives.
class Signals {
 public:
  Signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, number);
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
    file_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int file() const { return file_.get(); }
  int take() const {
    signalfd_siginfo info{};
    return ::read(file_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

 private:
  sigset_t before_{};
  Descriptor file_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return last_error("pipe");
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// A stopped service's `node run` may need a moment to end: the next one waits that long for it.
Result<Descriptor> take_lock(const std::string& path) {
  constexpr int tries = 40;
  constexpr useconds_t pause_us = 50000;
  Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock.open()) return last_error(path);
  for (int i = 0; i < tries; ++i) {
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK && errno != EINTR) return last_error(path);
    ::usleep(pause_us);
  }
  return Error(Code::service_running, path, "a lock that nobody holds", "one that another start holds");
}

Result<ProcessIdentity> identify(int pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> text;
  const auto size = file.open() ? ::read(file.get(), text.data(), text.size()) : -1;
  if (size < 0) return last_error(path);
  const auto ticks = TRY(parse_start_ticks({text.data(), static_cast<std::size_t>(size)}));
  return ProcessIdentity{pid, ticks};
}

class NamespacedService final : public ConfinedService {
 public:
  NamespacedService(Descriptor lock, confine::LogFile log) : lock_(std::move(lock)), log_(std::move(log)) {}
  ~NamespacedService() override {
    if (keeper_ <= 0) return;
    if (first_.open()) send(first_, SIGKILL);
    ::kill(keeper_, SIGKILL);
    ::waitpid(keeper_, nullptr, 0);
  }
  NamespacedService(const NamespacedService&) = delete;
  NamespacedService& operator=(const NamespacedService&) = delete;

  Result<void> start(const Confinement& confinement, confine::Work work) {
    auto output = TRY(make_pipe());
    auto messages = TRY(make_pipe());
    auto noted = TRY(make_pipe());
    const pid_t self = ::getpid();
    keeper_ = ::fork();
    if (keeper_ < 0) return last_error("fork");
    if (keeper_ == 0) {
      noted.write_end.reset();
      confine::run_keeper(confinement, work,
                          {noted.read_end.get(), messages.write_end.get(), output.write_end.get()}, self);
    }
    messages.write_end.reset();
    keeper_process_ = TRY(open_process(keeper_));
    auto told = TRY(confine::listen_to(messages.read_end.get()));
    if (told.error) return std::move(*told.error);
    if (told.pid <= 0)
      return Error(Code::service_start_failed, confinement.service.name.text(), "a process", "none");
    coverage_ = std::move(told.coverage);
    attempts_ = std::move(told.attempts);
    first_ = TRY(open_process(told.pid));
    process_ = TRY(identify(told.pid));
    output_ = std::move(output.read_end);
    if (::fcntl(output_.get(), F_SETFL, O_NONBLOCK) != 0) return last_error("output pipe");
    return {};
  }

  ProcessIdentity process() const override { return process_; }
  const std::vector<Coverage>& coverage() const override { return coverage_; }
  const std::vector<Attempt>& attempts() const { return attempts_; }

  Result<Ended> wait() override {
    for (;;) {
      std::array<pollfd, 3> ready = {pollfd{output_.get(), POLLIN, 0}, pollfd{signals_.file(), POLLIN, 0},
                                     pollfd{keeper_process_.get(), POLLIN, 0}};
      if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return last_error("poll");
      if (ready[0].revents != 0) copy_output();
      if (ready[1].revents != 0) {
        if (const int number = signals_.take(); number != 0) send(first_, number);
      }
      if (ready[2].revents != 0) return reap();
    }
  }

 private:
  void copy_output() {
    std::array<char, 65536> text;
    const auto size = ::read(output_.get(), text.data(), text.size());
    if (size > 0) log_.write({text.data(), static_cast<std::size_t>(size)});
    if (size == 0) output_.reset();  // poll leaves out a negative descriptor
  }

  Result<Ended> reap() {
    int status = 0;
    if (::waitpid(keeper_, &status, 0) < 0) return last_error("waitpid");
    keeper_ = 0;
    for (int i = 0; i < 64 && output_.open(); ++i) copy_output();  // what is left in the pipe
    if (WIFSIGNALED(status)) return Ended{ServiceEnd::killed, WTERMSIG(status)};
    const int code = WEXITSTATUS(status);
    if (code > 128) return Ended{ServiceEnd::killed, code - 128};
    return Ended{ServiceEnd::exited, code};
  }

  Signals signals_;
  Descriptor lock_;
  confine::LogFile log_;
  pid_t keeper_ = 0;
  Descriptor keeper_process_;
  Descriptor first_;
  Descriptor output_;
  ProcessIdentity process_{};
  std::vector<Coverage> coverage_;
  std::vector<Attempt> attempts_;
};

Result<std::unique_ptr<NamespacedService>> begin(const Confinement& confinement, confine::Work work) {
  CHECK(!confinement.service.argv.empty());
  TRY(confine::capability_bits(confinement.service.capabilities));
  auto lock = TRY(take_lock(confinement.lock_file));
  auto log = TRY(confine::LogFile::open(confinement.log_file));
  auto service = std::make_unique<NamespacedService>(std::move(lock), std::move(log));
  TRY(service->start(confinement, work));
  return service;
}

}  // namespace

Result<std::unique_ptr<ConfinedService>> NamespaceGate::start(const Confinement& confinement) {
  auto service = TRY(begin(confinement, confine::Work::execute));
  return std::unique_ptr<ConfinedService>(std::move(service));
}

Result<std::vector<Attempt>> NamespaceGate::try_ways(const Confinement& confinement) {
  const auto service = TRY(begin(confinement, confine::Work::try_ways));
  TRY(service->wait());
  if (service->attempts().empty())
    return Error(Code::service_start_failed, confinement.service.name.text(), "ways that were tried", "none");
  return service->attempts();
}

Result<std::uint64_t> NamespaceGate::group(const std::string& name) {
  return confine::group_number(name);
}

Result<void> NamespaceGate::watch_running(const std::string& group, int custodian) {
  return confine::watch_running(group, custodian);
}

}  // namespace sallyport
