// SPDX-License-Identifier: Apache-2.0
// One contract for both databases. PostgreSQL is Debian's, started here on a UNIX socket.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "adapters/db/db_for_test.h"
#include "adapters/db/session.h"
#include "adapters/db/sql.h"
#include "testkit/postgresql.h"
#include "testkit/source.h"

namespace sallyport {
namespace {

class DatabaseContract : public testing::TestWithParam<const char*>, protected DatabaseWorld {
 protected:
  void SetUp() override {
    if (!begin(GetParam())) GTEST_SKIP() << "no PostgreSQL here, or not root";
  }
};

TEST_P(DatabaseContract, WhatIsAddedIsFound) {
  auto added = package("p1");
  added.user_data = R"({"ü":"'; DROP TABLE packages; --"})";
  ASSERT_TRUE(db_->add_package(added).ok());
  const auto found = open()->find_package("p1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user_data, added.user_data);
  EXPECT_EQ(found->owner, added.owner);
  EXPECT_EQ(found->state, Onboarding::created);
  EXPECT_EQ(found->operational, Operational::disabled);
  EXPECT_EQ(found->revision, 1U);
  EXPECT_EQ(found->created, 1000);
  EXPECT_FALSE(db_->find_package("p2").value());
  EXPECT_FALSE(db_->add_package(added).ok());  // an identifier is used once
}

TEST_P(DatabaseContract, AChangeOfWhatHasChangedIsNone) {
  ASSERT_TRUE(db_->add_package(package("p1")).ok());
  auto mine = *db_->find_package("p1").value();
  auto other = mine;
  mine.state = Onboarding::onboarded;
  mine.size = std::uint64_t{5} << 40U;
  ASSERT_EQ(db_->change_package(mine, Happened::nothing).value(), Changed::done);
  other.state = Onboarding::error;
  EXPECT_EQ(db_->change_package(other, Happened::nothing).value(), Changed::not_found);
  const auto now = *db_->find_package("p1").value();
  EXPECT_EQ(now.state, Onboarding::onboarded);
  EXPECT_EQ(now.size, std::uint64_t{5} << 40U);
  EXPECT_EQ(now.revision, 2U);
  EXPECT_EQ(db_->remove_package(other).value(), Changed::not_found);
  EXPECT_EQ(db_->remove_package(now).value(), Changed::done);
  EXPECT_FALSE(db_->find_package("p1").value());
}

TEST_P(DatabaseContract, AModificationLeavesTheHolderAlone) {
  ASSERT_TRUE(db_->add_package(package("p1")).ok());
  auto mine = *db_->find_package("p1").value();
  mine.state = Onboarding::processing;
  ASSERT_EQ(db_->change_package(mine, Happened::nothing).value(), Changed::done);
  auto seen = *db_->find_package("p1").value();
  const auto now = Instant::from_seconds(1000).value();
  ASSERT_TRUE(db_->claim_package("one", now, now.plus(100)).value());
  seen.user_data = R"({"a":"b"})";
  seen.state = Onboarding::error;
  ASSERT_EQ(db_->modify_package(seen, Happened::nothing).value(), Changed::done);
  EXPECT_EQ(db_->modify_package(seen, Happened::nothing).value(), Changed::not_found);
  const auto after = *db_->find_package("p1").value();
  EXPECT_EQ(after.user_data, seen.user_data);
  EXPECT_EQ(after.state, Onboarding::processing);
  EXPECT_EQ(after.holder, "one");
  EXPECT_EQ(after.revision, 3U);
  EXPECT_EQ(db_->keep_claim("p1", "one", now.plus(200)).value(), Changed::done);
}

TEST_P(DatabaseContract, ListsGoOnWhereTheyEnded) {
  for (const auto* id : {"p1", "p2", "p3"}) ASSERT_TRUE(db_->add_package(package(id)).ok());
  const auto two = db_->list_packages(0, 2).value();
  ASSERT_EQ(two.size(), 2U);
  const auto rest = db_->list_packages(two[1].number, 2).value();
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].id, "p3");
}

TEST_P(DatabaseContract, AnOrderIsThereOnceAndEachSignatureHasItsPlace) {
  const OrderRecord order{0, "d1", "p1", 50, "alice", "envelope", 7};
  EXPECT_EQ(db_->add_order(order).value(), Changed::done);
  EXPECT_EQ(db_->add_order(order).value(), Changed::not_found);
  ASSERT_EQ(db_->list_orders(0, 10).value().size(), 1U);
  EXPECT_EQ(db_->find_order("d1").value()->envelope, "envelope");
  EXPECT_FALSE(db_->find_order("d2").value());
  EXPECT_EQ(db_->list_used_packages(at(49)).value(), std::vector<std::string>{"p1"});
  EXPECT_TRUE(db_->list_used_packages(at(50)).value().empty());
  EXPECT_EQ(db_->add_signature({"d1", 0, "k1", "s1", "bob", 8}).value(), Changed::done);
  EXPECT_EQ(db_->add_signature({"d1", 0, "k2", "s2", "carol", 9}).value(), Changed::not_found);
  EXPECT_EQ(db_->add_signature({"d1", 1, "k2", "s2", "carol", 9}).value(), Changed::done);
  const auto all = db_->list_signatures("d1").value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].signature, "s1");
  EXPECT_EQ(all[0].created, 8);
}

