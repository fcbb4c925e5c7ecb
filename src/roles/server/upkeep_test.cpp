// SPDX-License-Identifier: Apache-2.0
#include "roles/server/upkeep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/server/reload.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t day = 86400;

std::vector<AuditRecord> events_of(ServerWorld& server, const std::string& action) {
  std::vector<AuditRecord> found;
  for (auto& event : server.db->list_audit(0, 1000).value())
    if (event.action == action) found.push_back(event);
  return found;
}

UsedCertificate ends_in(ServerWorld& server, std::int64_t seconds, const std::string& which = "server") {
  return {which, sha256(as_bytes(which)), server.clock.now().plus(seconds)};
}

TEST(Certificates, AreToldOfOnceForEachOfTheFourTimesAndTheEnd) {
  ServerWorld server;
  server.live.expiry.replace(ends_in(server, 31 * day));
  std::vector<std::int64_t> told_at;
  for (std::int64_t today = 0; today <= 33; ++today) {
    const auto before = events_of(server, "CERTIFICATE").size();
    ASSERT_TRUE(tell_expiring(server.world).ok());
    ASSERT_TRUE(tell_expiring(server.world).ok());
    if (events_of(server, "CERTIFICATE").size() > before) told_at.push_back(31 - today);
    server.clock.move(day);
  }
  EXPECT_THAT(told_at, ElementsAre(30, 14, 7, 1, 0));
  const auto all = events_of(server, "CERTIFICATE");
  EXPECT_EQ(all[0].object, "server");
  EXPECT_THAT(all[0].detail, HasSubstr("in less than 30 days"));
  EXPECT_THAT(all[4].detail, HasSubstr("expired at"));
}

// A server that was off for weeks says what is due now; another one on the same database says nothing more.
TEST(Certificates, AreToldOfByOneServer) {
  ServerWorld server;
  server.live.expiry.replace(ends_in(server, 5 * day));
  ASSERT_TRUE(tell_expiring(server.world).ok());
  Live live;
  World second{*server.db, server.data, server.audit, &server.log,     server.clock,     server.policy,
               "{}",       random_uuid, 1000,         server.accounts, server.callbacks, live};
  live.expiry.replace(ends_in(server, 5 * day));
  ASSERT_TRUE(tell_expiring(second).ok());
  ASSERT_THAT(events_of(server, "CERTIFICATE"), SizeIs(1));
  EXPECT_THAT(events_of(server, "CERTIFICATE")[0].detail, HasSubstr("in less than 7 days"));
}

TEST(Certificates, OfAccountsAreKnownWhenTheyAreUsed) {
  ServerWorld server;
  WebQuestion question{"GET", "/vnfpkgm/api_versions", {}, {"192.0.2.1", certificate_of("vendor")}, {}};
  question.client.certificate_until = server.clock.now().plus(13 * day);
  server.service.begin(question);
  // Nobody's certificate is nobody's matter.
  question.client = {"192.0.2.1", certificate_of("stranger"), server.clock.now()};
  server.service.begin(question);
  ASSERT_TRUE(tell_expiring(server.world).ok());
  const auto all = events_of(server, "CERTIFICATE");
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].object, "account vendor");
  EXPECT_THAT(server.ask("monitor", "GET", "/metrics").body,
              HasSubstr("sallyport_server_certificate_seconds_left{which=\"account vendor\"} 1123200"));
}

TEST(Certificates, OnesThatHaveLongAreNoMetricOfAccounts) {
  ServerWorld server;
  server.live.expiry.note(ends_in(server, 31 * day, "account vendor"));
  server.live.expiry.replace(ends_in(server, 400 * day, "server"));
  EXPECT_THAT(server.live.expiry.seconds_left(server.clock.now()),
              ElementsAre(std::pair<std::string, std::int64_t>("server", 400 * day)));
  server.live.expiry.replace({"server", sha256({}), server.clock.now().plus(-5)});
  EXPECT_THAT(server.live.expiry.seconds_left(server.clock.now()),
              ElementsAre(std::pair<std::string, std::int64_t>("server", -5)));
}

