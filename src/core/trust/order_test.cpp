// SPDX-License-Identifier: Apache-2.0
#include "core/trust/order.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using approve::Standing;
using testkit::add_signature;
using testkit::make_envelope;
using testkit::make_order;
using testkit::make_policy;
using testkit::make_verdict;
using testkit::sign_statement;
using testkit::test_time;
using testkit::to_bytes;

const Policy& policy() {
  static const Policy one = make_policy();
  return one;
}

Order good_order() {
  return make_order(policy(), make_verdict(policy()));
}

std::string refusal_of(BytesView envelope, const Policy& in_force = policy()) {
  const auto proof = trust::order(envelope, in_force, test_time());
  return proof.ok() ? "accepted" : std::string(name(proof.error().code));
}

std::string refusal_by(const std::vector<std::string>& keys) {
  return refusal_of(sign_statement(print_order(good_order()), keys));
}

const std::vector<std::string> enough{"alice-1", "bob-1", "carol-1"};

template <class Change>
std::string refusal_with(Change change) {
  auto order = good_order();
  change(order);
  return refusal_of(sign_statement(print_order(order), enough));
}

TEST(Order, IsGrantedWithItsEvidence) {
  const auto payload = print_order(good_order());
  const auto proof = trust::order(sign_statement(payload, enough), policy(), test_time()).value();
  EXPECT_EQ(proof->digest, sha256(as_bytes(payload)));
  EXPECT_EQ(proof->ballot.standing, Standing::granted);
  EXPECT_EQ(proof->ballot.approved.size(), 2U);
  EXPECT_EQ(proof.evidence().checks.size(), 5U);
  EXPECT_EQ(proof.evidence().checks.back().finding, "bob, carol; required: 2 of release, pool mme-east");
}

TEST(OrderAttack, G01_OneApprovalShort) {
  EXPECT_EQ(refusal_by({"alice-1"}), "approvals-missing");
  EXPECT_EQ(refusal_by({"alice-1", "bob-1"}), "approvals-missing");
  EXPECT_EQ(refusal_by(enough), "accepted");
  const auto short_one = sign_statement(print_order(good_order()), {"alice-1", "bob-1"});
  const auto error = trust::order(short_one, policy(), test_time()).error();
  EXPECT_EQ(error.expected, "2 of release");
  EXPECT_EQ(error.found, "1: bob");
  EXPECT_EQ(trust::order_as_proposed(short_one, policy(), test_time()).value()->ballot.standing,
            Standing::open);
}

TEST(OrderAttack, G02_OnePersonWithTwoKeysIsOnePerson) {
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "bob-2"}), "approver-counted-twice");
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "bob-2", "carol-1"}), "approver-counted-twice");
}

TEST(OrderAttack, D14_OneSignatureTwiceIsOnePerson) {
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "bob-1"}), "approver-counted-twice");
  EXPECT_EQ(refusal_by({"alice-1", "alice-1", "bob-1"}), "approver-is-proposer");
}

TEST(OrderAttack, D15_ASignatureUnderAnotherKeyIdIsNone) {
  auto envelope = make_envelope(print_order(good_order()), {"alice-1", "bob-1", "bob-1"});
  const auto claims = [&](const std::string& key) {
    envelope.signatures[2].key = testkit::TestKey(key).public_key().id();
    return refusal_of(to_bytes(envelope));
  };
  EXPECT_EQ(claims("carol-1"), "order-signature-invalid");
  EXPECT_EQ(claims("bob-2"), "order-signature-invalid");
  EXPECT_EQ(claims("nobody"), "order-signer-unknown");
}

TEST(OrderAttack, G03_TheProposerDoesNotApprove) {
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "alice-1"}), "approver-is-proposer");
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "carol-1", "alice-1"}), "approver-is-proposer");
}