TEST_P(DatabaseContract, WhatHappensToAnOnboardedPackageIsAnEventOfTheSameStep) {
  auto waiting = package("p1");
  waiting.state = Onboarding::processing;
  ASSERT_TRUE(db_->add_package(waiting).ok());
  EXPECT_FALSE(db_->oldest_event().value());
  auto held = *db_->claim_package("one", at(100), at(160)).value();
  held.state = Onboarding::onboarded;
  held.release = "r1";
  EXPECT_EQ(db_->finish_claim(held, "another").value(), Changed::not_found);
  EXPECT_FALSE(db_->oldest_event().value());
  ASSERT_EQ(db_->finish_claim(held, "one").value(), Changed::done);
  auto ours = *db_->find_package("p1").value();
  ASSERT_EQ(db_->change_package(ours, Happened::disabled).value(), Changed::done);
  EXPECT_EQ(db_->change_package(ours, Happened::enabled).value(),
            Changed::not_found);  // no event of no change
  ASSERT_EQ(db_->remove_package(*db_->find_package("p1").value()).value(), Changed::done);
  for (const auto what : {Happened::onboarded, Happened::disabled, Happened::deleted}) {
    const auto event = open()->oldest_event().value();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->what, what);
    EXPECT_EQ(event->package, "p1");
    EXPECT_EQ(event->release, "r1");
    EXPECT_EQ(event->owner, waiting.owner);
    EXPECT_EQ(db_->end_event(event->number, {}, 1).value(), std::optional<std::uint32_t>(0));
    EXPECT_FALSE(db_->end_event(event->number, {}, 1).value());  // by one of them
  }
  EXPECT_FALSE(db_->oldest_event().value());
  // Nobody was told of it when it came.
  ASSERT_TRUE(db_->add_package(package("p2")).ok());
  ASSERT_EQ(db_->remove_package(*db_->find_package("p2").value()).value(), Changed::done);
  EXPECT_FALSE(db_->oldest_event().value());
}

