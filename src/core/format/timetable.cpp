// SPDX-License-Identifier: Apache-2.0
#include "core/format/timetable.h"

#include <algorithm>
#include <array>

namespace sallyport {
namespace {

constexpr std::uint32_t minutes_a_day = 1440;
constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

// 1970-01-01 was a Thursday.
Day day_of(std::int64_t days) {
  return static_cast<Day>((days + 3) % 7);
}

Day day_before(Day day) {
  return static_cast<Day>((static_cast<std::uint8_t>(day) + 6) % 7);
}

bool covers(const Hours& hours, Day today, std::uint32_t minute) {
  const bool over_midnight = hours.until_minute <= hours.from_minute;
  const auto until = over_midnight ? hours.until_minute + minutes_a_day : hours.until_minute;
  if (hours.days.contains(today) && minute >= hours.from_minute && minute < until) return true;
  return over_midnight && hours.days.contains(day_before(today)) && minute < hours.until_minute;
}

std::string two_digits(std::uint32_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string print_minute(std::uint32_t minute) {
  return two_digits(minute / 60) + ":" + two_digits(minute % 60);
}

}  // namespace

Hour hour_at(const Timetable& timetable, Instant at) {
  const auto today = day_of(at.seconds() / 86400);
  const auto minute = static_cast<std::uint32_t>(at.seconds() % 86400 / 60);
  const bool open = std::any_of(timetable.begin(), timetable.end(),
                                [&](const Hours& hours) { return covers(hours, today, minute); });
  return open ? Hour::open : Hour::closed;
}

std::string describe(const Timetable& timetable) {
  std::string text;
  for (const auto& hours : timetable) {
    if (!text.empty()) text += "; ";
    std::string days;
    for (const auto day : hours.days) {
      days += (days.empty() ? "" : ", ") + std::string(day_names.at(static_cast<std::size_t>(day)));
    }
    text += days + " from " + print_minute(hours.from_minute) + " to " + print_minute(hours.until_minute);
    if (hours.until_minute <= hours.from_minute) text += " of the next day";
  }
  return text + " UTC";
}

Result<Day> parse_day(std::string_view text) {
  const auto* found = std::find(day_names.begin(), day_names.end(), text);
  if (found != day_names.end()) return static_cast<Day>(found - day_names.begin());
  return Error(Code::policy_malformed, "day", "mon, tue, wed, thu, fri, sat or sun", std::string(text));
}

Result<std::uint32_t> parse_minute(std::string_view text) {
  const Error wrong(Code::policy_malformed, "time of day", "hh:mm from 00:00 to 24:00", std::string(text));
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return wrong;
  const auto value = [&](std::size_t i) {
    return static_cast<std::uint32_t>(text[i] - '0') * 10 + static_cast<std::uint32_t>(text[i + 1] - '0');
  };
  const auto minute = value(0) * 60 + value(3);
  if (value(3) > 59 || minute > minutes_a_day) return wrong;
  return minute;
}

}  // namespace sallyport
