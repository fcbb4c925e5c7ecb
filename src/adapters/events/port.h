// SPDX-License-Identifier: Apache-2.0
// Where decisions are recorded. record() returns when the event is durable; a caller that changes anything
// must not go on when it faults: no unlogged change.
#pragma once

#include "core/base/result.h"
#include "core/format/event.h"

namespace sallyport {

class EventLog {
 public:
  virtual ~EventLog() = default;
  virtual Result<void> record(const Event& event) = 0;
};

}  // namespace sallyport