TEST_P(DatabaseContract, WhatWaitsToBeSentIsBoundedAndInOrder) {
  SubscriptionRecord mine;
  mine.id = "s1";
  mine.account = "nfvo";
  mine.filter = R"({"a":"'"})";
  mine.callback = "https://nfvo/";
  EXPECT_EQ(db_->add_subscription(mine, 1).value(), Changed::done);
  mine.id = "s2";
  EXPECT_EQ(db_->add_subscription(mine, 1).value(), Changed::not_found);  // one is all that it may have
  EXPECT_EQ(db_->find_subscription("s1").value()->filter, mine.filter);
  EXPECT_FALSE(db_->find_subscription("s2").value());
  auto gone = package("p1");
  gone.state = Onboarding::onboarded;
  ASSERT_TRUE(db_->add_package(gone).ok());
  ASSERT_EQ(db_->remove_package(*db_->find_package("p1").value()).value(), Changed::done);
  const auto event = db_->oldest_event().value();
  const std::vector<NotificationRecord> all = {{0, "n1", "s1", "first", 5},
                                               {0, "n2", "s1", "second", 6},
                                               {0, "n3", "s1", "third", 7},
                                               {0, "n4", "nobody", "fourth", 8}};
  EXPECT_EQ(db_->end_event(event->number, all, 2).value(), std::optional<std::uint32_t>(2));
  EXPECT_EQ(db_->count().value().notifications, 2U);

  const auto held = db_->claim_subscription("one", at(100), at(160)).value();
  ASSERT_TRUE(held);
  EXPECT_EQ(held->id, "s1");
  EXPECT_FALSE(db_->claim_subscription("two", at(159), at(220)).value());
  const auto first = db_->oldest_notification("s1").value();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->body, "first");
  auto later = *held;
  later.failures = 3;
  later.retry_at = 500;
  EXPECT_EQ(db_->release_subscription(later, "two").value(), Changed::not_found);
  EXPECT_EQ(db_->release_subscription(later, "one").value(), Changed::done);
  EXPECT_FALSE(db_->claim_subscription("one", at(499), at(600)).value());
  EXPECT_EQ(db_->claim_subscription("one", at(500), at(600)).value()->failures, 3U);
  ASSERT_TRUE(db_->remove_notification(first->number).ok());
  EXPECT_EQ(open()->oldest_notification("s1").value()->body, "second");
  EXPECT_EQ(db_->remove_subscription("s1").value(), Changed::done);
  EXPECT_EQ(db_->remove_subscription("s1").value(), Changed::not_found);
  EXPECT_FALSE(db_->oldest_notification("s1").value());
  EXPECT_FALSE(db_->claim_subscription("one", at(900), at(990)).value());
}

TEST_P(DatabaseContract, AReleaseIsFoundByItsDigest) {
  for (const auto* id : {"p1", "p2", "p3"}) {
    auto added = package(id);
    added.release = "r1";
    added.state = std::string_view(id) == "p2" ? Onboarding::error : Onboarding::onboarded;
    ASSERT_TRUE(db_->add_package(added).ok());
  }
  const auto found = db_->list_release("r1").value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].id, "p3");
  EXPECT_TRUE(db_->list_release("r2").value().empty());
  ASSERT_TRUE(db_->set_members("p3", "[]").ok());
  EXPECT_EQ(open()->find_members("p3").value(), "[]");
  EXPECT_EQ(open()->find_members("p1").value(), "");
  EXPECT_EQ(db_->count().value().packages,
            (std::vector<std::pair<std::string, std::uint64_t>>{{"ERROR", 1}, {"ONBOARDED", 2}}));
}

