// SPDX-License-Identifier: Apache-2.0
// The process that answers: workers side by side over one queue, a thread each, and the overseer, who
//   - takes marks and leases back when somebody wants to write,
//   - takes in new terms, when nobody reads those of before any more,
//   - answers questions whose time is over, in the worker's place (so that a file that cannot be read, or that nobody
//     finishes reading, keeps nobody waiting but who asked for it),
//   - puts on another worker when all of them stand still, whatever they wait for,
//   - and asks for another process in its own place when too many of them do not come back.
// It opens nothing.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "adapters/exec_events/fanotify.h"

namespace sallyport {

struct GateCrew {
  // One question, or none for a while. Several threads at once, each with its own of both.
  std::function<Result<void>(ExecEvents&, WorkerBoard&)> answer;
  TimeToAnswer time_to_answer;
  // Runs for ever; the custodian's process is named to it.
  std::function<void(int custodian)> keep_books;
  std::chrono::milliseconds silence_max{2000};  // without a beat, until another takes over
  // Likewise, of the one that keeps the books: it reads whole programs between two beats.
  std::chrono::milliseconds books_silence_max{120'000};
  // In the custodian, and they open nothing: some times a second; and before the one that keeps the books is sent
  // SIGTERM, because the custodian was told to end. What that one has to write down still gets its answers.
  std::function<void()> each_turn = [] {};
  std::function<void()> before_end = [] {};
};

using Descriptors = std::array<bool, gate_descriptors_max>;  // by number

class Answering {
 public:
  Answering(const FanotifyWatch& watch, SharedBoard& board, const GateCrew& crew);
  ~Answering();
  Answering(const Answering&) = delete;
  Answering& operator=(const Answering&) = delete;

  // Whatever is open, and neither `own` to the custodian nor known to the board, is a question that the one before
  // has not answered. What is not known of it is taken for the worst: an exec by nobody knows whom.
  Result<void> take_over(const Descriptors& own);
  // Until `go_on` says no; then no worker works any more, and what was not answered is on the board.
  void run(const std::function<bool()>& go_on);

 private:
  std::vector<int> inherit(const Descriptors& own);
  bool given_to_somebody(int descriptor);  // false: there was nobody, and it is answered
  Result<void> listen_for_leases();
  void start(int number);
  void take_broken_leases();
  void adopt_new_terms();
  void answer_overdue();
  void look_at_workers();
  void stop_workers();

  const GateCrew& crew_;
  SharedBoard& board_;
  const std::shared_ptr<Workplace> workplace_;
  const int regular_;  // workers that never leave
  int signals_ = -1;
  std::array<std::uint64_t, gate_workers_max> seen_{};   // questions, at the last look
  std::array<std::uint64_t, gate_workers_max> since_{};  // when each of them was seen first
};

}  // namespace sallyport
