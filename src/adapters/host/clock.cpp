// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/clock.h"

#include <algorithm>
#include <ctime>

namespace sallyport {

Instant SystemClock::now() const {
  const auto seconds = static_cast<std::int64_t>(std::time(nullptr));
  return Instant::from_seconds(std::clamp<std::int64_t>(seconds, 0, Instant::seconds_max)).value();
}

}  // namespace sallyport