TEST_P(DatabaseContract, TheNewestReportOfANodeIsKept) {
  EXPECT_EQ(db_->put_report({"node-1", "first", 10, 1, {"p1", "p2"}}).value(), Changed::done);
  EXPECT_EQ(db_->put_report({"node-1", "second", 11, 2, {"p2", "p3"}}).value(), Changed::done);
  EXPECT_EQ(db_->put_report({"node-1", "first", 12, 1, {"p1"}}).value(), Changed::not_found);
  EXPECT_EQ(db_->put_report({"node-1", "second", 13, 2, {"p2", "p3"}}).value(), Changed::done);
  EXPECT_EQ(db_->find_report("node-1").value()->envelope, "second");
  EXPECT_EQ(db_->find_report("node-1").value()->created, 13);
  EXPECT_FALSE(db_->find_report("node-2").value());
  EXPECT_EQ(db_->put_report({"node-2", "third", 9, 9, {"p3"}}).value(), Changed::done);
  ASSERT_EQ(db_->list_reports("", 10).value().size(), 2U);
  ASSERT_EQ(db_->list_reports("", 1).value().size(), 1U);
  ASSERT_EQ(db_->list_reports("node-1", 10).value().size(), 1U);
  EXPECT_EQ(db_->list_reports("node-1", 10).value()[0].made, 9);
  // What nodes run is used, each package once, beside what orders name.
  ASSERT_EQ(db_->add_order({0, "d1", "p3", 50, "alice", "envelope", 7}).value(), Changed::done);
  auto used = db_->list_used_packages(at(49)).value();
  std::sort(used.begin(), used.end());
  EXPECT_EQ(used, (std::vector<std::string>{"p2", "p3"}));
  EXPECT_EQ(db_->remove_reports(at(13)).value(), 1U);
  EXPECT_FALSE(db_->find_report("node-2").value());
  EXPECT_EQ(db_->remove_reports(at(14)).value(), 1U);
  EXPECT_EQ(db_->list_used_packages(at(49)).value(), std::vector<std::string>{"p3"});
}

TEST_P(DatabaseContract, WhatIsOnboardedIsLookedAtAgainByOneWhenMoreIsKnown) {
  for (const auto* id : {"p1", "p2"}) {
    auto added = package(id);
    added.state = std::string_view(id) == "p1" ? Onboarding::onboarded : Onboarding::error;
    added.content = "c1";
    ASSERT_TRUE(db_->add_package(added).ok());
    ASSERT_TRUE(db_->set_knowledge(id, 5).ok());
  }
  EXPECT_FALSE(db_->claim_rescan("one", 5, at(10), at(20)).value());
  const auto held = db_->claim_rescan("one", 6, at(10), at(20)).value();
  ASSERT_TRUE(held);
  EXPECT_EQ(held->id, "p1");
  EXPECT_FALSE(db_->claim_rescan("two", 6, at(19), at(30)).value());
  EXPECT_FALSE(db_->find_rescan("p1").value());  // none has ended
  ASSERT_TRUE(db_->claim_rescan("two", 6, at(20), at(30)).value());
  const RescanRecord found{"p1", Hit::malware, "{}", "verdict", 25};
  EXPECT_EQ(db_->finish_rescan(found, "one", 6).value(), Changed::not_found);
  EXPECT_EQ(db_->finish_rescan(found, "two", 6).value(), Changed::done);
  EXPECT_FALSE(db_->claim_rescan("one", 6, at(40), at(50)).value());
  EXPECT_EQ(open()->find_rescan("p1").value()->verdict, "verdict");
  ASSERT_EQ(db_->put_report({"node-1", "e", 1, 1, {"c1"}}).value(), Changed::done);
  const auto hits = db_->list_hits(10).value();
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].content, "c1");
  EXPECT_EQ(hits[0].nodes, std::vector<std::string>{"node-1"});
  // The next one knows better.
  ASSERT_TRUE(db_->claim_rescan("one", 7, at(40), at(50)).value());
  EXPECT_EQ(db_->list_hits(10).value().size(), 1U);  // until it has ended
  EXPECT_EQ(db_->finish_rescan({"p1", Hit::none, "", "", 45}, "one", 7).value(), Changed::done);
  EXPECT_TRUE(db_->list_hits(10).value().empty());
  EXPECT_FALSE(db_->claim_rescan("one", 6, at(60), at(70)).value());  // by a server that knows less
  ASSERT_TRUE(db_->find_rescan("p1").value());
  ASSERT_EQ(db_->remove_package(*db_->find_package("p1").value()).value(), Changed::done);
  EXPECT_FALSE(db_->find_rescan("p1").value());
}

