// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/overdue.h"

namespace sallyport {

bool OverdueEvents::claim() {
  const auto now = exec_events::now_ms();
  for (whose_ = 0; whose_ < gate_workers_max; ++whose_) {
    question_ = workplace_.board.worker(whose_).claim_if_overdue(now);
    if (question_) return true;
  }
  return false;
}

Result<Arrived> OverdueEvents::next(std::chrono::milliseconds, ExecEvent& event) {
  if (!question_) return Arrived::nothing;
  event = question_->event;
  return Arrived::event;
}

Given OverdueEvents::answer(GateAnswer answer, Keep) {
  const int descriptor = question_->descriptor;
  question_.reset();
  workplace_.watch.answer(descriptor, answer);
  workplace_.board.count_late();
  workplace_.late.fetch_add(1);
  place_ = exec_events::place_of(descriptor);  // while it is still its worker's
  workplace_.board.worker(whose_).finish_late();
  return Given::given;
}

}  // namespace sallyport
