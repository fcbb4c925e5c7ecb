// SPDX-License-Identifier: Apache-2.0
#include "core/trust/baseline.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_envelope;
using testkit::test_time;
using testkit::to_bytes;

// Two officers: of release, that is alice, bob (two keys) and carol.
testkit::PolicyParts officers_parts() {
  auto parts = testkit::parts();
  parts.officers = {{"release"}, 2};
  return parts;
}

HostBaseline example() {
  return {.database_name = "dpkg",
          .database = sha256(as_bytes("status")),
          .pool = PoolId::parse("mme-east").value(),
          .nodes = {NodeId::parse("mme-1").value()},
          .number = 1,
          .time = test_time(),
          .reason = "first",
          .packages = {{"dash", "amd64", "0.5.12-2", {{"/bin/sh", 2, file_digest(as_bytes("sh"))}}}},
          .changed = {},
          .unowned = {}};
}

std::string refusal_of(const testkit::PolicyParts& parts, const Bytes& envelope) {
  const auto proof = trust::baseline(testkit::make_policy(parts), envelope, test_time());
  return proof.ok() ? "" : std::string(name(proof.error().code));
}

std::string refusal_of(const std::vector<std::string>& keys) {
  return refusal_of(officers_parts(), to_bytes(make_envelope(print_baseline(example()), keys)));
}

TEST(BaselineTrust, CountsByTheOfficersOfThePolicy) {
  const auto file = to_bytes(make_envelope(print_baseline(example()), {"alice-1", "bob-1"}));
  const auto proof = trust::baseline(testkit::make_policy(officers_parts()), file, test_time()).value();
  EXPECT_EQ(proof->baseline, example());
  EXPECT_EQ(proof->identity, sha256(as_bytes(print_baseline(example()))));
  EXPECT_EQ(proof->signers.size(), 2U);
  EXPECT_EQ(refusal_of({"alice-1"}), "baseline-quorum-missing");
  EXPECT_EQ(refusal_of({"alice-1", "dave-1"}), "baseline-quorum-missing");
}

TEST(BaselineTrustAttack, OnePersonIsOneOfficerWithHoweverManyKeys) {
  EXPECT_EQ(refusal_of({"bob-1", "bob-2"}), "baseline-quorum-missing");
  EXPECT_EQ(refusal_of({"bob-1", "bob-1"}), "approver-counted-twice");
}

TEST(BaselineTrustAttack, NobodyElseSignsIt) {
  EXPECT_EQ(refusal_of({"alice-1", "bob-1", "mallory"}), "baseline-signer-unknown");
  EXPECT_EQ(refusal_of({"alice-1", "bob-1", "intake-1"}), "baseline-signer-unknown");
}

TEST(BaselineTrustAttack, AnyChangeVoidsAllSignatures) {
  auto envelope = make_envelope(print_baseline(example()), {"alice-1", "bob-1"});
  auto other = example();
  other.unowned.push_back({"/tmp/evil", 4, file_digest(as_bytes("evil"))});
  const auto text = print_baseline(other);
  envelope.payload = copy(as_bytes(text));
  EXPECT_EQ(refusal_of(officers_parts(), to_bytes(envelope)), "baseline-signature-invalid");
}

TEST(BaselineTrustAttack, ASignatureOverAnotherKindOfStatementIsNone) {
  const auto text = print_baseline(example());
  EXPECT_EQ(
      refusal_of(officers_parts(), to_bytes(make_envelope(text, {"alice-1", "bob-1"}, policy_payload_type))),
      "statement-type-mismatch");
}

TEST(BaselineTrustAttack, WithoutOfficersNobodyIsEnough) {
  const auto file = to_bytes(make_envelope(print_baseline(example()), {"alice-1", "bob-1", "carol-1"}));
  EXPECT_EQ(refusal_of(testkit::parts(), file), "baseline-quorum-missing");
}

TEST(BaselineTrustAttack, WhoIsRevokedCountsNoMore) {
  auto parts = officers_parts();
  for (auto& person : parts.persons) {
    if (person.id == "carol") person.revoked_at = "2026-01-01T00:00:00Z";
    if (person.id == "dave") person.roles.push_back("release");  // or the pool's rule cannot be met
  }
  const auto file = to_bytes(make_envelope(print_baseline(example()), {"alice-1", "carol-1"}));
  EXPECT_EQ(refusal_of(parts, file), "signer-revoked");
}

}  // namespace
}  // namespace sallyport
