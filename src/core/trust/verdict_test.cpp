// SPDX-License-Identifier: Apache-2.0
#include "core/trust/verdict.h"

#include <gtest/gtest.h>

#include <set>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_envelope;
using testkit::make_policy;
using testkit::make_verdict;
using testkit::sign_statement;
using testkit::test_time;
using testkit::to_bytes;

std::string refusal_of(BytesView envelope, const Policy& policy, Instant at) {
  const auto proof = trust::verdict(envelope, policy, at);
  return proof.ok() ? "accepted" : std::string(name(proof.error().code));
}

// The good verdict, changed, signed by intake, and checked at test_time().
template <class Change>
std::string refusal_with(Change change) {
  const auto policy = make_policy();
  auto verdict = make_verdict(policy);
  change(verdict);
  return refusal_of(sign_statement(print_verdict(verdict), {"intake-1"}), policy, test_time());
}

TEST(Verdict, IsProvedWithItsEvidence) {
  const auto policy = make_policy();
  const auto payload = print_verdict(make_verdict(policy));
  const auto proof = trust::verdict(sign_statement(payload, {"intake-1"}), policy, test_time()).value();
  EXPECT_EQ(proof->digest, sha256(as_bytes(payload)));
  EXPECT_EQ(proof->verdict.counter, 7U);
  EXPECT_EQ(proof.evidence().at, test_time());
  EXPECT_EQ(proof.evidence().policy_version, 1U);
  EXPECT_EQ(proof.evidence().checks.front().finding, "intake-1 (Ed25519)");
  EXPECT_GE(proof.evidence().checks.size(), 5U);
}

TEST(VerdictAttack, RAV_OnlyAnIntakeOfThePolicyGivesVerdicts) {
  const auto policy = make_policy();
  const auto payload = print_verdict(make_verdict(policy));
  for (const auto* key : {"mallory", "alice-1", "bob-2"}) {
    EXPECT_EQ(refusal_of(sign_statement(payload, {key}), policy, test_time()), "verdict-signer-unknown")
        << key;
  }
  auto lying = make_envelope(payload, {"mallory"});
  lying.signatures[0].key = testkit::TestKey("intake-1").public_key().id();
  EXPECT_EQ(refusal_of(to_bytes(lying), policy, test_time()), "verdict-signature-invalid");
}

// What a policy names is asked for by name, whatever others have looked.
TEST(VerdictAttack, H13_EnginesThatThePolicyNamesHaveToHaveLookedAtEverything) {
  auto policy = make_policy();
  const auto with = [&](const std::set<std::string>& wanted, auto change) {
    policy.verdicts.engines = wanted;
    auto verdict = make_verdict(policy);
    change(verdict);
    return refusal_of(sign_statement(print_verdict(verdict), {"intake-1"}), policy, test_time());
  };
  const auto name = make_verdict(policy).engines[0].engine;
  const auto nothing = [](Verdict&) {};
  EXPECT_EQ(with({name}, nothing), "accepted");
  EXPECT_EQ(with({"yara"}, nothing), "scan-engine-missing");
  EXPECT_EQ(with({name, "yara"}, nothing), "scan-engine-missing");
  const auto second = [](Verdict& v) {
    v.engines.push_back(v.engines[0]);
    v.engines[1].engine = "yara";
  };
  EXPECT_EQ(with({name, "yara"}, second), "accepted");
  EXPECT_EQ(with({name, "yara"},
                 [&](Verdict& v) {
                   second(v);
                   --v.engines[1].files_scanned;
                 }),
            "verdict-incomplete");
}

TEST(VerdictAttack, AnIntakeSpeaksInItsOwnName) {
  EXPECT_EQ(refusal_with([](Verdict& v) { v.intake = IntakeId::parse("intake-2").value(); }),
            "verdict-signer-unknown");
}

TEST(VerdictAttack, D17_ExactlyOneSignature) {
  const auto policy = make_policy();
  const auto payload = print_verdict(make_verdict(policy));
  for (const auto* other : {"mallory", "alice-1", "intake-1"}) {
    EXPECT_EQ(refusal_of(sign_statement(payload, {"intake-1", other}), policy, test_time()),
              "envelope-malformed");
  }
}

TEST(VerdictAttack, EveryFlippedBitIsRefused) {
  const auto policy = make_policy();
  const auto good = sign_statement(print_verdict(make_verdict(policy)), {"intake-1"});
  ASSERT_EQ(refusal_of(good, policy, test_time()), "accepted");
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 1U;
    ASSERT_NE(refusal_of(bad, policy, test_time()), "accepted") << i;
  }
}

TEST(VerdictAttack, NothingIsParsedBeforeTheSignatureHolds) {
  const auto policy = make_policy();
  auto envelope = make_envelope("this is no statement", {"intake-1"});
  EXPECT_EQ(refusal_of(to_bytes(envelope), policy, test_time()), "statement-malformed");
  envelope.signatures[0].signature[0] ^= 1U;
  EXPECT_EQ(refusal_of(to_bytes(envelope), policy, test_time()), "verdict-signature-invalid");
}

