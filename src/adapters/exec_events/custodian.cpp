// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/custodian.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

namespace sallyport {
namespace {

constexpr timespec look_again{0, 50'000'000};
constexpr timespec one_ms{0, 1'000'000};
constexpr auto look_again_ms = std::chrono::milliseconds(50);
// For a process that was killed to end. What stands still within the kernel (a read of a device that is gone) ends
// when that lets go of it; it answers nothing more.
constexpr auto end_max = std::chrono::milliseconds(500);

Error failed(std::string where) {
  return {Code::io_failed, std::move(where), {}, std::generic_category().message(errno)};
}

enum class Outcome : std::uint8_t {
  asked_to_end,
  promoted,  // this process was the one that answers, and its custodian is gone
};

// How long somebody has not gone on, in time that this process has seen go by: one that was stopped itself, with the
// whole machine or without, knows nothing of the others. So no two ever end each other.
class Silence {
 public:
  bool longer_than(std::chrono::milliseconds time, std::uint64_t beats) {
    const auto now = exec_events::now_ms();
    silent_ = beats == beats_ ? silent_ + std::min(now - looked_, step_max) : 0;
    beats_ = beats;
    looked_ = now;
    return silent_ > static_cast<std::uint64_t>(time.count());
  }

 private:
  static constexpr std::uint64_t step_max = 100;
  std::uint64_t beats_ = 0;
  std::uint64_t looked_ = exec_events::now_ms();
  std::uint64_t silent_ = 0;
};

class Custodian {
 public:
  Custodian(const FanotifyWatch& watch, SharedBoard& board, const GateCrew& crew)
      : watch_(watch), board_(board), crew_(crew) {
    for (int number = 0; number < gate_descriptors_max; ++number) {
      const bool mine = ::fcntl(number, F_GETFD) >= 0 && !board_.known(number) && !board_.in_question(number);
      own_.at(static_cast<std::size_t>(number)) = mine;
    }
  }

  Result<Outcome> run() {
    TRY(start_books());
    if (TRY(start_answering()) == Outcome::promoted) return Outcome::promoted;
    for (;;) {
      board_.custodian_beat();
      if (asked_to_end()) {
        end(books_);
        end(answers_);
        return Outcome::asked_to_end;
      }
      std::erase_if(lingering_, has_ended);
      if (has_ended(books_)) TRY(start_books());
      if (!answers_no_more()) continue;
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
    silence_ = {};
    const auto made = ::syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr, 0UL);
    if (made < 0) return failed("clone");
    answers_ = static_cast<pid_t>(made);
    if (answers_ > 0) return Outcome::asked_to_end;
    {
      Answering answering(watch_, board_, crew_);
      if (!answering.take_over(own_).ok()) ::_exit(1);
      Silence silence;
      answering.run([&] {
        if (silence.longer_than(crew_.silence_max, board_.custodian_beats())) ::kill(custodian, SIGKILL);
        return ::getppid() == custodian;
      });
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

  // Ended, or killed because it stood still.
  bool answers_no_more() {
    if (has_ended(answers_)) return true;
    if (!silence_.longer_than(crew_.silence_max, board_.beats())) return false;
    ::kill(answers_, SIGKILL);
    for (auto waited = look_again_ms; waited < end_max; waited += look_again_ms) {
      ::nanosleep(&look_again, nullptr);
      if (has_ended(answers_)) return true;
    }
    lingering_.push_back(answers_);
    return true;
  }

  static bool has_ended(pid_t process) { return ::waitpid(process, nullptr, WNOHANG) == process; }

  static void end(pid_t process) {
    ::kill(process, SIGKILL);
    for (auto waited = std::chrono::milliseconds(0); waited < end_max && !has_ended(process); ++waited) {
      ::nanosleep(&one_ms, nullptr);
    }
  }

  // Marks before leases, as ever: the leases go with the descriptors. What is left open are events without an
  // answer.
  void clear_up() {
    watch_.ask_about_all_again();
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
  std::vector<pid_t> lingering_;
  Silence silence_;
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
