// SPDX-License-Identifier: Apache-2.0
// The clock, the next policy and stop orders on a node.
#include "roles/node/trust_changes.h"

#include <gtest/gtest.h>

#include <set>

#include "adapters/disk/faulty.h"
#include "roles/node/officers_for_test.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

constexpr std::int64_t day = 86400;
constexpr std::int64_t year = 365 * day;

Bytes signed_policy(std::uint64_t version, const std::vector<std::string>& keys) {
  return signed_text(officers_policy(version), keys);
}

Policy first_policy() {
  return parse_policy(as_bytes(policy_text())).value();
}

class ClockTest : public testing::Test {
 protected:
  ClockTest() { world.init().value(); }
  void clock(std::int64_t seconds) { world.now = testkit::test_time().plus(seconds); }
  std::vector<Error> findings() {
    const auto at = world.ports();
    return status(at).value().findings;
  }
  MemoryDisk disk;
  World world{disk};
};

TEST_F(ClockTest, O03_AClockSetBackRevivesNothing) {
  clock(10 * day);
  world.install(papers(first_parts(), first_policy(), 1, 10 * day)).value();
  EXPECT_EQ(world.state().time_seen, testkit::test_time().plus(10 * day - 3600));
  const auto old = papers(second_parts(), first_policy(), 2, 0);
  EXPECT_EQ(refusal(world.install(old)), "order-expired");
  clock(0);
  EXPECT_EQ(refusal(world.install(old)), "order-expired");
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_EQ(findings()[0].code, Code::clock_implausible);
  clock(10 * day);
  EXPECT_EQ(findings().size(), 0U);
}

TEST_F(ClockTest, O01_AClockOf1970IsNotBelieved) {
  world.install(first_delivery()).value();
  world.now = Instant::from_seconds(0).value();
  EXPECT_EQ(findings().at(0).code, Code::clock_implausible);
  world.install(second_delivery()).value();  // the newest signed time says that its window is open
  EXPECT_EQ(world.state().generations.at(2).begun_at, testkit::test_time().plus(-3600));
}

// Without any signed time nothing is taken in: neither what expired nor what has not begun.
TEST_F(ClockTest, O01_AClockOf1970AndNothingSeenYet) {
  world.now = Instant::from_seconds(0).value();
  EXPECT_FALSE(world.install(first_delivery()).ok());
  EXPECT_TRUE(world.state().generations.empty());
}

TEST_F(ClockTest, O02_AClockYearsAheadStopsNewOrdersAndNothingElse) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  clock(10 * year);
  EXPECT_FALSE(world.install(papers(third_parts(), first_policy(), 3, 0)).ok());
  EXPECT_EQ(findings().at(0).code, Code::clock_implausible);
  EXPECT_EQ(world.runs(), second_service);
  EXPECT_TRUE(world.rollback().ok());
  EXPECT_EQ(world.runs(), first_service);
  clock(0);  // what the wrong clock said has left no trace
  EXPECT_TRUE(world.install(papers(third_parts(), first_policy(), 3, 0)).ok());
}

TEST_F(ClockTest, O05_OddClocksTakeNothingInAndStopNothing) {
  world.install(first_delivery()).value();
  for (const std::int64_t odd : {2147483647LL, 2147483648LL, 4294967295LL, 4294967296LL, 253402300799LL}) {
    world.now = Instant::from_seconds(odd).value();
    EXPECT_NE(refusal(world.install(second_delivery())), "") << odd;  // a certificate's end, or the verdict's
    EXPECT_EQ(findings().at(0).code, Code::clock_implausible) << odd;
    EXPECT_TRUE(world.fsck().findings.empty()) << odd;
    EXPECT_EQ(world.runs(), first_service) << odd;
  }
  clock(0);  // none of them left a trace
  EXPECT_TRUE(world.install(second_delivery()).ok());
  EXPECT_EQ(findings().size(), 0U);
}

class TrustChange : public testing::Test {
 protected:
  TrustChange() {
    node::init(disk,
               {copy(as_bytes(officers_policy(1))), NodeId::parse("mme-1").value(),
                PoolId::parse("mme-east").value()},
               world.now, node_key_for_test)
        .value();
  }
  Policy policy(std::uint64_t version) { return parse_policy(as_bytes(officers_policy(version))).value(); }
  Result<PolicyReport> change(std::uint64_t version,
                              const std::vector<std::string>& keys = {"alice-1", "bob-1"}) {
    const auto at = world.ports();
    return change_policy(at, signed_policy(version, keys));
  }
  MemoryDisk disk;
  World world{disk};
};

