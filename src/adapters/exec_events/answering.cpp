// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/answering.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

#include "adapters/exec_events/overdue.h"

namespace sallyport {
namespace {

using Presence = Workplace::Presence;

constexpr int tick_ms = 20;
constexpr int deaths_max = 1;  // over one question; then it is denied
constexpr std::uint64_t idle_ms_max = 1000;
constexpr std::uint64_t leave_ms_max = 500;
constexpr std::uint64_t stand_ms_max = 1000;
constexpr unsigned regular_max = 8;

int regular_workers() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2U, regular_max));
}

// Who closes it may wait for whoever serves its file system.
void close_apart(int descriptor) {
  try {
    std::thread([descriptor] { ::close(descriptor); }).detach();
  } catch (const std::system_error&) {
    ::_exit(1);
  }
}

// Until all stop, or, for one that was put on because the others stood still, until there is nothing to do.
void work(const std::shared_ptr<Workplace>& workplace, int number, bool stays,
          const std::function<Result<void>(ExecEvents&, WorkerBoard&)>& answer) {
  auto events = FanotifyEvents::open(workplace, number);
  if (!events.ok()) ::_exit(1);
  auto desk = workplace->board.worker(number);
  auto busy = exec_events::now_ms();
  while (!workplace->stop && (stays || exec_events::now_ms() - busy < idle_ms_max)) {
    const auto before = events.value()->questions();
    if (!answer(*events.value(), desk).ok()) ::_exit(1);
    if (events.value()->questions() != before) busy = exec_events::now_ms();
  }
  events.value()->let_last_go();
  workplace->come_back(number);
  events.value().reset();
  workplace->presence.at(static_cast<std::size_t>(number)) = Presence::absent;
}

}  // namespace

Answering::Answering(const FanotifyWatch& watch, SharedBoard& board, const GateCrew& crew)
    : crew_(crew),
      board_(board),
      workplace_(std::make_shared<Workplace>(watch, board, crew.time_to_answer)),
      regular_(regular_workers()) {}

Answering::~Answering() {
  workplace_->kept.forget_all();
  if (signals_ < 0) return;
  board_.set_known(signals_, false);
  ::close(signals_);
}

Result<void> Answering::take_over(const Descriptors& own) {
  const auto answered = inherit(own);
  TRY(listen_for_leases());
  for (const int descriptor : answered) close_apart(descriptor);
  for (int number = 0; number < gate_workers_max; ++number) {
    if (number < regular_ || board_.worker(number).pending()) start(number);
  }
  return {};
}

std::vector<int> Answering::inherit(const Descriptors& own) {
  std::vector<int> answered;
  board_.overseer().reset();
  for (int number = 0; number < gate_workers_max; ++number) {
    auto desk = board_.worker(number);
    const bool is_answered = desk.hand() == Hand::answered;
    desk.reset();
    auto question = desk.pending();
    if (!question) continue;
    desk.finish();
    if (::fcntl(question->descriptor, F_GETFD) < 0) continue;
    if (!is_answered && ++question->tries <= deaths_max) {
      desk.put(*question);
      continue;
    }
    if (!is_answered) workplace_->watch.answer(question->descriptor, GateAnswer::deny);
    answered.push_back(question->descriptor);
  }
  for (int number = 0; number < gate_descriptors_max; ++number) {
    if (own.at(static_cast<std::size_t>(number)) || ::fcntl(number, F_GETFD) < 0) continue;
    if (board_.in_question(number) || std::ranges::find(answered, number) != answered.end()) continue;
    if (!given_to_somebody(number)) answered.push_back(number);
  }
  return answered;
}

bool Answering::given_to_somebody(int descriptor) {
  for (int number = 0; number < gate_workers_max; ++number) {
    auto desk = board_.worker(number);
    if (desk.pending()) continue;
    desk.put({descriptor, 1, exec_events::who_asks(-1, 0, Access::execute), false});
    return true;
  }
  workplace_->watch.answer(descriptor, GateAnswer::deny);
  return false;
}

Result<void> Answering::listen_for_leases() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, KeptFiles::lease_signal());
  ::sigaddset(&set, SIGIO);
  const auto failed = [](std::string where) {
    return Error(Code::io_failed, std::move(where), {}, std::generic_category().message(errno));
  };
  // For the workers as well, which begin afterwards.
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return failed("sigprocmask");
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) return failed("signalfd");
  board_.set_known(signals_, true);
  return {};
}

void Answering::start(int number) {
  workplace_->presence.at(static_cast<std::size_t>(number)) = Presence::present;
  try {
    std::thread(work, workplace_, number, number < regular_, crew_.answer).detach();
  } catch (const std::system_error&) {
    if (number < regular_ || board_.worker(number).pending()) ::_exit(1);
    workplace_->presence.at(static_cast<std::size_t>(number)) = Presence::absent;
  }
}

void Answering::run(const std::function<bool()>& go_on) {
  while (go_on()) {
    board_.beat();
    pollfd ready{signals_, POLLIN, 0};
    ::poll(&ready, 1, tick_ms);
    take_broken_leases();
    adopt_new_terms();
    if (workplace_->forget.exchange(false)) workplace_->kept.forget_all();
    answer_overdue();
    look_at_workers();
  }
  stop_workers();
}

void Answering::take_broken_leases() {
  signalfd_siginfo info;
  while (::read(signals_, &info, sizeof info) == sizeof info) {
    // The queue of signals was full: which one it was nobody knows.
    if (info.ssi_signo == SIGIO) workplace_->kept.forget_all();
    workplace_->kept.lease_broken(info.ssi_fd);
  }
}

void Answering::adopt_new_terms() {
  const auto number = board_.published();
  if (number == board_.adopted() || !board_.all_read(number)) return;
  workplace_->kept.forget_all();
  board_.adopt(number);
}

void Answering::answer_overdue() {
  OverdueEvents events(*workplace_);
  auto desk = board_.overseer();
  while (events.claim()) {
    if (!crew_.answer(events, desk).ok()) ::_exit(1);
  }
}

// Another one is put on when nobody goes on since the last look. Late readers alone leave enough of them; when more
// than that stand for long (the kernel opens or closes a file for them), the next ones would wait for the few.
void Answering::look_at_workers() {
  const auto now = exec_events::now_ms();
  int absent = -1;
  int gone = 0;
  bool all_stand = true;
  for (int number = 0; number < gate_workers_max; ++number) {
    const auto at = static_cast<std::size_t>(number);
    if (workplace_->presence.at(at) == Presence::absent) {
      if (absent < 0) absent = number;
      since_.at(at) = now;
      continue;
    }
    const auto desk = board_.worker(number);
    const auto question = desk.question();
    const auto hand = desk.hand();
    if (hand == Hand::none || question != seen_.at(at)) {
      all_stand = false;
      since_.at(at) = now;
    }
    seen_.at(at) = question;
    // Who has a question in hand is relieved of it in time.
    if (hand != Hand::worker && now - since_.at(at) >= stand_ms_max) ++gone;
  }
  if (all_stand && absent >= 0) start(absent);
  if (gone > Workplace::readers_max) board_.want_another();
}

void Answering::stop_workers() {
  workplace_->stop = true;
  const auto begin = exec_events::now_ms();
  for (auto& presence : workplace_->presence) {
    while (presence != Presence::absent) {
      auto present = Presence::present;
      const bool patient = exec_events::now_ms() - begin < leave_ms_max;
      if (!patient && presence.compare_exchange_strong(present, Presence::abandoned)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

}  // namespace sallyport
