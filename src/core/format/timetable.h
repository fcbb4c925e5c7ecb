// SPDX-License-Identifier: Apache-2.0
// Hours of the week (UTC) in which orders may be used: "mon, tue from 22:00 to 04:00". Hours that end at or
// before they begin end on the next day.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace sallyport {

enum class Day : std::uint8_t { mon, tue, wed, thu, fri, sat, sun };

struct Hours {
  std::set<Day> days;          // on which they begin; never empty
  std::uint32_t from_minute;   // of the day, inclusive
  std::uint32_t until_minute;  // exclusive; 0 to 1440
};

using Timetable = std::vector<Hours>;  // never empty

enum class Hour : std::uint8_t { open, closed };

Hour hour_at(const Timetable& timetable, Instant at);

std::string describe(const Timetable& timetable);
Result<Day> parse_day(std::string_view text);               // "mon"
Result<std::uint32_t> parse_minute(std::string_view text);  // "00:00" to "24:00"

}  // namespace sallyport