TEST_P(DatabaseContract, ARecallIsThereOnce) {
  EXPECT_EQ(db_->add_recall({0, "d1", "alice", "envelope", 7}).value(), Changed::done);
  EXPECT_EQ(db_->add_recall({0, "d1", "bob", "another", 8}).value(), Changed::not_found);
  EXPECT_EQ(open()->find_recall("d1").value()->envelope, "envelope");
  EXPECT_FALSE(db_->find_recall("d2").value());
  const auto all = db_->list_recalls(0, 9).value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].account, "alice");
  EXPECT_TRUE(db_->list_recalls(all[0].number, 9).value().empty());
}

TEST_P(DatabaseContract, AnExceptionIsThereOnceAndIsLeftOutWhenItsEndIsLongOver) {
  EXPECT_EQ(db_->add_exception({0, "d1", 50, "alice", "envelope", 7}).value(), Changed::done);
  EXPECT_EQ(db_->add_exception({0, "d1", 90, "bob", "another", 8}).value(), Changed::not_found);
  EXPECT_EQ(db_->add_exception({0, "d2", 60, "bob", "second", 9}).value(), Changed::done);
  const auto found = open()->find_exception("d1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->envelope, "envelope");
  EXPECT_EQ(found->until, 50);
  EXPECT_FALSE(db_->find_exception("d3").value());
  const auto all = db_->list_exceptions(0, 9).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].account, "alice");
  EXPECT_EQ(db_->list_exceptions(all[0].number, 9).value().size(), 1U);
  EXPECT_EQ(db_->list_exceptions(0, 1).value().size(), 1U);
  EXPECT_EQ(db_->list_exceptions_since(at(50), 0, 9).value().size(), 2U);
  ASSERT_EQ(db_->list_exceptions_since(at(51), 0, 9).value().size(), 1U);
  EXPECT_EQ(db_->list_exceptions_since(at(51), 0, 9).value()[0].digest, "d2");
  EXPECT_TRUE(db_->list_exceptions_since(at(51), all[1].number, 9).value().empty());
}

TEST_P(DatabaseContract, WhichExceptionsAVerdictHasIsKeptWithIt) {
  auto waiting = package("p1");
  waiting.state = Onboarding::processing;
  ASSERT_TRUE(db_->add_package(waiting).ok());
  auto held = *db_->claim_package("one", at(100), at(160)).value();
  held.state = Onboarding::onboarded;
  held.exceptions = R"(["d1"])";
  ASSERT_EQ(db_->finish_claim(held, "another").value(), Changed::not_found);
  EXPECT_EQ(db_->find_package("p1").value()->exceptions, "");
  ASSERT_EQ(db_->finish_claim(held, "one").value(), Changed::done);
  auto ours = *open()->find_package("p1").value();
  EXPECT_EQ(ours.exceptions, R"(["d1"])");
  ours.exceptions = "";
  ASSERT_EQ(db_->change_package(ours, Happened::nothing).value(), Changed::done);
  EXPECT_EQ(db_->find_package("p1").value()->exceptions, "");
}

TEST_P(DatabaseContract, WhatIsToldOnceIsToldOnce) {
  EXPECT_EQ(db_->tell_once("a's \"certificate\"", at(1)).value(), Changed::done);
  EXPECT_EQ(open()->tell_once("a's \"certificate\"", at(2)).value(), Changed::not_found);
  EXPECT_EQ(db_->tell_once("b", at(2)).value(), Changed::done);
}

TEST_P(DatabaseContract, TheAuditTrailKeepsItsOrder) {
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(db_->add_audit({0, i, "alice", "192.0.2.1", "POST", "/x", "success", "", ""}).ok());
  const auto all = db_->list_audit(0, 2).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].time, 1);
  EXPECT_EQ(db_->list_audit(all[1].number, 9).value()[0].time, 2);
  EXPECT_EQ(db_->remove_audit(at(2)).value(), 2U);
  EXPECT_EQ(db_->list_audit(0, 9).value()[0].time, 2);
  EXPECT_TRUE(db_->ping().ok());
}

