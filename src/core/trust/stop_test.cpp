// SPDX-License-Identifier: Apache-2.0
#include "core/trust/stop.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::sign_statement;
using testkit::test_time;

const Policy& policy() {
  static const Policy made = testkit::make_policy();
  return made;
}

StopOrder good_stop() {
  return {"test-product-1.0.csar",
          sha256(as_bytes("a package")),
          sha256(as_bytes("an order")),
          PoolId::parse("mme-east").value(),
          1,
          PersonId::parse("bob").value(),
          test_time(),
          "wrong build"};
}

std::string refusal_of(BytesView envelope) {
  const auto stop = trust::stop(envelope, policy(), test_time());
  return stop.ok() ? "" : std::string(name(stop.error().code));
}

TEST(StopAttack, G17_OnePersonWithARoleStops) {
  auto stop = good_stop();
  EXPECT_EQ(refusal_of(sign_statement(print_stop(stop), {"bob-1"})), "");
  EXPECT_EQ(refusal_of(sign_statement(print_stop(stop), {"bob-2"})), "");
  EXPECT_EQ(refusal_of(sign_statement(print_stop(stop), {"alice-1"})), "order-signer-unknown");
  EXPECT_EQ(refusal_of(sign_statement(print_stop(stop), {"mallory"})), "order-signer-unknown");
  EXPECT_EQ(refusal_of(sign_statement(print_stop(stop), {"bob-1", "carol-1"})), "envelope-malformed");
  stop.person = PersonId::parse("dave").value();
  EXPECT_EQ(refusal_of(sign_statement(print_stop(stop), {"dave-1"})), "approver-not-authorised");
  stop = good_stop();
  stop.pool = PoolId::parse("mme-west").value();
  EXPECT_EQ(refusal_of(sign_statement(print_stop(stop), {"bob-1"})), "order-other-pool");
}

// Who may refuse an order of the pool may stop it as well.
TEST(Stop, WhoHasAVetoStops) {
  auto text = testkit::print_policy(testkit::parts());
  const std::string approvals = R"("approve":["release"],"persons":2)";
  text.replace(text.find(approvals), approvals.size(), approvals + R"(,"veto":["audit"])");
  const auto with_veto = parse_policy(as_bytes(text)).value();
  auto stop = good_stop();
  stop.person = PersonId::parse("dave").value();
  const auto file = sign_statement(print_stop(stop), {"dave-1"});
  EXPECT_EQ(refusal_of(file), "approver-not-authorised");
  EXPECT_TRUE(trust::stop(file, with_veto, test_time()).ok());
}

TEST(StopAttack, EveryFlippedBitIsRefused) {
  const auto good = sign_statement(print_stop(good_stop()), {"bob-1"});
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 1U;
    ASSERT_NE(refusal_of(bad), "") << i;
  }
}

TEST(StopAttack, C17_AnOrderIsNoStopOrder) {
  const auto order = print_order(testkit::make_order(policy(), testkit::make_verdict(policy())));
  EXPECT_EQ(refusal_of(sign_statement(order, {"bob-1"})), "statement-type-mismatch");
  EXPECT_EQ(refusal_of(testkit::to_bytes(
                testkit::make_envelope(print_stop(good_stop()), {"bob-1"}, refusal_payload_type))),
            "statement-type-mismatch");
}

}  // namespace
}  // namespace sallyport
