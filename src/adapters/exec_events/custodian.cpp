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

#include "adapters/exec_events/deny_all.h"

namespace sallyport {
namespace {

constexpr timespec look_again{0, 50'000'000};
constexpr timespec one_ms{0, 1'000'000};
constexpr auto look_again_ms = std::chrono::milliseconds(50);
// For a process that was killed to end. What stands still within the kernel (a read of a device that is gone) ends
// when that lets go of it; it answers nothing more.
constexpr auto end_max = std::chrono::milliseconds(500);
constexpr auto last_words_max = std::chrono::milliseconds(1500);  // of the one that keeps the books

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

  Outcome run() {
    start_books();
    start_denying();
    if (start_answering() == Outcome::promoted) return Outcome::promoted;
    for (;;) {
      board_.custodian_beat();
      crew_.each_turn();
      if (asked_to_end()) {
        crew_.before_end();
        let_books_end();
        end(answers_);
        end(denies_);
        return Outcome::asked_to_end;
      }
      // What it was given after it had been killed is nobody's: the next one takes it up.
      if (std::erase_if(lingering_, has_ended) > 0) board_.want_another();
      std::erase_if(lingering_books_, has_ended);
      keep_books_going();
      if (has_ended(denies_)) start_denying();
      if (!answers_no_more()) continue;
      if (answers_ != none) {
        board_.count_restart();
        clear_up();
      }
      if (start_answering() == Outcome::promoted) return Outcome::promoted;
    }
  }

 private:
  // Where no process can be made now (none is left, or no memory) the next look tries again. To end for it would let
  // all go that waits.
  void start_books() {
    const int custodian = ::getpid();
    books_silence_ = {};
    books_ = ::fork();
    if (books_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != custodian) ::_exit(1);
    ::close_range(3, ~0U, 0);
    crew_.keep_books(custodian);
    ::_exit(1);
  }

  // A call of the kernel's that asks somebody about a file may never come back.
  void keep_books_going() {
    if (books_ == none) return start_books();
    if (!has_ended(books_)) {
      if (!books_silence_.longer_than(crew_.books_silence_max, board_.books_beats())) return;
      ::kill(books_, SIGKILL);
      lingering_books_.push_back(books_);
    }
    board_.count_books_restart();
    start_books();
  }

  // As above. Nobody asks where there is no such group.
  void start_denying() {
    if (watch_.foreign_descriptor() < 0) return;
    const int custodian = ::getpid();
    denies_ = ::fork();
    if (denies_ == 0) deny_all(watch_.foreign_descriptor(), board_, custodian);
  }

  // As above. Returns twice: asked_to_end, which says nothing, in the custodian.
  Outcome start_answering() {
    const int custodian = ::getpid();
    silence_ = {};
    board_.want_no_other();
    const auto made = ::syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr, 0UL);
    answers_ = static_cast<pid_t>(made);
    if (answers_ != 0) return Outcome::asked_to_end;
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

  // Ended, or killed because it stood still, or too many of its workers did.
  bool answers_no_more() {
    if (has_ended(answers_)) return true;
    const bool silent = silence_.longer_than(crew_.silence_max, board_.beats());
    if (!silent && !board_.another_wanted()) return false;
    ::kill(answers_, SIGKILL);
    for (auto waited = look_again_ms; waited < end_max; waited += look_again_ms) {
      ::nanosleep(&look_again, nullptr);
      if (has_ended(answers_)) return true;
    }
    lingering_.push_back(answers_);
    return true;
  }

  static bool has_ended(pid_t process) {
    return process == none || ::waitpid(process, nullptr, WNOHANG) == process;
  }

  void let_books_end() {
    if (books_ == none) return;
    ::kill(books_, SIGTERM);
    for (auto waited = std::chrono::milliseconds(0); waited < last_words_max; ++waited) {
      if (has_ended(books_)) return;
      board_.custodian_beat();
      ::nanosleep(&one_ms, nullptr);
    }
    end(books_);
  }

  static void end(pid_t process) {
    if (process == none) return;
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
  static constexpr pid_t none = -1;  // as fork returns it
  pid_t books_ = none;
  pid_t answers_ = none;
  pid_t denies_ = none;
  std::vector<pid_t> lingering_;
  std::vector<pid_t> lingering_books_;
  Silence silence_;
  Silence books_silence_;
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
    if (custodian.run() == Outcome::asked_to_end) return {};
  }
}

}  // namespace sallyport
