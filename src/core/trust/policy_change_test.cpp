// SPDX-License-Identifier: Apache-2.0
#include "core/trust/policy_change.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_envelope;
using testkit::test_time;
using testkit::to_bytes;

// Two officers: of release, that is alice, bob (two keys) and carol.
testkit::PolicyParts parts_of(std::uint64_t version, std::uint64_t officers = 2) {
  auto parts = testkit::parts();
  parts.version = version;
  parts.officers = {{"release"}, officers};
  return parts;
}

std::string policy_text(std::uint64_t version, std::uint64_t officers = 2) {
  return testkit::print_policy(parts_of(version, officers));
}

const Policy& in_force() {
  static const Policy policy = parse_policy(as_bytes(policy_text(5))).value();
  return policy;
}

Bytes signed_by(const std::string& text, const std::vector<std::string>& keys) {
  return to_bytes(make_envelope(text, keys, policy_payload_type));
}

std::string refusal_of(BytesView envelope, Instant at = test_time()) {
  const auto change = trust::policy_change(in_force(), envelope, at);
  return change.ok() ? "" : std::string(name(change.error().code)) + " " + change.error().where;
}
std::string refusal_of(const std::string& text, const std::vector<std::string>& keys) {
  return refusal_of(signed_by(text, keys));
}

TEST(PolicyChange, NeedsTheOfficersOfBoth) {
  const auto text = policy_text(6);
  const auto file = signed_by(text, {"alice-1", "bob-1"});
  const auto change = trust::policy_change(in_force(), file, test_time()).value();
  EXPECT_EQ(change->next.version, 6U);
  EXPECT_EQ(as_text(change->bytes), text);
  EXPECT_EQ(change.evidence().policy_version, 5U);
  EXPECT_EQ(refusal_of(text, {"alice-1"}), "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_of(policy_text(6, 3), {"alice-1", "bob-1"}),
            "policy-quorum-missing officers of version 6");
  EXPECT_EQ(refusal_of(policy_text(6, 3), {"alice-1", "bob-1", "carol-1"}), "");
}

TEST(PolicyChangeAttack, F05_VersionsGoUpByOne) {
  for (const std::uint64_t version : {1ULL, 4ULL, 5ULL}) {
    EXPECT_EQ(refusal_of(policy_text(version), {"alice-1", "bob-1"}), "policy-rollback version") << version;
  }
  for (const std::uint64_t version : {7ULL, 8ULL, 1ULL << 53U}) {
    EXPECT_EQ(refusal_of(policy_text(version), {"alice-1", "bob-1"}), "policy-version-skipped version")
        << version;
  }
}

TEST(PolicyChangeAttack, G10_NobodyAuthorisesHimself) {
  // mallory writes himself in, and the threshold down.
  auto parts = parts_of(6, 1);
  parts.persons.push_back({"mallory", {"release"}, {testkit::TestKey("mallory").public_pem()}});
  const auto text = testkit::print_policy(parts);
  EXPECT_EQ(refusal_of(text, {"mallory"}), "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_of(text, {"mallory", "alice-1"}), "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_of(text, {"mallory", "alice-1", "carol-1"}), "");
  EXPECT_EQ(refusal_of(policy_text(6), {"mallory", "alice-1", "bob-1"}),
            "policy-signer-unknown signatures[0]");
}

