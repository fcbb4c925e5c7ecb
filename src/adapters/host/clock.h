// SPDX-License-Identifier: Apache-2.0
// The clocks behind adapters/host/port.h.
#pragma once

#include "adapters/host/port.h"

namespace sallyport {

// The system's clock. A clock outside of the years 1970 to 9999 counts as their nearest end.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// Stands still until it is moved. For tests, and for `--at`.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant instant) : instant_(instant) {}
  Instant now() const override { return instant_; }
  void move(std::int64_t seconds) { instant_ = instant_.plus(seconds); }

 private:
  Instant instant_;
};

}  // namespace sallyport
