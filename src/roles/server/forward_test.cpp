// SPDX-License-Identifier: Apache-2.0
#include "roles/server/forward.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/disk/faulty.h"
#include "adapters/syslog/memory.h"
#include "roles/server/audit.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Then = MemoryCollector::Then;

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto from = text.find(begin);
  CHECK(from != std::string::npos);
  const auto at = from + begin.size();
  return text.substr(at, text.find(end, at) - at);
}

// What stands in frames, in their order: "LINE ACTION DETAIL".
std::vector<std::string> said(const std::vector<std::string>& batches) {
  std::vector<std::string> all;
  for (const auto& batch : batches) {
    for (std::size_t at = 0; at < batch.size();) {
      const auto blank = batch.find(' ', at);
      const auto size = std::stoul(batch.substr(at, blank - at));
      const auto message = batch.substr(blank + 1, size);
      all.push_back(between(message, " line=\"", "\"") + " " + between(message, " action=\"", "\"") + " " +
                    between(message, " detail=\"", "\"] "));
      at = blank + 1 + size;
    }
  }
  return all;
}

class Forwarding : public testing::Test {
 protected:
  void happens(const std::string& what) {
    CHECK(record(server_.world, own_event(server_.world, "TEST", "success", what)).ok());
  }
  // Another process than before.
  Forwarder begin() { return {server_.world, collector_, {10, "server-1"}}; }
  // The server on a disk where something goes wrong.
  World on(Disk& audit) {
    auto& s = server_;
    return {*s.db, s.data,      audit, &s.log,     s.clock,     s.policy,
            "{}",  random_uuid, 1000,  s.accounts, s.callbacks, s.live};
  }

  ServerWorld server_;
  MemoryCollector collector_;
};

TEST_F(Forwarding, SendsEachEventInOrderAndOnce) {
  for (const auto* what : {"a", "b"}) happens(what);
  auto forwarder = begin();
  EXPECT_EQ(forwarder.step(), 1);
  happens("c");
  EXPECT_EQ(begin().step(), 1);  // after a restart
  EXPECT_EQ(begin().step(), 1);
  EXPECT_THAT(said(collector_.batches), ElementsAre("1 TEST a", "2 TEST b", "3 TEST c"));
  EXPECT_EQ(collector_.asked, 2);  // nobody is asked for nothing
  EXPECT_EQ(server_.live.syslog_sent, 3U);
}

TEST_F(Forwarding, BatchesAreBoundedAndFollowEachOther) {
  for (std::size_t i = 0; i < forwarded_events_max + 1; ++i) happens("x");
  auto forwarder = begin();
  EXPECT_EQ(forwarder.step(), 0);
  EXPECT_EQ(forwarder.step(), 1);
  EXPECT_THAT(said(collector_.batches), SizeIs(forwarded_events_max + 1));
  EXPECT_THAT(collector_.batches, SizeIs(2));
}

TEST_F(Forwarding, WaitsLongerAndLongerForACollectorThatIsDown) {
  happens("a");
  collector_.then = Then::fail;
  auto forwarder = begin();
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 11; ++i) pauses.push_back(forwarder.step());
  EXPECT_THAT(pauses, ElementsAre(1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300));
  EXPECT_EQ(server_.live.syslog_failed, 11U);
  EXPECT_GT(server_.live.syslog_waiting, 0U);
  EXPECT_EQ(server_.live.syslog_oldest, static_cast<std::uint64_t>(server_.clock.now().seconds()));
  happens("b");
  collector_.then = Then::take;
  EXPECT_EQ(forwarder.step(), 1);
  EXPECT_EQ(server_.live.syslog_waiting, 0U);
  EXPECT_EQ(forwarder.step(), 1);
  EXPECT_THAT(said(collector_.batches), ElementsAre("1 TEST a", "2 SYSLOG syslog: none", "3 TEST b",
                                                    "4 SYSLOG taken again after 11 tries"));
}

// A collector that dies after it has read is asked once more.
TEST_F(Forwarding, WhatWasNotSeenToArriveComesAgainUnderTheSameNumber) {
  happens("a");
  collector_.then = Then::take_and_fail;
  auto forwarder = begin();
  EXPECT_EQ(forwarder.step(), 1);
  collector_.then = Then::take;
  EXPECT_EQ(forwarder.step(), 1);
  EXPECT_THAT(said(collector_.batches), ElementsAre("1 TEST a", "1 TEST a", "2 SYSLOG syslog: none"));
}

TEST_F(Forwarding, AFileThatWasReplacedIsBegunAnewAndTold) {
  for (const auto* what : {"a", "b"}) happens(what);
  auto forwarder = begin();
  forwarder.step();
  // Rotated by somebody, and written on to beyond the position.
  CHECK(server_.audit.rename(audit_file, "security.1").ok());
  for (const auto* what : {"c", "d", "e"}) happens(what);
  forwarder.step();
  const auto all = said(collector_.batches);
  ASSERT_THAT(all, SizeIs(5));
  EXPECT_EQ(all[2], "3 TEST c");
  forwarder.step();
  EXPECT_THAT(said(collector_.batches).back(),
              HasSubstr("6 SYSLOG the file of security events is another one"));
}

