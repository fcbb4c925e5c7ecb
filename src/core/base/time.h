// SPDX-License-Identifier: Apache-2.0
// Time as a value. Nothing in core reads a clock: an Instant is read once per operation by the role and
// passed in, so that one operation sees one time.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sallyport {

// Seconds since 1970-01-01T00:00:00Z, between the years 1970 and 9999.
class Instant {
 public:
  static constexpr std::int64_t seconds_max = 253402300799;  // 9999-12-31T23:59:59Z

  static Result<Instant> from_seconds(std::int64_t seconds);
  // RFC 3339 in UTC with whole seconds, as print() writes it: 2026-11-21T22:06:00Z. Nothing else.
  static Result<Instant> parse(std::string_view text);

  std::int64_t seconds() const { return seconds_; }
  std::string print() const;
  // Moves by a number of seconds and stays in range.
  Instant plus(std::int64_t seconds) const;

  auto operator<=>(const Instant&) const = default;

 private:
  explicit Instant(std::int64_t seconds) : seconds_(seconds) {}
  std::int64_t seconds_;
};

}  // namespace sallyport
