// SPDX-License-Identifier: Apache-2.0
#include "core/trust/recall.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "core/trust/order.h"
#include "testkit/statements.h"
#include "testkit/tlog.h"

namespace sallyport {
namespace {

using testkit::sign_statement;
using testkit::test_time;

const Policy& policy() {
  static const Policy made = testkit::make_policy();
  return made;
}

Recall good_recall() {
  return {{{"usr/bin/mme", file_digest(as_bytes("malware"))}},
          {{"mme-1.0.csar", sha256(as_bytes("a package"))}},
          PoolId::parse("mme-east").value(),
          1,
          {{"clamd", "27801"}},
          {sha256(as_bytes("a verdict"))},
          test_time(),
          PersonId::parse("alice").value(),
          "malware"};
}

std::string refusal_of(BytesView envelope) {
  const auto recall = trust::recall(envelope, policy(), test_time());
  return recall.ok() ? "" : std::string(name(recall.error().code));
}

std::string refusal_of(const Recall& recall, const std::vector<std::string>& keys) {
  return refusal_of(sign_statement(print_recall(recall), keys));
}

TEST(RecallAttack, H08_ItTakesTheApprovalsThatAnOrderTakes) {
  const auto recall = good_recall();
  EXPECT_EQ(refusal_of(recall, {"alice-1", "bob-1", "carol-1"}), "");
  EXPECT_EQ(refusal_of(recall, {"alice-1", "carol-1", "bob-2"}), "");
  EXPECT_EQ(refusal_of(recall, {"alice-1", "bob-1"}), "approvals-missing");
  EXPECT_EQ(refusal_of(recall, {"alice-1", "bob-1", "bob-2"}), "approver-counted-twice");
  EXPECT_EQ(refusal_of(recall, {"bob-1", "carol-1"}), "order-not-proposed");
  EXPECT_EQ(refusal_of(recall, {"alice-1", "bob-1", "dave-1"}), "approver-not-authorised");
  EXPECT_EQ(refusal_of(recall, {"alice-1", "bob-1", "mallory"}), "order-signer-unknown");
  auto by_bob = recall;
  by_bob.proposer = PersonId::parse("bob").value();
  EXPECT_EQ(refusal_of(by_bob, {"bob-1", "alice-1", "carol-1"}), "proposer-not-authorised");
}

TEST(RecallAttack, H08_OneRefusalIsAVeto) {
  auto envelope = testkit::make_envelope(print_recall(good_recall()), {"alice-1", "bob-1", "carol-1"});
  testkit::add_signature(envelope, "bob-1", refusal_payload_type);
  EXPECT_EQ(refusal_of(testkit::to_bytes(envelope)), "order-vetoed");
}

TEST(RecallAttack, H08_ItIsForAPoolOfThePolicyAndRestsOnNoVersion) {
  auto recall = good_recall();
  recall.pool = PoolId::parse("mme-west").value();
  EXPECT_EQ(refusal_of(recall, {"alice-1", "bob-1", "carol-1"}), "order-other-pool");
  auto parts = testkit::parts();
  parts.version = 2;
  const auto later = testkit::make_policy(parts);
  const auto file = sign_statement(print_recall(good_recall()), {"alice-1", "bob-1", "carol-1"});
  EXPECT_TRUE(trust::recall(file, later, test_time()).ok());
}

TEST(RecallAttack, EveryFlippedBitIsRefused) {
  const auto good = sign_statement(print_recall(good_recall()), {"alice-1", "bob-1", "carol-1"});
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 1U;
    ASSERT_NE(refusal_of(bad), "") << i;
  }
}

TEST(RecallAttack, AnOrderIsNoRecallAndARecallIsNoOrder) {
  const std::vector<std::string> keys{"alice-1", "bob-1", "carol-1"};
  const auto order = print_order(testkit::make_order(policy(), testkit::make_verdict(policy())));
  EXPECT_EQ(refusal_of(sign_statement(order, keys)), "statement-type-mismatch");
  const auto as_order =
      trust::order(sign_statement(print_recall(good_recall()), keys), policy(), test_time());
  EXPECT_FALSE(as_order.ok());
}

// What a node takes in anew, where the policy names a log.
class LoggedRecall : public testing::Test {
 protected:
  static Policy logging() {
    auto parts = testkit::parts();
    parts.log = testkit::log_part();
    parts.log->age_hours_max = 1;
    return testkit::make_policy(parts);
  }
  static Bytes proof_of(const tlog::Entry& entry) {
    const auto leaf = tlog::leaf_hash(as_bytes(tlog::print_entry(entry)));
    const auto checkpoint = tlog::signed_checkpoint({1, leaf}, {0, 1});
    return copy(as_bytes(tlog::print_proof({{}, 0, {}, tlog::print_note(checkpoint)})));
  }
  std::string outcome(const std::optional<Bytes>& shown, Instant at = test_time()) const {
    const auto recall = trust::logged_recall(file, shown, in_force, at);
    return recall.ok() ? "" : std::string(name(recall.error().code));
  }

  const Policy in_force = logging();
  const std::vector<std::string> enough{"alice-1", "bob-1", "carol-1"};
  const Bytes file = sign_statement(print_recall(good_recall()), enough);
  const Bytes proof = proof_of(tlog::statement_entry(file).value());
};

TEST_F(LoggedRecall, H08_IsProvedByItsOwnEntry) {
  EXPECT_EQ(outcome(proof), "");
  EXPECT_EQ(outcome(std::nullopt), "log-proof-missing");
  auto other = good_recall();
  other.sequence = 2;
  const auto of_another = tlog::statement_entry(sign_statement(print_recall(other), enough)).value();
  EXPECT_NE(outcome(proof_of(of_another)), "");
  EXPECT_NE(outcome(proof_of(tlog::numbered_entry(0))), "");
  auto broken = proof;
  broken[broken.size() / 2] ^= 1U;
  EXPECT_NE(outcome(broken), "");
  EXPECT_EQ(outcome(Bytes()), "log-proof-malformed");
}

// That the log was seen long ago makes a recall no worse; nor does it take the place of approvals.
TEST_F(LoggedRecall, H08_DoesNotAge) {
  EXPECT_EQ(outcome(proof, test_time().plus(30 * 86400)), "");
  const auto open = sign_statement(print_recall(good_recall()), {"alice-1", "bob-1"});
  const auto recall =
      trust::logged_recall(open, proof_of(tlog::statement_entry(open).value()), in_force, test_time());
  EXPECT_EQ(recall.error().code, Code::approvals_missing);
  EXPECT_TRUE(trust::logged_recall(file, std::nullopt, policy(), test_time()).ok());
}

TEST(Recall, WhatIsProposedIsShownWithItsStanding) {
  const auto file = sign_statement(print_recall(good_recall()), {"alice-1", "bob-1"});
  const auto proposed = trust::recall_as_proposed(file, policy(), test_time()).value();
  EXPECT_EQ(proposed->recall, good_recall());
  EXPECT_EQ(proposed->motion.ballot.standing, approve::Standing::open);
}

}  // namespace
}  // namespace sallyport