TEST(VerdictAttack, AnotherPayloadTypeIsAnotherStatement) {
  const auto policy = make_policy();
  const auto payload = print_verdict(make_verdict(policy));
  EXPECT_EQ(
      refusal_of(to_bytes(make_envelope(payload, {"intake-1"}, refusal_payload_type)), policy, test_time()),
      "statement-type-mismatch");
  // The tag is inside of what is signed: relabelling the envelope does not help.
  auto relabelled = make_envelope(payload, {"intake-1"}, refusal_payload_type);
  relabelled.payload_type = statement_payload_type;
  EXPECT_EQ(refusal_of(to_bytes(relabelled), policy, test_time()), "verdict-signature-invalid");
}

TEST(VerdictAttack, AnOrderSignedByIntakeIsNoVerdict) {
  const auto policy = make_policy();
  const auto payload = print_order(testkit::make_order(policy, make_verdict(policy)));
  EXPECT_EQ(refusal_of(sign_statement(payload, {"intake-1"}), policy, test_time()),
            "statement-type-mismatch");
}

TEST(VerdictAttack, A10_NotCleanIsReadableButNoProof) {
  const auto policy = make_policy();
  auto verdict = make_verdict(policy);
  verdict.outcome = Outcome::not_clean;
  verdict.findings = {
      {"malware-found", "usr/bin/mme", FileDigest::parse(std::string(64, 'a')).value(), "Eicar"}};
  const auto file = sign_statement(print_verdict(verdict), {"intake-1"});
  EXPECT_EQ(refusal_of(file, policy, test_time()), "verdict-not-clean");
  EXPECT_EQ(trust::verdict(file, policy, test_time()).error().where, "usr/bin/mme");
  EXPECT_EQ(trust::verdict_as_issued(file, policy, test_time()).value()->verdict.findings.size(), 1U);
}

TEST(VerdictAttack, A11_EveryEngineScannedEveryByte) {
  const auto incomplete = "verdict-incomplete";
  EXPECT_EQ(refusal_with([](Verdict& v) { v.engines[0].files_scanned = 2; }), incomplete);
  EXPECT_EQ(refusal_with([](Verdict& v) { v.engines[0].bytes_scanned = 4095; }), incomplete);
  EXPECT_EQ(refusal_with([](Verdict& v) { v.engines[0].bytes_scanned = 4097; }), incomplete);
  EXPECT_EQ(refusal_with([](Verdict& v) {
              v.engines.push_back(v.engines[0]);
              v.engines[1].files_scanned = 0;
            }),
            incomplete);
}

TEST(VerdictAttack, AVerdictAgesAndSoDoesTheDatabase) {
  constexpr std::int64_t day = 86400;
  const auto aged = [&](std::int64_t verdict_seconds, std::int64_t database_seconds) {
    return refusal_with([&](Verdict& v) {
      v.time = test_time().plus(-verdict_seconds);
      v.engines[0].database_time = v.time.plus(-database_seconds);
    });
  };
  EXPECT_EQ(aged(30 * day, 30 * day), "accepted");
  EXPECT_EQ(aged(30 * day + 1, 0), "verdict-stale");
  EXPECT_EQ(aged(0, 30 * day + 1), "verdict-stale");
  EXPECT_EQ(aged(-300, 0), "accepted");
  EXPECT_EQ(aged(-301, 0), "verdict-not-yet-issued");
  EXPECT_EQ(aged(0, -day), "accepted");
  EXPECT_EQ(refusal_with([](Verdict& v) {
              v.engines.push_back(v.engines[0]);
              v.engines[1].database_time = v.time.plus(-31 * day);
            }),
            "verdict-stale");
}

TEST(VerdictAttack, O06_WhatIsOfTheFutureIsNoneYet) {
  const auto ahead = [&](std::int64_t verdict_seconds, std::int64_t database_seconds) {
    return refusal_with([&](Verdict& v) {
      v.time = test_time().plus(verdict_seconds);
      v.engines[0].database_time = v.time.plus(database_seconds);
    });
  };
  EXPECT_EQ(ahead(300, 0), "accepted");
  EXPECT_EQ(ahead(301, 0), "verdict-not-yet-issued");
  EXPECT_EQ(ahead(Instant::seconds_max, 0), "verdict-not-yet-issued");
  EXPECT_EQ(ahead(0, 86400), "accepted");  // it carries a local time
  EXPECT_EQ(ahead(0, 86401), "verdict-not-yet-issued");
  EXPECT_EQ(ahead(0, Instant::seconds_max), "verdict-not-yet-issued");
}