TEST(PolicyChangeAttack, G02_OnePersonWithTwoKeysIsOnePerson) {
  EXPECT_EQ(refusal_of(policy_text(6), {"bob-1", "bob-2"}), "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_of(policy_text(6), {"bob-1", "bob-1"}), "approver-counted-twice signatures[1]");
}

// Whoever renews a token needs the others, or the old one: the new key says nothing to the policy in force.
TEST(PolicyChangeAttack, G30_ANewKeyDoesNotSpeakForItsPersonYet) {
  auto parts = parts_of(6);
  parts.persons[1].keys = {testkit::TestKey("bob-3").public_pem()};
  const auto text = testkit::print_policy(parts);
  EXPECT_EQ(refusal_of(text, {"alice-1", "bob-3"}), "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_of(text, {"alice-1", "bob-1"}), "policy-quorum-missing officers of version 6");
  EXPECT_EQ(refusal_of(text, {"alice-1", "bob-1", "bob-3"}), "");
  EXPECT_EQ(refusal_of(text, {"alice-1", "carol-1"}), "");
}

TEST(PolicyChangeAttack, G28_APolicyWithoutOfficersIsNotChanged) {
  auto parts = testkit::parts();
  parts.version = 6;
  const auto without = testkit::print_policy(parts);
  EXPECT_EQ(refusal_of(without, {"alice-1", "bob-1"}), "policy-quorum-missing officers of version 6");
  parts.version = 5;
  const auto rigid = testkit::make_policy(parts);
  EXPECT_EQ(
      trust::policy_change(rigid, signed_by(policy_text(6), {"alice-1", "bob-1"}), test_time()).error().where,
      "officers of version 5");
}

TEST(PolicyChangeAttack, R03_RevokedOfficersSignNothing) {
  auto parts = parts_of(5);
  parts.pools[0].persons = 1;
  parts.persons[2].revoked_at = "2026-01-01T00:00:00Z";
  const auto policy = testkit::make_policy(parts);
  const auto file = signed_by(policy_text(6), {"alice-1", "carol-1"});
  EXPECT_EQ(trust::policy_change(policy, file, test_time()).error().where, "officers of version 5");
  const auto before = Instant::parse("2025-12-31T23:59:59Z").value();
  EXPECT_TRUE(trust::policy_change(policy, file, before).ok());
}

TEST(PolicyChangeAttack, EveryFlippedBitIsRefused) {
  const auto good = signed_by(policy_text(6), {"alice-1", "bob-1"});
  ASSERT_EQ(refusal_of(good), "");
  for (std::size_t i = 0; i < good.size(); i += 7) {
    auto bad = good;
    bad[i] ^= 1U;
    ASSERT_NE(refusal_of(bad), "") << i;
  }
}

TEST(PolicyChangeAttack, D13_AnOrderIsNoPolicyAndAPolicyNoOrder) {
  const auto text = policy_text(6);
  EXPECT_EQ(refusal_of(to_bytes(make_envelope(text, {"alice-1", "bob-1"}))),
            "statement-type-mismatch payloadType");
  auto relabelled = make_envelope(text, {"alice-1", "bob-1"});
  relabelled.payload_type = std::string(policy_payload_type);
  EXPECT_EQ(refusal_of(to_bytes(relabelled)).substr(0, 24), "policy-signature-invalid");
}

// By keys alone, as a repository's targets name them.
std::string refusal_by_keys(const std::string& text, const std::vector<std::string>& names,
                            const Policy& before = in_force()) {
  std::set<KeyId> keys;
  for (const auto& name : names) keys.insert(testkit::TestKey(name).public_key().id());
  const auto next = parse_policy(as_bytes(text)).value();
  const auto change = trust::policy_change_by_keys(before, next, keys, test_time());
  return change.ok() ? "" : std::string(name(change.error().code)) + " " + change.error().where;
}

TEST(PolicyChangeByKeys, NeedsTheOfficersOfBoth) {
  EXPECT_EQ(refusal_by_keys(policy_text(6), {"alice-1", "bob-1"}), "");
  EXPECT_EQ(refusal_by_keys(policy_text(6), {"alice-1", "bob-1", "stranger"}), "");
  EXPECT_EQ(refusal_by_keys(policy_text(6), {}), "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_by_keys(policy_text(6), {"alice-1", "stranger", "intake-1", "dave-1"}),
            "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_by_keys(policy_text(6, 3), {"alice-1", "bob-1"}),
            "policy-quorum-missing officers of version 6");
}

TEST(PolicyChangeByKeysAttack, G02_OnePersonWithTwoKeysIsOnePerson) {
  EXPECT_EQ(refusal_by_keys(policy_text(6), {"bob-1", "bob-2"}),
            "policy-quorum-missing officers of version 5");
}

TEST(PolicyChangeByKeysAttack, F05_VersionsGoUpByOne) {
  const std::vector<std::string> all{"alice-1", "bob-1", "carol-1"};
  EXPECT_EQ(refusal_by_keys(policy_text(4), all), "policy-rollback version");
  EXPECT_EQ(refusal_by_keys(policy_text(5), all), "policy-rollback version");
  EXPECT_EQ(refusal_by_keys(policy_text(7), all), "policy-version-skipped version");
}

TEST(PolicyChangeByKeysAttack, G28_APolicyWithoutOfficersIsNotChanged) {
  const std::vector<std::string> all{"alice-1", "bob-1", "carol-1", "dave-1"};
  auto parts = testkit::parts();
  parts.version = 6;
  EXPECT_EQ(refusal_by_keys(testkit::print_policy(parts), all),
            "policy-quorum-missing officers of version 6");
  parts.version = 5;
  EXPECT_EQ(refusal_by_keys(policy_text(6), all, testkit::make_policy(parts)),
            "policy-quorum-missing officers of version 5");
}

TEST(PolicyChangeByKeysAttack, R03_RevokedOfficersSignNothing) {
  auto parts = parts_of(5);
  parts.pools[0].persons = 1;
  parts.persons[2].revoked_at = "2026-01-01T00:00:00Z";
  const auto before = testkit::make_policy(parts);
  EXPECT_EQ(refusal_by_keys(policy_text(6), {"alice-1", "carol-1"}, before),
            "policy-quorum-missing officers of version 5");
  EXPECT_EQ(refusal_by_keys(policy_text(6), {"alice-1", "bob-1"}, before), "");
}

TEST(PolicyChangeAttack, D19_AnOfficerSignsByEveryKindThatThePolicyAsksFor) {
  const auto where_possible = [](const std::string& answer) {
    return testkit::library_has_ml_dsa() ? answer : "algorithm-unavailable";
  };
  const auto code = [](const Policy& before, const std::string& text, const std::vector<std::string>& keys) {
    const auto change = trust::policy_change(before, signed_by(text, keys), test_time());
    return change.ok() ? "" : std::string(name(change.error().code));
  };
  const auto hybrid = testkit::print_policy(testkit::hybrid(parts_of(6)));
  // By the old policy one signature is enough, by the new one it is not.
  EXPECT_EQ(code(in_force(), hybrid, {"alice-1", "bob-1"}), "policy-quorum-missing");
  EXPECT_EQ(code(in_force(), hybrid, {"alice-1", "alice-pq", "bob-1", "bob-pq"}), where_possible(""));
  EXPECT_EQ(code(in_force(), hybrid, {"alice-1", "alice-pq", "bob-1", "carol-pq"}),
            where_possible("policy-quorum-missing"));
  // The way back to one signature takes both.
  const auto before = parse_policy(as_bytes(hybrid)).value();
  const auto plain = policy_text(7);
  EXPECT_EQ(code(before, plain, {"alice-1", "bob-1"}), "policy-quorum-missing");
  EXPECT_EQ(code(before, plain, {"alice-1", "alice-pq", "bob-1", "bob-pq"}), where_possible(""));
  const std::set<KeyId> classical{testkit::TestKey("alice-1").public_key().id(),
                                  testkit::TestKey("bob-1").public_key().id()};
  const auto next = parse_policy(as_bytes(plain)).value();
  EXPECT_EQ(trust::policy_change_by_keys(before, next, classical, test_time()).error().code,
            Code::policy_quorum_missing);
}

}  // namespace
}  // namespace sallyport