TEST_F(TrustChange, F05_OneVersionAfterTheOther) {
  EXPECT_EQ(refusal(change(1)), "policy-rollback");
  EXPECT_EQ(refusal(change(3)), "policy-version-skipped");
  EXPECT_EQ(refusal(change(2, {"alice-1"})), "policy-quorum-missing");
  EXPECT_EQ(change(2).value().before, 1U);
  EXPECT_EQ(refusal(change(2)), "policy-rollback");
  EXPECT_EQ(change(3).value().version, 3U);
  EXPECT_EQ(Books::open(disk).value().policy().version, 3U);
  EXPECT_EQ(as_text(disk.read_small("policy.json", policy_size_max).value()), officers_policy(3));
}

TEST_F(TrustChange, G09_PendingOrdersAreVoidAndWhatRunsIsNot) {
  world.install(papers(first_parts(), policy(1), 1, 0)).value();
  const auto pending = papers(second_parts(), policy(1), 2, 0);
  change(2).value();
  EXPECT_EQ(refusal(world.install(pending)), "policy-mismatch");
  InlineWorkers workers;
  EXPECT_TRUE(verify_generation(disk, Books::open(disk).value(), 1, workers).ok());
  EXPECT_TRUE(world.fsck().findings.empty());
  world.install(papers(second_parts(), policy(2), 2, 0)).value();
  EXPECT_TRUE(world.rollback().ok());
}

// At every changing call, in every way that a disk knows: the old policy or the new one, and the next try ends it.
TEST_F(TrustChange, F06_ACrashLeavesOneOfTwoPolicies) {
  const auto file = signed_policy(2, {"alice-1", "bob-1"});
  std::set<std::uint64_t> seen;
  for (const auto then : {Then::fail, Then::fail_but_persist, Then::crash}) {
    for (std::uint64_t nth = 1; nth < 40; ++nth) {
      MemoryDisk struck;
      struck.become(disk);
      FaultyDisk faulty(struck, nth, then);
      World there(faulty);
      const auto at = there.ports();
      if (change_policy(at, file).ok()) continue;
      if (then == Then::crash) struck.crash(nth);
      World again(struck);
      const auto books = Books::open(struck);
      ASSERT_TRUE(books.ok()) << name(books.error().code) << " " << books.error().where << " at call " << nth;
      const auto version = books.value().policy().version;
      seen.insert(version);
      const auto now = again.ports();
      const auto retried = change_policy(now, file);
      EXPECT_EQ(refusal(retried), version == 1 ? "" : "policy-rollback") << nth;
      EXPECT_EQ(as_text(struck.read_small("policy.json", policy_size_max).value()), officers_policy(2))
          << nth;
      EXPECT_TRUE(again.fsck().findings.empty()) << nth;
    }
  }
  EXPECT_EQ(seen, (std::set<std::uint64_t>{1, 2}));
}

// Officers may leave a node out. It would be worse off with the policy before: with persons who are revoked by now.
TEST_F(TrustChange, APolicyThatLeavesTheNodeOutIsTakenAndItTakesNoOrders) {
  world.install(papers(first_parts(), policy(1), 1, 0)).value();
  for (const bool pool_is_left : {true, false}) {
    const std::uint64_t version = pool_is_left ? 2 : 4;
    auto parts = officers_parts(version);
    if (pool_is_left) parts.pools[0].nodes = {"mme-9"};
    if (!pool_is_left) parts.pools[0].id = "mme-west";
    const auto without = testkit::print_policy(parts);
    const auto at = world.ports();
    const auto report = change_policy(at, signed_text(without, {"alice-1", "bob-1"})).value();
    const auto code = pool_is_left ? Code::node_unknown : Code::pool_unknown;
    ASSERT_TRUE(report.left_out.has_value());
    EXPECT_EQ(report.left_out->code, code);
    EXPECT_EQ(report.checks.back().finding.substr(0, 9), "LEFT OUT:");
    EXPECT_EQ(status(at).value().findings.at(0).code, code);
    EXPECT_NE(refusal(world.install(papers(second_parts(), policy(version - 1), version, 0))), "");
    EXPECT_TRUE(world.fsck().findings.empty());  // what runs is not touched
    EXPECT_EQ(change(version + 1).value().left_out, std::nullopt);
    EXPECT_TRUE(status(at).value().findings.empty());
  }
  EXPECT_TRUE(world.install(papers(second_parts(), policy(5), 2, 0)).ok());
}