TEST(Certificates, AreDueToTheSecond) {
  const auto now = testkit::test_time();
  const auto due = [&](std::int64_t seconds) { return days_due(now.plus(seconds), now); };
  EXPECT_EQ(due(0), 0);
  EXPECT_EQ(due(-1), 0);
  EXPECT_EQ(due(1), 1);
  for (const std::int64_t days : {1, 7, 14, 30}) {
    EXPECT_EQ(due(days * day), days);
    EXPECT_NE(due(days * day + 1), days);
  }
  EXPECT_EQ(due(30 * day + 1), std::nullopt);
}

// Of several in one place the first that ends counts; one that was replaced is nobody's any more.
TEST(Certificates, TheFirstThatEndsIsShown) {
  const auto now = testkit::test_time();
  const auto one = sha256(as_bytes("one"));
  const auto two = sha256(as_bytes("two"));
  Expiry expiry;
  expiry.note({"server", one, now.plus(500)});
  expiry.note({"server", two, now.plus(300)});
  ASSERT_EQ(expiry.seconds_left(now).size(), 1U);
  EXPECT_EQ(expiry.seconds_left(now)[0].second, 300);
  expiry.replace({"server", one, now.plus(700)});
  EXPECT_EQ(expiry.seconds_left(now)[0].second, 700);
  EXPECT_EQ(expiry.all().size(), 1U);
}

TEST(Retention, KeepsEverythingUnlessItIsToldTo) {
  ServerWorld server;
  server.intake.says = Error(Code::member_digest_mismatch, "x");
  server.onboarded();
  server.clock.move(10000 * day);
  ASSERT_TRUE(remove_old(server.world, {}).ok());
  EXPECT_THAT(server.db->list_packages(0, 10).value(), SizeIs(1));
  EXPECT_FALSE(server.db->list_audit(0, 10).value().empty());
}

TEST(Retention, RemovesWhatIsOlderAndSaysHowMany) {
  ServerWorld server;
  const auto good = server.onboarded("good");
  server.intake.says = Error(Code::member_digest_mismatch, "x");
  const auto bad = server.onboarded("bad");
  ASSERT_EQ(server.db->put_report({"mme-1", "{}", server.clock.now().seconds(), 1}).value(), Changed::done);
  const Retention retention{30, 30, 30};
  server.clock.move(30 * day);
  ASSERT_TRUE(remove_old(server.world, retention).ok());
  EXPECT_THAT(events_of(server, "RETENTION"), IsEmpty());  // of that age, and not older
  server.clock.move(1);
  const auto removed = remove_old(server.world, retention).value();
  EXPECT_EQ(removed.packages, 1U);
  EXPECT_EQ(removed.reports, 1U);
  EXPECT_GT(removed.audit, 0U);
  EXPECT_TRUE(server.db->find_package(good).value());
  EXPECT_FALSE(server.db->find_package(bad).value());
  EXPECT_THAT(server.data.list("content").value(), SizeIs(1));
  const auto left = server.db->list_audit(0, 10).value();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].action, "RETENTION");
  // The file is never shortened.
  const auto file = server.audit.read_small("security.jsonl", 1U << 20U).value();
  EXPECT_THAT(std::string(as_text(file)), HasSubstr("INTAKE"));
}

std::string settings_with(const std::string& accounts, const std::string& workers = "1") {
  return R"({"listen":"a","certificate":"a","key":"a","client_authorities":"a","database":"a","data":"a","audit":"a",)"
         R"("policy":"a","intake_key":"a","clamd":"a","workers":)" +
         workers + R"(,"accounts":[)" + accounts + "]}";
}

std::string account(const std::string& name, const std::string& role) {
  return R"({"name":")" + name + R"(","roles":[")" + role + R"("],"certificates":[")" +
         certificate_of(name).text() + "\"]}";
}

