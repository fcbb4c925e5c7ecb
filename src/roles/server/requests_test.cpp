// SPDX-License-Identifier: Apache-2.0
// Requests that are odd, and each of which was once answered with what it should not be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/server/guard.h"
#include "roles/server/packages.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;

WebQuestion put_of(const std::string& id) {
  return {"PUT",
          ServerWorld::path(id) + "/package_content",
          {{"version", "2.0.0"}, {"content-type", "application/zip"}},
          {"192.0.2.1", certificate_of("vendor")},
          {}};
}

std::string last_event(ServerWorld& server) {
  const auto file = server.audit.read_small("security.jsonl", 1U << 20U).value();
  const auto text = std::string(as_text(file));
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

// Whoever says in two headers which revision is meant has said it.
TEST(Requests, IfMatchIsOneListHoweverOftenItComes) {
  ServerWorld server;
  const auto path = ServerWorld::path(server.created());
  const std::string change = R"({"userDefinedData":{"a":"b"}})";
  const auto ask = [&](WebHeaders headers) {
    return server.ask("vendor", "PATCH", path, change, std::move(headers)).status;
  };
  EXPECT_EQ(ask({{"if-match", "\"7\""}, {"if-match", "\"8\""}}), 412U);
  EXPECT_EQ(ask({{"if-match", "\"7\", \"8\""}}), 412U);
  EXPECT_EQ(ask({{"if-match", ""}}), 412U);
  EXPECT_EQ(ask({{"if-match", "\"7\""}, {"if-match", "\"1\""}}), 200U);
  EXPECT_EQ(ask({{"if-match", "\"7\",\"2\""}}), 200U);
  EXPECT_EQ(ask({{"if-match", "*"}}), 200U);
  EXPECT_EQ(server.ask("vendor", "DELETE", path, {}, {{"if-match", "\"1\""}, {"if-match", "\"2\""}}).status,
            412U);
}

// Else a package could be filled until nobody can change it any more.
TEST(Requests, UserDataIsBoundedAltogether) {
  ServerWorld server;
  const auto path = ServerWorld::path(server.created());
  const auto add = [&](const std::string& name, std::size_t size) {
    return server
        .ask("vendor", "PATCH", path,
             R"({"userDefinedData":{")" + name + R"(":")" + std::string(size, 'x') + "\"}}")
        .status;
  };
  EXPECT_EQ(add("a", 40000), 200U);
  EXPECT_EQ(add("b", 40000), 422U);
  EXPECT_EQ(add("b", 20000), 200U);
  EXPECT_EQ(add("c", 40000), 422U);
  EXPECT_EQ(server.ask("vendor", "PATCH", path, R"({"userDefinedData":{"a":null}})").status, 200U);
  EXPECT_EQ(add("c", 40000), 200U);
}

TEST(Requests, WhatIsTakenIsToldToWhoBringsSomethingElse) {
  ServerWorld server;
  const auto path = ServerWorld::path(server.created());
  const auto upload =
      server.ask("vendor", "PUT", path + "/package_content", "x", {{"content-type", "text/html"}});
  EXPECT_EQ(upload.status, 415U);
  EXPECT_NE(upload.body.find("application/zip or application/octet-stream"), std::string::npos)
      << upload.body;
  EXPECT_NE(upload.body.find("found text/html"), std::string::npos) << upload.body;
  const auto order = server.ask("alice", "PUT", "/api/v1/orders/" + std::string(64, 'a'), "{}",
                                {{"content-type", "text/plain"}});
  EXPECT_EQ(order.status, 415U);
  EXPECT_NE(order.body.find("application/json"), std::string::npos) << order.body;
}

