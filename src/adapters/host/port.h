// SPDX-License-Identifier: Apache-2.0
// Where the time comes from. Only apps and roles that run for long hold a Clock; everything else is handed
// one Instant, so that one operation sees one time.
#pragma once

#include "core/base/time.h"

namespace sallyport {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

}  // namespace sallyport