class Reload : public testing::Test {
 protected:
  Result<void> reload(const std::string& text) {
    return take_accounts(server_.world, server_.accounts, running_, as_bytes(text));
  }
  unsigned status_of(const std::string& who) { return server_.ask(who, "GET", "/api/v1/audit").status; }

  ServerWorld server_;
  Settings running_ = parse_settings(as_bytes(settings_with(account("vendor", "submitter")))).value();
};

TEST_F(Reload, NewAccountsCountFromTheNextRequestOn) {
  EXPECT_EQ(status_of("auditor"), 200U);
  EXPECT_EQ(status_of("newcomer"), 401U);
  const auto text = settings_with(account("vendor", "auditor") + "," + account("newcomer", "auditor"));
  ASSERT_TRUE(reload(text).ok());
  EXPECT_EQ(status_of("auditor"), 401U);
  EXPECT_EQ(status_of("newcomer"), 200U);
  EXPECT_EQ(status_of("vendor"), 200U);
  const auto events = events_of(server_, "ACCOUNTS");
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].outcome, "success");
  EXPECT_EQ(events[0].detail,
            "2 accounts; new: newcomer; gone: alice, auditor, bob, carol, mme-1, monitor, officer, other; "
            "changed: vendor");
}

TEST_F(Reload, WhatCannotBeReadChangesNothingAndIsTold) {
  for (const auto& wrong : {std::string("{"), settings_with(""),
                            settings_with(account("a", "auditor") + "," + account("a", "officer")),
                            settings_with(account("a", "nobody")), settings_with(account("a", "approver"))}) {
    const auto before = events_of(server_, "ACCOUNTS").size();
    EXPECT_FALSE(reload(wrong).ok()) << wrong;
    EXPECT_EQ(status_of("auditor"), 200U);
    const auto events = events_of(server_, "ACCOUNTS");
    ASSERT_EQ(events.size(), before + 1);
    EXPECT_EQ(events.back().outcome, "refused");
    EXPECT_EQ(events.back().code, "json-malformed");
  }
}

TEST_F(Reload, WhatElseHasChangedIsToldToNeedARestart) {
  ASSERT_TRUE(reload(settings_with(account("vendor", "submitter"), "2")).ok());
  EXPECT_THAT(events_of(server_, "ACCOUNTS").back().detail,
              HasSubstr("what else has changed needs a restart"));
  ASSERT_TRUE(reload(settings_with(account("other", "submitter"))).ok());
  EXPECT_EQ(events_of(server_, "ACCOUNTS").back().detail, "1 accounts; new: other; gone: vendor");
}

TEST(Settings, ANodesKeyIsAKeyAndANodes) {
  const auto with = [](const std::string& more) {
    return parse_settings(as_bytes(settings_with(R"({"name":"n","roles":["node"],"certificates":[")" +
                                                 certificate_of("n").text() + "\"]" + more + "}")));
  };
  EXPECT_TRUE(with(R"(,"node":"mme-1")").ok());
  EXPECT_EQ(with(R"(,"node":"mme-1","node_key":"no key")").error().code, Code::json_malformed);
  EXPECT_EQ(with(R"(,"node_key":"no key")").error().code, Code::json_malformed);
}