constexpr const char* sqlite_tables =
    "SELECT m.name || '.' || p.name || ' ' || p.type || CASE p.\"notnull\" WHEN 1 THEN ' NOT NULL' ELSE '' "
    "END FROM "
    "sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' "
    "UNION ALL "
    "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1";
constexpr const char* postgresql_tables =
    "SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' NOT "
    "NULL' ELSE "
    "'' END FROM information_schema.columns WHERE table_schema = 'public' UNION ALL SELECT indexdef FROM "
    "pg_indexes "
    "WHERE schemaname = 'public' ORDER BY 1";

std::string dump(Sessions& sessions) {
  return sessions
      .with([&](soci::session& sql) -> Result<std::string> {
        std::string line;
        std::string all;
        soci::statement statement =
            (sql.prepare << (sessions.dialect() == Dialect::sqlite ? sqlite_tables : postgresql_tables),
             soci::into(line));
        statement.execute();
        while (statement.fetch()) all += line + "\n";
        return all;
      })
      .value();
}

// What a released server made of an empty database is what every later one has to find.
TEST_P(DatabaseContract, TheTablesAreTheGoldenOnes) {
  const auto sessions = Sessions::open(place_->uri()).value();
  std::ostringstream golden;
  golden << std::ifstream(source_file("tests/vectors/server_tables_" + std::string(GetParam()) + ".txt"))
                .rdbuf();
  EXPECT_EQ(dump(*sessions), golden.str());
  ASSERT_TRUE(migrate(*sessions).ok());  // a second time there is nothing to do
  EXPECT_EQ(dump(*sessions), golden.str());
}

TEST_P(DatabaseContract, WhatTheFirstServersStoredSaysHowItIsSigned) {
  auto verified = package("p1");
  verified.release = std::string(64, 'a');
  ASSERT_TRUE(db_->add_package(verified).ok());
  ASSERT_TRUE(db_->add_package(package("p2")).ok());
  const auto sessions = Sessions::open(place_->uri()).value();
  ASSERT_TRUE(sessions
                  ->with([](soci::session& sql) -> Result<void> {
                    sql << "ALTER TABLE packages DROP COLUMN source";
                    sql << "ALTER TABLE packages DROP COLUMN security_option";
                    sql << "ALTER TABLE packages DROP COLUMN knowledge";
                    sql << "DROP INDEX packages_owner";
                    sql << "ALTER TABLE packages DROP COLUMN reserved";
                    sql << "ALTER TABLE packages DROP COLUMN exceptions";
                    sql << "ALTER TABLE reports DROP COLUMN made";
                    for (const auto* table : {"report_packages", "recalls", "told", "rescans", "exceptions"})
                      sql << "DROP TABLE " << table;
                    sql << "DELETE FROM schema_version WHERE version > 2";
                    return {};
                  })
                  .ok());
  const auto later = open();
  EXPECT_EQ(later->find_package("p1").value()->security_option, "OPTION_1");
  EXPECT_EQ(later->find_package("p2").value()->security_option, "");
}

TEST_P(DatabaseContract, TablesOfANewerServerAreRefused) {
  const auto sessions = Sessions::open(place_->uri()).value();
  ASSERT_TRUE(sessions
                  ->with([](soci::session& sql) -> Result<void> {
                    sql << "INSERT INTO schema_version (version) VALUES (99)";
                    return {};
                  })
                  .ok());
  EXPECT_EQ(open_database(place_->uri()).error().code, Code::not_supported);
}

INSTANTIATE_TEST_SUITE_P(Databases, DatabaseContract, testing::Values("sqlite", "postgresql"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace sallyport
