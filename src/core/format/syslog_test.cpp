// SPDX-License-Identifier: Apache-2.0
#include "core/format/syslog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

SyslogEvent event_for_test() {
  return {812,       Instant::parse("2026-11-21T22:06:00Z").value(),
          "bob",     "192.0.2.7",
          "PUT",     "/api/v1/orders/1a",
          "refused", "not-allowed",
          ""};
}

TEST(Syslog, IsWhatThePageSays) {
  EXPECT_EQ(
      print_syslog({10, "server-1"}, event_for_test()),
      "<84>1 2026-11-21T22:06:00Z server-1 sallyportd - PUT [sallyport@32473 line=\"812\" account=\"bob\" "
      "source=\"192.0.2.7\" action=\"PUT\" object=\"/api/v1/orders/1a\" outcome=\"refused\" "
      "code=\"not-allowed\" detail=\"\"] PUT refused not-allowed");
}

TEST(Syslog, TheOutcomeIsTheSeverity) {
  auto event = event_for_test();
  event.outcome = "success";
  EXPECT_THAT(print_syslog({16, "h"}, event), StartsWith("<133>1 "));
  event.outcome = "fault";
  EXPECT_THAT(print_syslog({16, "h"}, event), StartsWith("<131>1 "));
}

// What somebody writes into a path ends no value and no message.
TEST(SyslogAttack, Q12_NothingInAValueEndsIt) {
  auto event = event_for_test();
  event.object = "/a\"] <0>1 - forged\n12 <0>1 -\\";
  const auto message = print_syslog({10, "h"}, event);
  EXPECT_THAT(message, HasSubstr(R"(object="/a\"\] <0>1 - forged\\x0a12 <0>1 -\\" outcome)"));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
  event.action = "P T\x7f]\"";
  EXPECT_THAT(print_syslog({10, "a host\n"}, event), HasSubstr("Z a?host? sallyportd - P?T?]\" [sally"));
}

TEST(SyslogAttack, Q12_LongValuesAreCutBetweenCharacters) {
  auto event = event_for_test();
  for (const std::string unit :
       {"a", "\"", "\\", "]", "ü", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\x01", "\xFF"}) {
    std::string text;
    while (text.size() < 5000) text += unit;
    event.account = event.source = event.action = event.object = event.code = event.detail = text;
    event.outcome = text;
    event.line = UINT64_MAX;
    const auto message = print_syslog({23, std::string(400, 'h'), syslog_enterprise_max}, event);
    EXPECT_LE(message.size(), syslog_message_size_max) << unit;
    EXPECT_EQ(valid_utf8(message), message) << unit;
    EXPECT_THAT(message, HasSubstr("\xE2\x80\xA6\" outcome=\"")) << unit;
    // No escape is cut in two: the value ends where the quotation mark says.
    EXPECT_THAT(message, HasSubstr("\xE2\x80\xA6\"] ")) << unit;
  }
}

TEST(Syslog, WhatJustFitsIsNotCut) {
  auto event = event_for_test();
  event.object = std::string(600, 'a');
  EXPECT_THAT(print_syslog({10, "h"}, event), HasSubstr("\"" + std::string(600, 'a') + "\""));
  event.object += 'b';
  EXPECT_THAT(print_syslog({10, "h"}, event), HasSubstr("\"" + std::string(597, 'a') + "\xE2\x80\xA6\""));
}

TEST(Syslog, AFrameCountsBytes) {
  EXPECT_EQ(syslog_frame("\xC3\xBC"), "2 \xC3\xBC");
}

TEST(Syslog, FacilitiesAreWords) {
  EXPECT_EQ(syslog_facility("authpriv"), 10U);
  EXPECT_EQ(syslog_facility("local7"), 23U);
  EXPECT_FALSE(syslog_facility("kern"));
  EXPECT_FALSE(syslog_facility(""));
}

}  // namespace
}  // namespace sallyport