TEST(OrderAttack, A08_TheProposerSignsFirstAndMayPropose) {
  EXPECT_EQ(refusal_by({"bob-1", "carol-1"}), "order-not-proposed");
  EXPECT_EQ(refusal_by({"bob-1", "alice-1", "carol-1"}), "order-not-proposed");
  auto order = good_order();
  order.proposer = PersonId::parse("bob").value();
  EXPECT_EQ(refusal_of(sign_statement(print_order(order), {"bob-1", "alice-1", "carol-1"})),
            "proposer-not-authorised");
  order.proposer = PersonId::parse("mallory").value();
  EXPECT_EQ(refusal_of(sign_statement(print_order(order), enough)), "order-not-proposed");
}

TEST(OrderAttack, A09_ApproversHaveAnApprovingRole) {
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "dave-1"}), "approver-not-authorised");
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "carol-1", "dave-1"}), "approver-not-authorised");
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "mallory"}), "order-signer-unknown");
  EXPECT_EQ(refusal_by({"alice-1", "bob-1", "intake-1"}), "order-signer-unknown");
}

// The rule: an invalid signature refuses the order, whatever else it carries.
TEST(OrderAttack, D17_OneInvalidSignatureAmongEnoughValidOnes) {
  for (std::size_t i = 0; i < 3; ++i) {
    auto envelope = make_envelope(print_order(good_order()), enough);
    envelope.signatures[i].signature[5] ^= 1U;
    EXPECT_EQ(refusal_of(to_bytes(envelope)), "order-signature-invalid") << i;
  }
  auto envelope = make_envelope(print_order(good_order()), enough);
  add_signature(envelope, "bob-2", "application/json");
  EXPECT_EQ(refusal_of(to_bytes(envelope)), "order-signature-invalid");
}

// Any change voids every approval: each field, with the signatures that were given before.
TEST(OrderAttack, G06_AChangedOrderHasNoApprovals) {
  const auto signatures = make_envelope(print_order(good_order()), enough).signatures;
  const auto refusal_after = [&](auto change) {
    auto order = good_order();
    change(order);
    Envelope envelope = make_envelope(print_order(order), {});
    envelope.signatures = signatures;
    return refusal_of(to_bytes(envelope));
  };
  const auto other = sha256(as_bytes("other"));
  EXPECT_EQ(refusal_after([](Order&) {}), "accepted");
  const auto void_now = "order-signature-invalid";
  EXPECT_EQ(refusal_after([](Order& o) { o.package_name = "other.csar"; }), void_now);
  EXPECT_EQ(refusal_after([&](Order& o) { o.package = other; }), void_now);
  EXPECT_EQ(refusal_after([&](Order& o) { o.release = other; }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.product = ProductId::parse("mme").value(); }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.version = "1.1"; }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.counter = 8; }), void_now);
  EXPECT_EQ(refusal_after([&](Order& o) { o.verdict = other; }), void_now);
  EXPECT_EQ(refusal_after([&](Order& o) { o.policy = other; }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.policy_version = 2; }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.pool = PoolId::parse("mme-west").value(); }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.nodes.pop_back(); }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.sequence = 2; }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.from = o.from.plus(-1); }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.until = o.until.plus(1); }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.proposer = PersonId::parse("bob").value(); }), void_now);
  EXPECT_EQ(refusal_after([](Order& o) { o.reason = ""; }), void_now);
}

TEST(OrderAttack, EveryFlippedBitIsRefused) {
  const auto good = sign_statement(print_order(good_order()), enough);
  ASSERT_EQ(refusal_of(good), "accepted");
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 1U;
    ASSERT_NE(refusal_of(bad), "accepted") << i;
  }
}

TEST(OrderAttack, G17_ARefusalVetoes) {
  for (const auto* person : {"alice-1", "bob-1", "bob-2", "carol-1"}) {
    auto envelope = make_envelope(print_order(good_order()), enough);
    add_signature(envelope, person, refusal_payload_type);
    EXPECT_EQ(refusal_of(to_bytes(envelope)), "order-vetoed") << person;
  }
  auto envelope = make_envelope(print_order(good_order()), {"alice-1"});
  add_signature(envelope, "carol-1", refusal_payload_type);
  add_signature(envelope, "bob-1");
  EXPECT_EQ(refusal_of(to_bytes(envelope)), "order-vetoed");
  EXPECT_EQ(
      trust::order_as_proposed(to_bytes(envelope), policy(), test_time()).value()->ballot.refused.size(), 1U);
  add_signature(envelope, "dave-1", refusal_payload_type);
  EXPECT_EQ(refusal_of(to_bytes(envelope)), "approver-not-authorised");
}

