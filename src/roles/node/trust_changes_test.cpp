// SPDX-License-Identifier: Apache-2.0
// The clock, the next policy and stop orders on a node.
#include "roles/node/trust_changes.h"

#include <gtest/gtest.h>

#include <set>

#include "adapters/disk/faulty.h"
#include "roles/node/status.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

constexpr std::int64_t day = 86400;
constexpr std::int64_t year = 365 * day;

// The officers are two of release.
std::string officers_policy(std::uint64_t version) {
  auto parts = testkit::parts(testkit::acme().anchor_pem());
  parts.version = version;
  auto text = testkit::print_policy(parts);
  return text.insert(text.find("\"name\":"), R"("officers":{"roles":["release"],"persons":2},)");
}

Bytes signed_policy(std::uint64_t version, const std::vector<std::string>& keys) {
  return testkit::to_bytes(testkit::make_envelope(officers_policy(version), keys, policy_payload_type));
}

// Papers for a package that rest on this policy, made at some other time.
Delivery papers(const testkit::PackageParts& parts, const Policy& policy, std::uint64_t sequence,
                std::int64_t later) {
  Delivery delivery{testkit::make_package(parts), {}, {}};
  InlineWorkers workers;
  const MemorySource source(delivery.package);
  const auto package = trust::package(source, policy, testkit::test_time(), workers).value();
  auto verdict = testkit::make_verdict(policy, *package);
  verdict.time = verdict.time.plus(later);
  verdict.engines[0].database_time = verdict.engines[0].database_time.plus(later);
  auto order = testkit::make_order(policy, verdict);
  order.sequence = sequence;
  order.from = order.from.plus(later);
  order.until = order.until.plus(later);
  delivery.verdict = testkit::sign_statement(print_verdict(verdict), {"intake-1"});
  delivery.order = testkit::sign_statement(print_order(order), {"alice-1", "bob-1", "carol-1"});
  return delivery;
}

Policy first_policy() {
  return parse_policy(as_bytes(policy_text())).value();
}

template <class T>
std::string refusal(const Result<T>& result) {
  return result.ok() ? "" : std::string(name(result.error().code));
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
