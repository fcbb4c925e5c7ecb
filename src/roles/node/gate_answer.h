// SPDX-License-Identifier: Apache-2.0
// The part of the gate that answers: asks core/gate, answers the kernel, and only then writes down what it was.
#pragma once

#include <functional>

#include "adapters/exec_events/port.h"

namespace sallyport::node {

class Answerer {
 public:
  Answerer(ExecEvents& events, GateBoard& board) : events_(events), board_(board) {}

  // One event, or none for a while. New terms are adopted between two events, and everything that was
  // remembered under the ones before is forgotten first. After an overflow there is only enforce mode.
  Result<void> round();

 private:
  void adopt_new_terms();
  GateQuestion find_out(const ExecEvent& event, const GateTerms& terms);
  void answer(const ExecEvent& event);

  ExecEvents& events_;
  GateBoard& board_;
  std::uint64_t adopted_ = 0;
};

void answer_questions(ExecEvents& events, GateBoard& board, const std::function<bool()>& go_on);

}  // namespace sallyport::node
