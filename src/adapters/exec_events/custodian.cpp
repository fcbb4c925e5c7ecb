// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/custodian.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace sallyport {
namespace {

constexpr timespec look_again{0, 50'000'000};
constexpr auto look_again_ms = std::chrono::milliseconds(50);

Error failed(std::string where) {
  return {Code::io_failed, std::move(where), {}, std::generic_category().message(errno)};
}

enum class Outcome : std::uint8_t {
  asked_to_end,
  promoted,  // this process was the one that answers, and its custodian is gone
};

class Custodian {
 public:
  Custodian(const FanotifyWatch& watch, SharedBoard& board, const GateCrew& crew)
      : watch_(watch), board_(board), crew_(crew) {
    for (int number = 0; number < gate_descriptors_max; ++number) {
      own_.at(static_cast<std::size_t>(number)) = ::fcntl(number, F_GETFD) >= 0;
    }
  }

  Result<Outcome> run() {
    TRY(start_books());
    if (TRY(start_answering()) == Outcome::promoted) return Outcome::promoted;
    for (;;) {
      if (asked_to_end()) {
        end(books_);
        end(answers_);
        return Outcome::asked_to_end;
      }
      if (has_ended(books_)) TRY(start_books());
      if (stands_still()) ::kill(answers_, SIGKILL);
      if (!has_ended(answers_)) continue;
      board_.count_restart();
      clear_up();
      if (TRY(start_answering()) == Outcome::promoted) return Outcome::promoted;
    }
  }

 private:
  Result<void> start_books() {
    const int custodian = ::getpid();
    books_ = ::fork();
    if (books_ < 0) return failed("fork");
    if (books_ > 0) return {};
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != custodian) ::_exit(1);
    ::close_range(3, ~0U, 0);
    crew_.keep_books(custodian);
    ::_exit(1);
  }

  // Returns twice: asked_to_end, which says nothing, in the custodian.
  Result<Outcome> start_answering() {
    const int custodian = ::getpid();
    silent_ = std::chrono::milliseconds(0);
    const auto made = ::syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr, 0UL);
    if (made < 0) return failed("clone");
    answers_ = static_cast<pid_t>(made);
    if (answers_ > 0) return Outcome::asked_to_end;
    {
      auto events = FanotifyEvents::take_over(watch_, board_, own_);
      if (!events.ok()) ::_exit(1);
      crew_.answer(*events.value(), [custodian] { return ::getppid() == custodian; });
    }
    return Outcome::promoted;
  }

  static bool asked_to_end() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGCHLD}) ::sigaddset(&set, number);
    const int number = ::sigtimedwait(&set, nullptr, &look_again);
    return number == SIGTERM || number == SIGINT;
  }

  bool stands_still() {
    const auto beats = board_.beats();
    silent_ = beats == last_beats_ ? silent_ + look_again_ms : std::chrono::milliseconds(0);
    last_beats_ = beats;
    return silent_ > crew_.silence_max;
  }

  static bool has_ended(pid_t process) { return ::waitpid(process, nullptr, WNOHANG) == process; }

  static void end(pid_t process) {
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
  }

  // Marks before leases, as ever: the leases go with the descriptors. What is left open are events without an
  // answer.
  void clear_up() {
    watch_.flush();
    for (int number = 0; number < gate_descriptors_max; ++number) {
      if (!board_.known(number)) continue;
      ::close(number);
      board_.set_known(number, false);
    }
  }

  const FanotifyWatch& watch_;
  SharedBoard& board_;
  const GateCrew& crew_;
  Descriptors own_{};
  pid_t books_ = 0;
  pid_t answers_ = 0;
  std::uint64_t last_beats_ = 0;
  std::chrono::milliseconds silent_{0};
};

Result<void> prepare() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD, SIGHUP}) ::sigaddset(&set, number);
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return failed("sigprocmask");
  const rlimit limit{gate_descriptors_max, gate_descriptors_max};
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return failed("setrlimit");
  return {};
}

}  // namespace

Result<void> hold_watch(const FanotifyWatch& watch, SharedBoard& board, const GateCrew& crew) {
  TRY(prepare());
  for (;;) {
    Custodian custodian(watch, board, crew);
    if (TRY(custodian.run()) == Outcome::asked_to_end) return {};
  }
}

}  // namespace sallyport