TEST(VerdictAttack, O05_AVerdictOfTheFirstOrTheLastSecondIsJudgedAsAnyOther) {
  const auto policy = make_policy();
  const auto at = [&](const char* issued, const char* now) {
    auto verdict = make_verdict(policy);
    verdict.time = Instant::parse(issued).value();
    verdict.engines[0].database_time = verdict.time;
    const auto file = sign_statement(print_verdict(verdict), {"intake-1"});
    return refusal_of(file, policy, Instant::parse(now).value());
  };
  const char* first = "1970-01-01T00:00:00Z";
  const char* last = "9999-12-31T23:59:59Z";
  EXPECT_EQ(at(first, first), "accepted");
  EXPECT_EQ(at(last, last), "accepted");
  EXPECT_EQ(at(first, last), "verdict-stale");
  EXPECT_EQ(at(last, first), "verdict-not-yet-issued");
  EXPECT_EQ(at("2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z"), "accepted");
  EXPECT_EQ(at("2106-02-07T06:28:15Z", "2106-03-09T06:28:16Z"), "verdict-stale");
}

TEST(VerdictAttack, AVerdictUnderALaterOrTwinPolicyIsRefused) {
  auto parts = testkit::parts();
  parts.version = 5;
  const auto policy = make_policy(parts);
  const auto under = [&](std::uint64_t version, const Sha256Digest& digest) {
    auto verdict = make_verdict(policy);
    verdict.policy_version = version;
    verdict.policy = digest;
    return refusal_of(sign_statement(print_verdict(verdict), {"intake-1"}), policy, test_time());
  };
  const auto other = sha256(as_bytes("another policy"));
  EXPECT_EQ(under(5, policy.digest), "accepted");
  EXPECT_EQ(under(4, other), "accepted");
  EXPECT_EQ(under(6, policy.digest), "policy-mismatch");
  EXPECT_EQ(under(5, other), "policy-mismatch");
}

TEST(VerdictAttack, D19_BothKindsOfSignaturesOfOneIntake) {
  auto parts = testkit::hybrid(testkit::parts());
  parts.intakes.push_back({"intake-2", "", {}});
  for (const auto* key : {"intake-2", "intake-2-pq"})
    parts.intakes.back().keys.push_back(testkit::TestKey(key).public_pem());
  const auto policy = make_policy(parts);
  const auto payload = print_verdict(make_verdict(policy));
  const auto by = [&](const std::vector<std::string>& keys) {
    return refusal_of(sign_statement(payload, keys), policy, test_time());
  };
  const auto where_possible = [](const std::string& answer) {
    return testkit::library_has_ml_dsa() ? answer : "algorithm-unavailable";
  };
  EXPECT_EQ(by({"intake-1", "intake-1-pq"}), where_possible("accepted"));
  EXPECT_EQ(by({"intake-1-pq", "intake-1"}), where_possible("accepted"));
  EXPECT_EQ(by({"intake-1"}), "signature-kind-missing");
  EXPECT_EQ(by({"intake-1-pq"}), where_possible("signature-kind-missing"));
  EXPECT_EQ(by({"intake-1", "intake-1"}), "signature-kind-unexpected");
  EXPECT_EQ(by({"intake-1", "intake-1-pq", "intake-1"}), where_possible("signature-kind-unexpected"));
  EXPECT_EQ(by({"intake-1", "intake-2-pq"}), "verdict-signer-unknown");
  auto broken = make_envelope(payload, {"intake-1", "intake-1-pq"});
  broken.signatures[1].signature[7] ^= 1U;
  EXPECT_EQ(refusal_of(to_bytes(broken), policy, test_time()), where_possible("verdict-signature-invalid"));
}

TEST(VerdictAttack, R09_AnAlgorithmThatHasEndedSignsNoVerdicts) {
  auto policy = make_policy();
  const auto file = sign_statement(print_verdict(make_verdict(policy)), {"intake-1"});
  const auto with_end = [&](const std::string& algorithm, Instant end) {
    policy.algorithm_ends = {{algorithm, end}};
    return refusal_of(file, policy, test_time());
  };
  EXPECT_EQ(with_end("Ed25519", test_time()), "accepted");
  EXPECT_EQ(with_end("Ed25519", test_time().plus(-1)), "algorithm-ended");
  EXPECT_EQ(with_end("ECDSA P-256", test_time().plus(-1)), "accepted");
}

TEST(VerdictAttack, R09_MlDsaEndsForIntakesLikeEveryOther) {
  const auto hybrid = make_policy(testkit::hybrid(testkit::parts()));
  const auto envelope = sign_statement(print_verdict(make_verdict(hybrid)), {"intake-1", "intake-1-pq"});
  const auto with_end = [&](const std::string& algorithm, Instant end) {
    auto policy = hybrid;
    policy.algorithm_ends = {{algorithm, end}};
    return refusal_of(envelope, policy, test_time());
  };
  const auto where_possible = [](const std::string& answer) {
    return testkit::library_has_ml_dsa() ? answer : "algorithm-unavailable";
  };
  const auto over = test_time().plus(-1);
  EXPECT_EQ(with_end("ML-DSA-65", test_time()), where_possible("accepted"));
  EXPECT_EQ(with_end("ML-DSA-65", over), where_possible("algorithm-ended"));
  EXPECT_EQ(with_end("Ed25519", over), where_possible("algorithm-ended"));
  for (const auto* other : {"ML-DSA-44", "ML-DSA-87", "ECDSA P-256"})
    EXPECT_EQ(with_end(other, over), where_possible("accepted")) << other;
}

}  // namespace
}  // namespace sallyport
