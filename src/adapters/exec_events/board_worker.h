// SPDX-License-Identifier: Apache-2.0
// One worker's place at the board: the terms that it reads, the question that it has in hand, its records.
//
// A question is answered by whoever claims it, its worker or, when its time is over, the overseer. It stays on
// the board until the answer is out, so that it outlives whoever has read it.
#pragma once

#include "adapters/exec_events/port.h"

namespace sallyport {

struct BoardLayout;
namespace exec_events {
struct Desk;
}

// In whose hand a question is.
enum class Hand : std::uint8_t {
  none,
  reading,   // none yet: the kernel opens a file for its worker, or closes the one of before
  worker,    // being worked at; whoever claims it answers it
  claimed,   // its worker answers it
  overseer,  // the overseer answers it
  answered,  // and has done so; its worker does not know yet
};

struct PendingQuestion {
  int descriptor;
  int tries;  // how many have begun to answer it, and died
  ExecEvent event;
  bool described = true;  // false: of the file nothing is known yet, not even its size
};

class BoardWorker final : public WorkerBoard {
 public:
  BoardWorker(BoardLayout& board, exec_events::Desk& desk) : board_(board), desk_(desk) {}

  GateTerms take_terms() override;
  void give_back() override;
  bool overflowed() const override;
  void count(const GateVerdict& verdict) override;
  void record(const GateRecord& record) override;
  void alarm_overflow() override;

  // For its worker. The deadline is a time of the steady clock.
  void begin_reading();
  void begin(const PendingQuestion& question, std::uint64_t deadline_ms);
  bool claim();   // false: the overseer has it
  void finish();  // the answer is out, whoever gave it; or there was no question
  Hand hand() const;
  std::uint64_t question() const;  // changes as long as it goes on

  // For the overseer. A question whose time is over becomes its own.
  std::optional<PendingQuestion> claim_if_overdue(std::uint64_t now_ms);
  void finish_late();

  // For whoever comes after a process that has died.
  std::optional<PendingQuestion> pending() const;
  void put(const PendingQuestion& question);
  void reset();  // keeps the question

 private:
  BoardLayout& board_;
  exec_events::Desk& desk_;
};

}  // namespace sallyport
