// SPDX-License-Identifier: Apache-2.0
// What this process has counted since it began, for /metrics. From several threads.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "roles/server/expiry.h"

namespace sallyport::server {

struct Live {
  using Number = std::atomic<std::uint64_t>;
  std::array<Number, 6> answers{};  // by the first digit of the status
  Number turned_away{0};
  Number onboarded{0};
  Number refused{0};
  Number faults{0};
  Number rescans_clean{0};
  Number rescans_found{0};
  Number rescans_failed{0};
  Number sent{0};            // notifications that arrived
  Number failed{0};          // tries that did not
  Number dropped{0};         // notifications that nobody will get
  Number callback_tests{0};  // that are under way
  std::atomic<bool> forwards{false};
  Number syslog_sent{0};     // events that a collector took
  Number syslog_failed{0};   // batches that it did not
  Number syslog_waiting{0};  // bytes
  Number syslog_oldest{0};   // time of the event that waits longest; 0: none
  Expiry expiry;
};

}  // namespace sallyport::server
