// SPDX-License-Identifier: Apache-2.0
#include "core/format/timetable.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

Hour at(const Timetable& timetable, std::string_view time) {
  return hour_at(timetable, Instant::parse(time).value());
}

TEST(Timetable, HoursOfOneDay) {
  const Timetable hours{{{Day::mon, Day::sun}, 60, 300}};
  EXPECT_EQ(describe(hours), "mon, sun from 01:00 to 05:00 UTC");
  EXPECT_EQ(at(hours, "2026-11-22T01:00:00Z"), Hour::open);  // a Sunday
  EXPECT_EQ(at(hours, "2026-11-22T00:59:59Z"), Hour::closed);
  EXPECT_EQ(at(hours, "2026-11-22T04:59:59Z"), Hour::open);
  EXPECT_EQ(at(hours, "2026-11-22T05:00:00Z"), Hour::closed);
  EXPECT_EQ(at(hours, "2026-11-21T02:00:00Z"), Hour::closed);
  EXPECT_EQ(at(hours, "2026-11-23T02:00:00Z"), Hour::open);
  EXPECT_EQ(at(hours, "1970-01-01T02:00:00Z"), Hour::closed);  // a Thursday
}

TEST(Timetable, HoursOverMidnightBelongToTheDayOnWhichTheyBegin) {
  const Timetable hours{{{Day::sun}, 1320, 240}};
  EXPECT_EQ(at(hours, "2026-11-22T22:00:00Z"), Hour::open);
  EXPECT_EQ(at(hours, "2026-11-22T03:00:00Z"), Hour::closed);
  EXPECT_EQ(at(hours, "2026-11-23T03:59:59Z"), Hour::open);
  EXPECT_EQ(at(hours, "2026-11-23T04:00:00Z"), Hour::closed);
  EXPECT_EQ(at(hours, "2026-11-23T22:00:00Z"), Hour::closed);
}

TEST(TimetableAttack, O05_EndsOfDaysLeapDaysAndLateYears) {
  const Timetable whole{{{Day::thu}, 0, 1440}};
  EXPECT_EQ(at(whole, "2024-02-29T23:59:59Z"), Hour::open);
  EXPECT_EQ(at(whole, "2024-03-01T00:00:00Z"), Hour::closed);
  EXPECT_EQ(at(whole, "2038-01-21T03:14:08Z"), Hour::open);
  EXPECT_EQ(at(whole, "2106-02-11T06:28:16Z"), Hour::open);
  EXPECT_EQ(at(whole, "9999-12-30T12:00:00Z"), Hour::open);
}

TEST(Timetable, TimesOfDayHaveOneForm) {
  EXPECT_EQ(parse_minute("24:00").value(), 1440U);
  EXPECT_EQ(parse_minute("09:05").value(), 545U);
  for (const auto* bad : {"24:01", "9:05", "09:60", "09-05", "09:5", "", "25:00", "09:05Z", "-1:00"}) {
    EXPECT_FALSE(parse_minute(bad).ok()) << bad;
  }
  EXPECT_EQ(parse_day("sun").value(), Day::sun);
  EXPECT_FALSE(parse_day("Sun").ok());
}

}  // namespace
}  // namespace sallyport