TEST(Requests, NobodyUndoesAnEncoding) {
  ServerWorld server;
  const auto id = server.created();
  const auto path = ServerWorld::path(id);
  EXPECT_EQ(server
                .ask("vendor", "PUT", path + "/package_content", "x",
                     {{"content-type", "application/zip"}, {"content-encoding", "gzip"}})
                .status,
            415U);
  EXPECT_EQ(server.ask("vendor", "PATCH", path, "{}", {{"content-encoding", "gzip"}}).status, 415U);
  EXPECT_EQ(server
                .ask("vendor", "PUT", path + "/package_content", "x",
                     {{"content-type", "application/zip"}, {"content-encoding", "identity"}})
                .status,
            202U);
}

// PostgreSQL takes no other bytes than UTF-8: the event would be lost, and the answer a fault.
TEST(Requests, WhatIsNoTextIsRecordedAsText) {
  ServerWorld server;
  EXPECT_EQ(server.ask("auditor", "DELETE", "/\xff\xc3").status, 400U);
  EXPECT_EQ(server.ask("auditor", "DELETE", "/" + std::string(510, 'a') + "\xc3\xbc").status, 404U);
  const auto events = server.db->list_audit(0, 10).value();
  EXPECT_EQ(events.at(0).object, R"(/\xff\xc3)");
  EXPECT_EQ(events.at(1).object, "/" + std::string(510, 'a') + R"(\xc3)");
}

TEST(Requests, NoMethodFillsTheRecords) {
  ServerWorld server;
  EXPECT_EQ(server.ask("auditor", std::string(10000, 'M'), "/api/v1/policy").status, 405U);
  EXPECT_THAT(last_event(server), HasSubstr(R"("action":")" + std::string(32, 'M') + "\""));
}

// The server has ended it, not the client: the event says why.
TEST(Requests, ABodyThatIsRefusedIsRecordedWithItsCode) {
  for (const auto& [status, code] :
       {std::pair{413U, "content-too-large"}, {408U, "request-too-slow"}, {400U, "request-malformed"}}) {
    ServerWorld server;
    const auto id = server.created();
    {
      auto begun = server.service.begin(put_of(id));
      std::get<std::unique_ptr<WebBody>>(begun)->refused(status);
    }
    EXPECT_THAT(last_event(server), HasSubstr(R"("outcome":"refused","code":")" + std::string(code) + "\"}"));
    EXPECT_EQ(server.live.answers.at(4), 1U);
    EXPECT_EQ(server.state(id), "CREATED");
  }
  ServerWorld server;
  { auto begun = server.service.begin(put_of(server.created())); }
  EXPECT_THAT(last_event(server), HasSubstr(R"("detail":"the request was not completed"})"));
}

TEST(Requests, AFolderOfTheLogIsNoFile) {
  ServerWorld server;
  CHECK(server.log.make_folder("tile").ok() && server.log.make_folder("tile/0").ok());
  for (const auto* path : {"tile/0", "tile/0/000", "tile", "checkpoint"})
    EXPECT_EQ(server.ask("auditor", "GET", std::string("/api/v1/log/") + path).status, 404U) << path;
}

// The change was read before intake took the package, and is written after it.
TEST(Requests, AChangeTakesNoPackageFromWhoeverWorksOnIt) {
  ServerWorld server;
  const auto id = server.processing();
  WebQuestion question{"PATCH",
                       ServerWorld::path(id),
                       {{"version", "2.0.0"}, {"content-type", "application/json"}},
                       {"192.0.2.1", certificate_of("vendor")},
                       {}};
  auto begun = server.service.begin(question);
  auto& body = *std::get<std::unique_ptr<WebBody>>(begun);
  const auto now = server.clock.now();
  auto claimed = server.db->claim_package("intake", now, now.plus(120)).value();
  ASSERT_TRUE(claimed);
  EXPECT_FALSE(body.take(as_bytes(R"({"userDefinedData":{"a":"b"}})")));
  EXPECT_EQ(body.finish().status, 200U);
  EXPECT_FALSE(server.db->claim_package("other", now, now.plus(120)).value());
  claimed->state = Onboarding::onboarded;
  EXPECT_EQ(server.db->finish_claim(*claimed, "intake").value(), Changed::done);
  EXPECT_EQ(server.db->find_package(id).value()->user_data, R"({"a":"b"})");
}