// An order that the others are to carry out is none for a node that its policy leaves out.
TEST_F(TrustChange, OrdersUnderAPolicyThatLeavesTheNodeOutAreForOthers) {
  auto parts = officers_parts(2);
  parts.pools[0].nodes = {"mme-2"};
  const auto at = world.ports();
  change_policy(at, signed_text(testkit::print_policy(parts), {"alice-1", "bob-1"})).value();
  const auto under = testkit::make_policy(parts);
  const auto delivery = papers(first_parts(), under, 1, 0);
  EXPECT_EQ(refusal(world.install(delivery)), "order-other-node");  // it names both nodes
}

TEST_F(TrustChange, G17_WhoStopsInOnePoolHasNoSayInAnother) {
  auto parts = officers_parts(2);
  parts.persons.push_back({"wendy", {"west"}, {testkit::TestKey("wendy-1").public_pem()}});
  parts.pools.push_back({"mme-west", {"mme"}, {"mme-7"}, {"deploy"}, {"west"}, 1});
  const auto at = world.ports();
  change_policy(at, signed_text(testkit::print_policy(parts), {"alice-1", "bob-1"})).value();
  const auto delivery = papers(first_parts(), testkit::make_policy(parts), 1, 0);
  StopOrder stop{"test-product-1.0.csar",
                 sha256(delivery.package),
                 sha256(parse_envelope(delivery.order).value().payload),
                 PoolId::parse("mme-west").value(),
                 1,
                 PersonId::parse("wendy").value(),
                 testkit::test_time(),
                 "not hers"};
  EXPECT_EQ(refusal(take_stop(at, testkit::sign_statement(print_stop(stop), {"wendy-1"}))),
            "order-other-pool");
  stop.pool = PoolId::parse("mme-east").value();
  EXPECT_EQ(refusal(take_stop(at, testkit::sign_statement(print_stop(stop), {"wendy-1"}))),
            "approver-not-authorised");
  EXPECT_TRUE(world.install(delivery).ok());
}

// One person alone does not make the node's time: each stop order within what a clock may differ by, and many of them.
TEST_F(TrustChange, O03_ManyStopOrdersDoNotMoveTheTime) {
  const auto at = world.ports();
  StopOrder stop{"test-product-1.0.csar",
                 sha256(as_bytes("p")),
                 sha256(as_bytes("o")),
                 PoolId::parse("mme-east").value(),
                 1,
                 PersonId::parse("carol").value(),
                 testkit::test_time(),
                 ""};
  for (int i = 1; i <= 10; ++i) {
    stop.order = sha256(as_bytes("o" + std::to_string(i)));
    stop.time = testkit::test_time().plus(std::int64_t{290} * i);
    take_stop(at, testkit::sign_statement(print_stop(stop), {"carol-1"})).value();
  }
  EXPECT_LE(Books::open(disk).value().floors().time, testkit::test_time().plus(300));
}

TEST_F(TrustChange, G17_AStoppedOrderIsNeitherUsedNorFinished) {
  const auto delivery = papers(first_parts(), policy(1), 1, 0);
  const auto order = sha256(parse_envelope(delivery.order).value().payload);
  const StopOrder stop{"test-product-1.0.csar",
                       sha256(delivery.package),
                       order,
                       PoolId::parse("mme-east").value(),
                       1,
                       PersonId::parse("carol").value(),
                       testkit::test_time(),
                       "wrong build"};
  const auto at = world.ports();
  const auto file = testkit::sign_statement(print_stop(stop), {"carol-1"});
  EXPECT_EQ(take_stop(at, file).value().effect, StopReport::Effect::stopped);
  EXPECT_EQ(take_stop(at, file).value().effect, StopReport::Effect::known);
  EXPECT_EQ(refusal(world.install(delivery)), "order-stopped");
  EXPECT_TRUE(Books::open(disk).value().state().stopped.contains(order));
}

}  // namespace
}  // namespace sallyport::node
