// SPDX-License-Identifier: Apache-2.0
#include "core/trust/logged.h"

#include "core/trust/permit.h"
#include "testkit/package.h"
#include "testkit/tlog.h"

namespace sallyport {
namespace {

using testkit::test_time;

Policy policy_with_log() {
  auto parts = testkit::parts(testkit::acme().anchor_pem());
  parts.log = testkit::log_part();
  return testkit::make_policy(parts);
}

Bytes proof_of(const tlog::Entry& entry) {
  const auto leaf = tlog::leaf_hash(as_bytes(tlog::print_entry(entry)));
  return copy(
      as_bytes(tlog::print_proof({{}, 0, {}, tlog::print_note(tlog::signed_checkpoint({1, leaf}, {0, 1}))})));
}

TEST(Logged, SaysWhereAndWhoSawIt) {
  const auto entry = tlog::numbered_entry(0);
  Checks passed;
  const auto logged = trust::logged(proof_of(entry), entry, policy_with_log(), test_time(), passed).value();
  EXPECT_EQ(logged->entry, entry);
  EXPECT_EQ(logged->proof.checkpoint.checkpoint.head.size, 1U);
  ASSERT_EQ(passed.size(), 2U);
  EXPECT_EQ(passed[0].finding, "entry 0 of 1 in log.example/packages");
  EXPECT_EQ(passed[1].finding, "w0.example at 2026-11-21T21:00:00Z, w1.example at 2026-11-21T21:00:00Z");
}

TEST(LoggedAttack, NoLogInThePolicyIsNoProof) {
  const auto entry = tlog::numbered_entry(0);
  Checks passed;
  const auto logged = trust::logged(proof_of(entry), entry, testkit::make_policy(), test_time(), passed);
  EXPECT_EQ(logged.error().code, Code::log_unknown);
  EXPECT_TRUE(passed.empty());
}

// A genuine proof about a genuine order, shown for another one.
TEST(LoggedAttack, N05_APermitTakesTheProofOfItsOwnOrder) {
  const auto policy = policy_with_log();
  const auto file = testkit::make_package();
  InlineWorkers workers;
  const MemorySource source(file);
  const auto package = trust::package(source, policy, test_time(), workers).value();
  const auto verdict_of = testkit::make_verdict(policy, *package);
  const auto verdict =
      trust::verdict(testkit::sign_statement(print_verdict(verdict_of), {"intake-1"}), policy, test_time())
          .value();
  auto order_of = testkit::make_order(policy, verdict_of);
  const std::vector<std::string> signers{"alice-1", "bob-1", "carol-1"};
  const auto envelope = testkit::sign_statement(print_order(order_of), signers);
  const auto order = trust::order(envelope, policy, test_time()).value();
  order_of.sequence = 2;
  const auto other_envelope = testkit::sign_statement(print_order(order_of), signers);

  const NodeFacts node{NodeId::parse("mme-1").value(), PoolId::parse("mme-east").value(), "x86_64", {}, {}};
  const auto permit_with = [&](const tlog::Entry& entry) {
    Checks passed;
    const auto logged = trust::logged(proof_of(entry), entry, policy, test_time(), passed).value();
    return trust::permit(package, verdict, order, logged, node, policy, test_time());
  };
  EXPECT_TRUE(permit_with(tlog::statement_entry(envelope).value()).ok());
  EXPECT_EQ(permit_with(tlog::statement_entry(other_envelope).value()).error().code, Code::log_other_entry);
  EXPECT_EQ(permit_with(tlog::package_entry(order->digest)).error().code, Code::log_other_entry);
  EXPECT_EQ(trust::permit(package, verdict, order, {}, node, policy, test_time()).error().code,
            Code::log_proof_missing);
}

}  // namespace
}  // namespace sallyport