// ECDSA signatures differ each time, and r, n - s verifies wherever r, s does.
TEST(OrderAttack, G26_OnePersonIsCountedOnceWhateverTheBytes) {
  const auto key = testkit::TestKey::random_p256();
  auto parts = testkit::parts();
  parts.persons[1].keys = {key.public_pem()};
  const auto in_force = make_policy(parts);
  const auto payload = print_order(make_order(in_force, make_verdict(in_force)));
  auto envelope = make_envelope(payload, {"alice-1"});
  const auto encoded = pre_authentication_encoding(statement_payload_type, envelope.payload);
  const auto signature = key.sign(encoded);
  envelope.signatures.push_back({key.public_key().id(), signature});
  EXPECT_EQ(refusal_of(to_bytes(envelope), in_force), "approvals-missing");
  envelope.signatures.push_back({key.public_key().id(), key.sign(encoded)});
  EXPECT_EQ(refusal_of(to_bytes(envelope), in_force), "approver-counted-twice");
  envelope.signatures.back().signature = testkit::twin_of(signature);
  EXPECT_EQ(refusal_of(to_bytes(envelope), in_force), "order-signature-invalid");
}

TEST(OrderAttack, G31_PlaceholdersAreNoSignatures) {
  for (const auto& placeholder : {Bytes(64), Bytes(1), Bytes(64, 0xff)}) {
    auto envelope = make_envelope(print_order(good_order()), enough);
    envelope.signatures.push_back({testkit::TestKey("bob-2").public_key().id(), placeholder});
    EXPECT_EQ(refusal_of(to_bytes(envelope)), "order-signature-invalid");
  }
}

// A refusal can neither be made an approval nor the envelope one of refusals.
TEST(OrderAttack, ARefusalIsNoApproval) {
  auto envelope = make_envelope(print_order(good_order()), {"alice-1", "bob-1"});
  add_signature(envelope, "carol-1", refusal_payload_type);
  EXPECT_EQ(refusal_of(to_bytes(envelope)), "order-vetoed");
  EXPECT_EQ(refusal_of(to_bytes(make_envelope(print_order(good_order()), enough, refusal_payload_type))),
            "statement-type-mismatch");
}

TEST(OrderAttack, G10_TheOrderRestsOnThePolicyInForce) {
  EXPECT_EQ(refusal_with([](Order& o) { o.policy_version = 2; }), "policy-mismatch");
  EXPECT_EQ(refusal_with([](Order& o) { o.policy = sha256(as_bytes("weaker")); }), "policy-mismatch");
  auto weaker = testkit::parts();
  weaker.pools[0].persons = 1;
  const auto short_one = sign_statement(print_order(good_order()), {"alice-1", "bob-1"});
  EXPECT_EQ(refusal_of(short_one, make_policy(weaker)), "policy-mismatch");
}

// Whoever lost the role or the key since is not counted, though the signature is genuine.
TEST(OrderAttack, G09_ARevokedApproverVoidsPendingOrders) {
  const auto file = sign_statement(print_order(good_order()), enough);
  auto parts = testkit::parts();
  parts.persons.push_back({"erin", {"release"}, {testkit::TestKey("erin-1").public_pem()}});
  parts.persons.erase(parts.persons.begin() + 2);
  EXPECT_EQ(refusal_of(file, make_policy(parts)), "order-signer-unknown");
  parts.version = 2;
  const auto next = make_policy(parts);
  EXPECT_EQ(refusal_of(sign_statement(print_order(make_order(next, make_verdict(next))), enough), next),
            "order-signer-unknown");
}

TEST(OrderAttack, C17_PoolProductAndNodesAreThoseOfThePolicy) {
  EXPECT_EQ(refusal_with([](Order& o) { o.pool = PoolId::parse("mme-west").value(); }), "order-other-pool");
  EXPECT_EQ(refusal_with([](Order& o) { o.product = ProductId::parse("hss").value(); }),
            "order-other-product");
  EXPECT_EQ(refusal_with([](Order& o) { o.nodes.push_back(NodeId::parse("mme-3").value()); }),
            "order-other-node");
}