TEST_F(Forwarding, APositionThatCannotBeReadLosesNothing) {
  for (const auto* what : {"a", "b"}) happens(what);
  begin().step();
  CHECK(server_.audit.replace_file(forward_position_file, as_bytes(std::string_view("{")), 0600).ok());
  begin().step();
  EXPECT_THAT(said(collector_.batches), ElementsAre("1 TEST a", "2 TEST b", "1 TEST a", "2 TEST b",
                                                    HasSubstr("3 SYSLOG the position")));
}

// P: what a killed server has left is sent as it is, and costs the next event nothing.
TEST_F(Forwarding, ATornLineEndsWhereItWasTorn) {
  happens("a");
  CHECK(server_.audit.append(audit_file, as_bytes(std::string_view(R"({"time":"2026-)"))).ok());
  auto forwarder = begin();
  forwarder.step();
  ASSERT_TRUE(end_last_line(server_.world).ok());
  ASSERT_TRUE(end_last_line(server_.world).ok());
  happens("b");
  forwarder.step();
  EXPECT_THAT(said(collector_.batches),
              ElementsAre("1 TEST a", R"(2 UNREADABLE {\"time\":\"2026-)", "3 TEST b"));
}

// A write that failed in the middle, by a server that goes on: the next event has a line of its own.
TEST_F(Forwarding, ATornLineSwallowsNoEvent) {
  CHECK(server_.audit.append(audit_file, as_bytes(std::string_view(R"({"time":"2026-)"))).ok());
  happens("a");
  const auto file = server_.audit.read_small(audit_file, 4096).value();
  auto last = as_text(file).substr(as_text(file).find('\n') + 1);
  last.remove_suffix(1);
  const auto read = parse_audit(as_bytes(last));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().detail, "a");
}

// Of an earlier version, or of two who wrote at once.
TEST_F(Forwarding, WhatStandsBehindATornLineIsRead) {
  const auto event = print_audit(own_event(server_.world, "TEST", "success", "a")).value();
  CHECK(server_.audit.append(audit_file, as_bytes(R"({"time":"2026-)" + event + "\n")).ok());
  auto forwarder = begin();
  forwarder.step();
  EXPECT_THAT(said(collector_.batches), ElementsAre(R"(1 UNREADABLE {\"time\":\"2026-)", "1 TEST a"));
}

TEST_F(Forwarding, WhatIsNoLineKeepsNothingBack) {
  CHECK(server_.audit.append(audit_file, Bytes(3U << 20U, 'x')).ok());
  CHECK(server_.audit.append(audit_file, as_bytes(std::string_view("\n"))).ok());
  happens("a");
  auto forwarder = begin();
  for (int i = 0; i < 8; ++i) forwarder.step();
  const auto all = said(collector_.batches);
  ASSERT_FALSE(all.empty());
  EXPECT_THAT(all.front(), HasSubstr("1 UNREADABLE xxx"));
  EXPECT_THAT(all.back(), HasSubstr("TEST a"));
}

// The server is killed, or its disk fails, at each step of the disk: nothing is left out, and the order is kept.
TEST_F(Forwarding, NothingIsLostWhereverTheServerDies) {
  for (const auto then : {sallyport::Then::fail, sallyport::Then::fail_but_persist, sallyport::Then::crash}) {
    for (std::uint64_t nth = 1;; ++nth) {
      for (const auto* file : {audit_file, forward_position_file})
        if (server_.audit.find(file).value()) CHECK(server_.audit.remove(file).ok());
      collector_.batches.clear();
      for (const auto* what : {"a", "b", "c"}) happens(what);
      FaultyDisk faulty(server_.audit, nth, then);
      auto world = on(faulty);
      Forwarder first(world, collector_, {10, "server-1"});
      first.step();
      happens("d");
      first.step();
      begin().step();
      begin().step();
      std::vector<std::string> seen;
      for (const auto& one : said(collector_.batches)) {
        const auto detail = one.substr(one.rfind(' ') + 1);
        if (one.find(" TEST ") != std::string::npos &&
            std::find(seen.begin(), seen.end(), detail) == seen.end())
          seen.push_back(detail);
      }
      EXPECT_THAT(seen, ElementsAre("a", "b", "c", "d")) << nth;
      if (!faulty.struck()) break;
    }
  }
}

TEST(ForwardPositions, AreReadAsTheyArePrinted) {
  const ForwardPosition position{100, 7, 20, sha256(as_bytes(std::string_view("x")))};
  EXPECT_EQ(parse_position(as_bytes(print_position(position))).value(), position);
  auto wrong = position;
  wrong.offset = 19;
  EXPECT_EQ(parse_position(as_bytes(print_position(wrong))).error().code, Code::json_malformed);
}

TEST(AuditLines, AreReadAsTheyArePrinted) {
  AuditRecord event{0, 1000, "bob", "::1", "PUT", "/\"\n", "refused", "not-allowed", "\\ ]"};
  const auto line = print_audit(event).value();
  const auto read = parse_audit(as_bytes(line)).value();
  EXPECT_EQ(print_audit(read).value(), line);
  EXPECT_EQ(read.detail, "\\ ]");
  for (const auto& wrong : {std::string(), std::string("{}"), std::string("[]"), line + line,
                            line.substr(0, line.size() - 1) + R"(,"more":1})"})
    EXPECT_EQ(parse_audit(as_bytes(wrong)).error().code, Code::json_malformed) << wrong;
}

}  // namespace
}  // namespace sallyport::server
