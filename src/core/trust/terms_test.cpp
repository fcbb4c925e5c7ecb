// SPDX-License-Identifier: Apache-2.0
// When an order may be used, and for how long it may be open: what the policy's pool says, to the second.
#include <gtest/gtest.h>

#include "core/trust/permit.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::PolicyParts;

// 2026-11-21T22:00:00Z is a Saturday; orders of the test kit are open from 21:00 for 25 hours.
Instant at(const char* time) {
  return Instant::parse(std::string("2026-11-") + time).value();
}

struct Terms {
  Terms() : parts(testkit::parts(testkit::acme().anchor_pem())) {}

  std::string refusal(Instant now) const {
    const auto permit_or_not = permit(now);
    return permit_or_not.ok() ? "" : std::string(name(permit_or_not.error().code));
  }
  Result<Permit> permit(Instant now) const {
    auto policy = testkit::make_policy(parts);
    if (kind == OrderKind::break_glass) with_break_glass(policy);
    static const auto file = testkit::make_package();
    InlineWorkers workers;
    const auto package = trust::package(MemorySource(file), policy, now, workers).value();
    const auto said = testkit::make_verdict(policy, *package);
    const auto verdict =
        trust::verdict(testkit::sign_statement(print_verdict(said), {"intake-1"}), policy, now).value();
    auto order = testkit::make_order(policy, said);
    order.until = order.from.plus(seconds);
    order.kind = kind;
    const auto signed_order = testkit::sign_statement(print_order(order), {"alice-1", "bob-1", "carol-1"});
    const NodeFacts node{
        NodeId::parse("mme-1").value(), PoolId::parse("mme-east").value(), "x86_64", {}, {}, {}};
    return trust::permit(package, verdict, TRY(trust::order(signed_order, policy, now)), std::nullopt, node,
                         policy, now);
  }

  // By the same persons, with the same keys.
  static void with_break_glass(Policy& policy) {
    auto& pool = policy.pools.begin()->second;
    pool.break_glass = BreakGlassRule{pool.approvals, 72};
    for (auto& [id, person] : policy.persons) {
      for (auto& key : person.keys) key.use = KeyUse::break_glass;
    }
  }

  PolicyParts parts;
  OrderKind kind = OrderKind::ordinary;
  std::int64_t seconds = std::int64_t{25} * 3600;
};

TEST(TermsAttack, G05_HoursOfAPoolBeginAndEndToTheSecond) {
  Terms terms;
  terms.parts.pools[0].windows = {{{"sat"}, "22:00", "22:30"}};
  EXPECT_EQ(terms.refusal(at("21T21:59:59Z")), "outside-allowed-hours");
  EXPECT_EQ(terms.refusal(at("21T22:00:00Z")), "");
  EXPECT_EQ(terms.refusal(at("21T22:29:59Z")), "");
  EXPECT_EQ(terms.refusal(at("21T22:30:00Z")), "outside-allowed-hours");
  EXPECT_EQ(terms.refusal(at("22T22:00:00Z")), "order-expired");  // its own window is asked first
  terms.parts.pools[0].windows = {{{"sat"}, "23:30", "00:30"}, {{"mon"}, "00:00", "24:00"}};
  EXPECT_EQ(terms.refusal(at("21T23:29:59Z")), "outside-allowed-hours");
  EXPECT_EQ(terms.refusal(at("22T00:29:59Z")), "");  // of Saturday
  EXPECT_EQ(terms.refusal(at("22T00:30:00Z")), "outside-allowed-hours");
}

// It is for when there is no time to wait for them.
TEST(Terms, BreakGlassKnowsNoHours) {
  Terms terms;
  terms.parts.pools[0].windows = {{{"sat"}, "22:00", "22:30"}};
  terms.kind = OrderKind::break_glass;
  EXPECT_EQ(terms.refusal(at("21T21:59:59Z")), "");
  terms.kind = OrderKind::ordinary;
  EXPECT_EQ(terms.refusal(at("21T21:59:59Z")), "outside-allowed-hours");
}

TEST(TermsAttack, G05_AWindowIsNotLongerThanThePolicyAllows) {
  Terms terms;
  terms.parts.pools[0].window_hours_max = 25;
  EXPECT_EQ(terms.refusal(testkit::test_time()), "");
  ++terms.seconds;
  EXPECT_EQ(terms.refusal(testkit::test_time()), "order-window-too-long");
  terms.seconds = Instant::seconds_max;  // until the end of time
  EXPECT_EQ(terms.refusal(testkit::test_time()), "order-window-too-long");
  terms.parts.pools[0].window_hours_max = 0;
  EXPECT_EQ(terms.refusal(testkit::test_time()), "");
}

// O05: the last second that there is, and a clock that stands on it.
TEST(TermsAttack, O05_AnOrderUntilTheEndOfTimeEnds) {
  Terms terms;
  terms.parts.verdict_age_days_max = 3650;
  terms.seconds = Instant::seconds_max;
  EXPECT_EQ(terms.refusal(at("22T22:00:00Z")), "");
  EXPECT_EQ(terms.refusal(at("21T20:59:59Z")), "order-not-yet-valid");
}

}  // namespace
}  // namespace sallyport