TEST(OrderAttack, G07_AVerdictIsNoOrder) {
  const auto verdict = print_verdict(make_verdict(policy()));
  EXPECT_EQ(refusal_of(sign_statement(verdict, enough)), "statement-type-mismatch");
  EXPECT_EQ(refusal_of(sign_statement(verdict, {"intake-1"})), "order-signer-unknown");
}

TEST(OrderAttack, C27_NothingIsParsedBeforeTheSignaturesHold) {
  auto envelope = make_envelope("this is no statement", {"alice-1"});
  EXPECT_EQ(refusal_of(to_bytes(envelope)), "statement-malformed");
  envelope.signatures[0].signature[0] ^= 1U;
  EXPECT_EQ(refusal_of(to_bytes(envelope)), "order-signature-invalid");
}

// The same as in core/approve/ballot_test.cpp, through real signatures: every envelope of up to three signatures and
// a sample of longer ones is decided as approve::fold decides the events that the signatures stand for.
class SignedHistories : public testing::Test {
 protected:
  struct Mark {
    std::string key;
    approve::Event event;
    EnvelopeSignature signature;
  };

  SignedHistories() : payload_(print_order(good_order())) {
    for (const std::string key : {"alice-1", "bob-1", "bob-2", "carol-1", "dave-1"}) {
      add(key, approve::Act::approve, statement_payload_type);
      add(key, approve::Act::refuse, refusal_payload_type);
    }
  }

  void add(const std::string& key, approve::Act act, std::string_view type) {
    const approve::Event event{testkit::TestKey(key).public_key().id(), act, sha256(as_bytes(payload_))};
    marks_.push_back({key, event, make_envelope(payload_, {key}, type).signatures.front()});
  }

  void check(const std::vector<std::size_t>& choice) {
    auto envelope = make_envelope(payload_, {});
    std::vector<approve::Event> events;
    for (const auto i : choice) {
      envelope.signatures.push_back(marks_[i].signature);
      events.push_back(marks_[i].event);
    }
    if (choice.front() == 0) events.front().act = approve::Act::propose;
    const auto& pool = policy().pools.begin()->second;
    const approve::Motion motion{
        policy(),   pool, PersonId::parse("alice").value(), sha256(as_bytes(payload_)), OrderKind::ordinary,
        test_time()};
    const auto expected = approve::fold(motion, events);
    const auto found = trust::order_as_proposed(to_bytes(envelope), policy(), test_time());
    ASSERT_EQ(found.ok(), expected.ok());
    if (!found.ok()) {
      ASSERT_EQ(name(found.error().code), name(expected.error().code));
      return;
    }
    ASSERT_EQ(found.value()->ballot.standing, expected.value().standing);
    ASSERT_EQ(found.value()->ballot.approved, expected.value().approved);
    ASSERT_EQ(found.value()->ballot.refused, expected.value().refused);
    granted_ += expected.value().standing == Standing::granted ? 1U : 0U;
    ASSERT_EQ(refusal_of(to_bytes(envelope)) == "accepted", expected.value().standing == Standing::granted);
  }

  std::string payload_;
  std::vector<Mark> marks_;
  std::size_t granted_ = 0;
};

TEST_F(SignedHistories, UpToThreeSignatures) {
  for (std::size_t size = 1, total = marks_.size(); size <= 3; ++size, total *= marks_.size()) {
    for (std::size_t number = 0; number < total; ++number) {
      std::vector<std::size_t> choice;
      for (std::size_t i = 0, rest = number; i < size; ++i, rest /= marks_.size()) {
        choice.push_back(rest % marks_.size());
      }
      ASSERT_NO_FATAL_FAILURE(check(choice));
    }
  }
  EXPECT_EQ(granted_, 4U);  // alice, then bob by either key and carol, in either order
}

