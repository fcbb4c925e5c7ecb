// SPDX-License-Identifier: Apache-2.0
// The part of the gate that answers: asks core/gate, answers the kernel, and only then writes down what it was.
#pragma once

#include "adapters/exec_events/port.h"

namespace sallyport::node {

// One event, or none for a while. A file is read no further than the decision needs, and held before it is read, so
// that what was read is what it is. Decided and answered under one set of terms, the newest at that moment, however
// long the reading took. After an overflow there is only enforce mode.
//
// Each worker calls this with its own events and board.
Result<void> answer_next(ExecEvents& events, WorkerBoard& board);

}  // namespace sallyport::node