// Who fills the disk must not be able to change anything unseen.
TEST(Requests, NothingIsChangedThatCannotBeRecorded) {
  ServerWorld server;
  const auto path = ServerWorld::path(server.created());
  server.audit.set_bytes_free(1000);
  EXPECT_EQ(server.ask("vendor", "POST", ServerWorld::packages, "{}").status, 500U);
  EXPECT_EQ(server.ask("vendor", "DELETE", path).status, 500U);
  EXPECT_EQ(server.ask("monitor", "GET", "/readyz").status, 503U);
  EXPECT_EQ(server.ask("vendor", "GET", path).status, 200U);
  server.audit.set_bytes_free(1U << 30U);
  EXPECT_EQ(server.ask("monitor", "GET", "/readyz").status, 200U);
  EXPECT_EQ(server.db->list_packages(0, 10).value().size(), 1U);
  EXPECT_EQ(server.ask("vendor", "DELETE", path).status, 204U);
}

TEST(Requests, AClockThatWasAheadKeepsNoPackageForEver) {
  ServerWorld server;
  const auto id = server.created();
  auto left = *server.db->find_package(id).value();
  left.state = Onboarding::uploading;
  left.holder = "ahead";
  left.held_until = server.clock.now().plus(365 * 86400).seconds();
  ASSERT_EQ(server.db->change_package(left, Happened::nothing).value(), Changed::done);
  EXPECT_EQ(server.put(id, "bytes").status, 202U);
}

std::optional<std::int64_t> turned_away_for(Guard& guard, const std::string& address, Instant now) {
  const auto admitted = guard.admit({address, {}}, now);
  const auto* const away = std::get_if<TurnedAway>(&admitted);
  if (away == nullptr || away->status != 429) return std::nullopt;
  return away->retry_after;
}

TEST(Guard, WhoHasANetworkOfIpv6IsOneAttacker) {
  const AccountBook accounts(accounts_for_test());
  Guard guard(accounts, 10);
  const auto now = testkit::test_time();
  for (const auto* address : {"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::5"})
    EXPECT_FALSE(turned_away_for(guard, address, now)) << address;
  EXPECT_TRUE(turned_away_for(guard, "2001:db8::6", now));
  EXPECT_FALSE(turned_away_for(guard, "2001:db8:0:1::1", now));
}

TEST(Guard, AClockThatIsSetBackLocksNobodyOut) {
  const AccountBook accounts(accounts_for_test());
  Guard guard(accounts, 10);
  const auto now = testkit::test_time();
  for (int i = 0; i < 5; ++i) turned_away_for(guard, "192.0.2.9", now.plus(365 * 86400));
  EXPECT_TRUE(turned_away_for(guard, "192.0.2.9", now.plus(365 * 86400)));
  EXPECT_FALSE(turned_away_for(guard, "192.0.2.9", now));
}

// 100,000 addresses are remembered; those for whom there is no room are counted together.
TEST(Guard, AddressesWithoutNumberAreNotToldOneByOne) {
  const AccountBook accounts(accounts_for_test());
  Guard guard(accounts, 10);
  const auto now = testkit::test_time();
  const auto address = [](std::size_t i) {
    return std::to_string(1 + i / 65536) + "." + std::to_string(i / 256 % 256) + ".1." +
           std::to_string(i % 256);
  };
  for (std::size_t i = 0; i < 100000; ++i)
    for (int n = 0; n < 5; ++n) guard.failed(address(i), now);
  std::size_t told = 0;
  for (std::size_t i = 100000; i < 101000; ++i)
    if (is_told(guard.failed(address(i), now))) ++told;
  EXPECT_EQ(told, 5U + 7U);
}

}  // namespace
}  // namespace sallyport::server