TEST_F(SignedHistories, ASampleOfLongerOnes) {
  std::uint64_t state = 20261121;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::size_t> choice{0};
    const std::size_t size = 4 + static_cast<std::size_t>(round) % 3;
    while (choice.size() < size) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      choice.push_back((state >> 33U) % marks_.size());
    }
    ASSERT_NO_FATAL_FAILURE(check(choice));
  }
}

// What a library without ML-DSA answers wherever one of its signatures would have to be looked at.
std::string where_possible(const std::string& answer) {
  return testkit::library_has_ml_dsa() ? answer : "algorithm-unavailable";
}

const Policy& hybrid_policy() {
  static const Policy one = make_policy(testkit::hybrid(testkit::parts()));
  return one;
}

std::string hybrid_refusal_by(const std::vector<std::string>& keys) {
  const auto order = make_order(hybrid_policy(), make_verdict(hybrid_policy()));
  return refusal_of(sign_statement(print_order(order), keys), hybrid_policy());
}

TEST(OrderAttack, D19_BothKindsOfSignaturesOfEveryPerson) {
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "alice-pq", "bob-1", "bob-pq", "carol-1", "carol-pq"}),
            where_possible("accepted"));
  EXPECT_EQ(hybrid_refusal_by({"alice-pq", "bob-1", "carol-pq", "carol-1", "bob-pq", "alice-1"}),
            where_possible("accepted"));
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "alice-pq", "bob-1", "bob-pq", "carol-1"}),
            where_possible("approvals-missing"));
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "alice-pq", "bob-1", "bob-pq", "carol-pq"}),
            where_possible("approvals-missing"));
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "bob-1", "bob-pq", "carol-1", "carol-pq"}),
            where_possible("signature-kind-missing"));
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "alice-pq", "bob-1", "bob-2", "carol-1", "carol-pq"}),
            where_possible("approver-counted-twice"));
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "alice-pq", "bob-1", "bob-pq", "bob-pq"}),
            where_possible("approver-counted-twice"));
}

// Stripping every post-quantum signature needs no library to be seen through.
TEST(OrderAttack, D19_StrippingIsRefusedByAnyLibrary) {
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "bob-1", "carol-1"}), "signature-kind-missing");
  EXPECT_EQ(hybrid_refusal_by({"alice-1", "alice-1", "bob-1", "carol-1"}), "approver-is-proposer");
}

TEST(OrderAttack, D19_OneOfTwoDoesNotVerify) {
  for (const auto* key : {"carol-1", "carol-pq"}) {
    const auto order = make_order(hybrid_policy(), make_verdict(hybrid_policy()));
    auto envelope =
        make_envelope(print_order(order), {"alice-1", "alice-pq", "bob-1", "bob-pq", "carol-1", "carol-pq"});
    for (auto& signature : envelope.signatures)
      if (signature.key == testkit::TestKey(key).public_key().id()) signature.signature[40] ^= 1U;
    EXPECT_EQ(refusal_of(to_bytes(envelope), hybrid_policy()), where_possible("order-signature-invalid"))
        << key;
  }
}

TEST(OrderAttack, R09_MlDsaEndsForPersonsLikeEveryOther) {
  const auto order = print_order(make_order(hybrid_policy(), make_verdict(hybrid_policy())));
  const auto envelope =
      sign_statement(order, {"alice-1", "alice-pq", "bob-1", "bob-pq", "carol-1", "carol-pq"});
  const auto with_end = [&](const std::string& algorithm, Instant end) {
    auto policy = hybrid_policy();
    policy.algorithm_ends = {{algorithm, end}};
    return refusal_of(envelope, policy);
  };
  const auto over = testkit::test_time().plus(-1);
  EXPECT_EQ(with_end("ML-DSA-65", testkit::test_time()), where_possible("accepted"));
  EXPECT_EQ(with_end("ML-DSA-65", over), where_possible("algorithm-ended"));
  EXPECT_EQ(with_end("Ed25519", over), where_possible("algorithm-ended"));
  for (const auto* other : {"ML-DSA-44", "ML-DSA-87", "ECDSA P-256"})
    EXPECT_EQ(with_end(other, over), where_possible("accepted")) << other;
}

}  // namespace
}  // namespace sallyport
