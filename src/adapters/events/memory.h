// SPDX-License-Identifier: Apache-2.0
// Keeps events in memory, and fails on demand: for tests of roles.
#pragma once

#include <vector>

#include "adapters/events/port.h"

namespace sallyport {

class MemoryEventLog final : public EventLog {
 public:
  Result<void> record(const Event& event) override {
    if (full) return Error(Code::disk_full, "event log");
    events.push_back(event);
    return {};
  }
  std::vector<Event> events;
  bool full = false;
};

}  // namespace sallyport
