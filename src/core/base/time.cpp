// SPDX-License-Identifier: Apache-2.0
#include "core/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace sallyport {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

Result<Instant> Instant::from_seconds(std::int64_t seconds) {
  if (seconds < 0 || seconds > seconds_max) {
    return Error(Code::json_malformed, "time", "the years 1970 to 9999", std::to_string(seconds));
  }
  return Instant(seconds);
}

Result<Instant> Instant::parse(std::string_view text) {
  const Error malformed(Code::json_malformed, "time", "like 2026-11-21T22:06:00Z",
                        std::string(text.substr(0, 40)));
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != shape.size()) return malformed;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != 'd' && text[i] != shape[i]) return malformed;
  }
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  const auto hour = number(text.substr(11, 2));
  const auto minute = number(text.substr(14, 2));
  const auto second = number(text.substr(17, 2));
  if (!year || !month || !day || !hour || !minute || !second) return malformed;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return malformed;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return from_seconds(days * 86400 + *hour * 3600 + *minute * 60 + *second);
}

std::string Instant::print() const {
  const std::chrono::sys_seconds point{std::chrono::seconds{seconds_}};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date{day};
  const std::int64_t rest = (point - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3600,
                     rest / 60 % 60, rest % 60);
}

Instant Instant::plus(std::int64_t seconds) const {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(seconds_, seconds, &sum)) sum = seconds < 0 ? 0 : seconds_max;
  return Instant(std::clamp<std::int64_t>(sum, 0, seconds_max));
}

}  // namespace sallyport