// Who watches does not act; who decides is a person; nobody is two.
TEST(Settings, DutiesAreKeptApart) {
  const auto with = [](const std::string& accounts) {
    return parse_settings(as_bytes(settings_with(accounts))).ok();
  };
  const auto one = [](const std::string& name, const std::string& roles, const std::string& more = "",
                      const std::string& certificate = "") {
    return R"({"name":")" + name + R"(","roles":[)" + roles + R"(],"certificates":[")" +
           certificate_of(certificate.empty() ? name : certificate).text() + "\"]" + more + "}";
  };
  EXPECT_TRUE(with(one("a", R"("auditor","monitor")")));
  for (const std::string role : {"submitter", "officer"}) {
    EXPECT_TRUE(with(one("a", "\"" + role + "\""))) << role;
    EXPECT_FALSE(with(one("a", R"("auditor",")" + role + "\""))) << role;
  }
  for (const std::string role : {"approver", "deployer"}) {
    EXPECT_TRUE(with(one("a", "\"" + role + "\"", R"(,"person":"alice")"))) << role;
    EXPECT_FALSE(with(one("a", "\"" + role + "\""))) << role;
    EXPECT_FALSE(with(one("a", R"("auditor",")" + role + "\"", R"(,"person":"alice")"))) << role;
  }
  EXPECT_TRUE(with(one("a", R"("node")", R"(,"node":"mme-1")")));
  EXPECT_FALSE(with(one("a", R"("node")")));
  EXPECT_FALSE(with(one("a", "")));
  EXPECT_FALSE(with(one("a", R"("submitter")") + "," + one("a", R"("officer")", "", "b")));
  EXPECT_FALSE(with(one("a", R"("submitter")") + "," + one("b", R"("officer")", "", "a")));
}

TEST(Settings, DeviationsAreToleratedByName) {
  const auto with = [](const std::string& names) {
    auto text = settings_with(account("vendor", "submitter"));
    text.insert(1, R"("tolerate":[)" + names + "],");
    return parse_settings(as_bytes(text));
  };
  EXPECT_EQ(with(R"("key-case")").value().tolerate.size(), 1U);
  EXPECT_FALSE(with(R"("key-case","key-case")").ok());
  EXPECT_FALSE(with(R"("everything")").ok());
}

TEST(Settings, SyslogIsReadStrictly) {
  const auto with = [](const std::string& more) {
    auto text = settings_with(account("vendor", "submitter"));
    text.insert(1, more + ",");
    return parse_settings(as_bytes(text));
  };
  const auto good =
      with(R"("syslog":{"server":"s:6514","authorities":"a","facility":"local3","enterprise":1})");
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good.value().syslog_facility, 19U);
  EXPECT_EQ(good.value().syslog_enterprise, 1U);
  for (const auto* wrong :
       {R"("syslog":{"server":"s:6514"})", R"("syslog":{"server":"s","authorities":"a","key":"k"})",
        R"("syslog":{"server":"s","authorities":"a","facility":"kern"})",
        R"("syslog":{"server":"s","authorities":"a","verify":0})", R"("retention":{"audit_days":0})",
        R"("retention":{"orders_days":1})"})
    EXPECT_EQ(with(wrong).error().code, Code::json_malformed) << wrong;
  EXPECT_EQ(with(R"("retention":{"audit_days":1})").value().retention.audit_days, 1U);
}

TEST(Settings, QuotasArePositiveAndOfWhoeverHasPackages) {
  const auto with = [](const std::string& limits, const std::string& role, const std::string& own) {
    auto text = settings_with(R"({"name":"n","roles":[")" + role + R"("],"certificates":[")" +
                              certificate_of("n").text() + R"("],"limits":)" + own + "}");
    text.insert(1, R"("limits":)" + limits + ",");
    return parse_settings(as_bytes(text));
  };
  const auto good = with(R"({"packages_max":5,"bytes_max":7})", "submitter", R"({"bytes_max":9})").value();
  EXPECT_EQ(good.quota, (Quota{5, 7}));
  EXPECT_EQ(good.accounts.begin()->second.quota, (Quota{std::nullopt, 9}));
  for (const auto* wrong : {R"({"packages_max":0})", R"({"bytes_max":0})", R"({"bytes_max":"all"})"}) {
    EXPECT_EQ(with(wrong, "submitter", "{}").error().code, Code::json_malformed) << wrong;
    EXPECT_EQ(with("{}", "submitter", wrong).error().code, Code::json_malformed) << wrong;
  }
  EXPECT_FALSE(with("{}", "submitter", R"({"disk_left_min":1})").ok());
  EXPECT_FALSE(with("{}", "officer", R"({"bytes_max":1})").ok());
}

}  // namespace
}  // namespace sallyport::server
