// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_log.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::LogPart;
using testkit::PolicyParts;
using testkit::TestKey;

Result<Policy> with_log(void (*change)(LogPart&)) {
  PolicyParts parts = testkit::parts();
  parts.log = testkit::log_part();
  change(*parts.log);
  return parse_policy(as_bytes(testkit::print_policy(parts)));
}

std::string refused_with(void (*change)(LogPart&)) {
  const auto policy = with_log(change);
  if (policy.ok()) return "";
  EXPECT_EQ(policy.error().code, Code::policy_malformed);
  return policy.error().where;
}

TEST(PolicyLog, IsRead) {
  const auto policy = with_log([](LogPart&) {}).value();
  ASSERT_TRUE(policy.log.has_value());
  EXPECT_EQ(policy.log->origin, "log.example/packages");
  EXPECT_EQ(policy.log->witnesses.size(), 3U);
  EXPECT_EQ(policy.log->quorum, 2U);
  EXPECT_EQ(describe_log_rule(policy.log),
            "log.example/packages, cosigned by 2 of w0.example, w1.example, w2.example");
}

TEST(PolicyLog, MayBeAbsentAndSaysSo) {
  const auto policy = testkit::make_policy();
  EXPECT_FALSE(policy.log.has_value());
  EXPECT_EQ(describe_log_rule(policy.log), "none required by the policy");
}

// No witnesses, or a quorum of none of them, cannot be written down.
TEST(PolicyLog, QuorumCanBeReachedAndIsNotNothing) {
  EXPECT_EQ(refused_with([](LogPart& log) { log.quorum = 0; }), "log.quorum");
  EXPECT_EQ(refused_with([](LogPart& log) { log.quorum = 4; }), "log.quorum");
  EXPECT_EQ(refused_with([](LogPart& log) { log.quorum = 3; }), "");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses.clear(); }), "log.witnesses");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses.resize(33, log.witnesses[0]); }), "log.witnesses");
}

TEST(PolicyLog, NamesAndKeysAreTheirOwn) {
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[1].name = log.witnesses[0].name; }),
            "log.witnesses[1].name");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[1].key = log.witnesses[0].key; }),
            "log.witnesses[1].name");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[2].key = log.key; }), "log.witnesses[2].name");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[2].name = log.origin; }), "log.witnesses[2].name");
  EXPECT_EQ(refused_with([](LogPart& log) { log.key = TestKey("alice-1").public_pem(); }), "log.key");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[0].key = TestKey("intake-1").public_pem(); }),
            "log.witnesses.w0.example");
}

TEST(PolicyLog, NamesStandInSignatureLines) {
  EXPECT_EQ(refused_with([](LogPart& log) { log.origin = "a b"; }), "log.origin");
  EXPECT_EQ(refused_with([](LogPart& log) { log.origin = "a+b"; }), "log.origin");
  EXPECT_EQ(refused_with([](LogPart& log) { log.origin = ""; }), "log.origin");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[0].name = "w\xc3\xb6"; }), "log.witnesses[0].name");
}

TEST(PolicyLog, AgeOfCosignatures) {
  const auto policy = with_log([](LogPart& log) { log.age_hours_max = 72; }).value();
  EXPECT_EQ(policy.log->cosignature_age_hours_max, 72U);
  EXPECT_EQ(describe_log_rule(policy.log),
            "log.example/packages, cosigned by 2 of w0.example, w1.example, w2.example in the last 72 hours");
  EXPECT_FALSE(with_log([](LogPart&) {}).value().log->cosignature_age_hours_max.has_value());
  EXPECT_EQ(refused_with([](LogPart& log) { log.age_hours_max = 0; }), "log.cosignature_age_hours_max");
  EXPECT_EQ(refused_with([](LogPart& log) { log.age_hours_max = 87601; }), "log.cosignature_age_hours_max");
}

TEST(PolicyLog, AddressesOfWitnesses) {
  const auto policy = with_log([](LogPart& log) { log.witnesses[1].url = "https://w1.example:8443/w"; });
  EXPECT_EQ(policy.value().log->witnesses[1].url, "https://w1.example:8443/w");
  EXPECT_FALSE(policy.value().log->witnesses[0].url.has_value());
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[0].url = ""; }), "log.witnesses[0].url");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[0].url = "ftp://w"; }), "log.witnesses[0].url");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[0].url = "http://w /"; }), "log.witnesses[0].url");
}

TEST(PolicyLog, KeysAreEd25519) {
  EXPECT_EQ(refused_with([](LogPart& log) { log.key = TestKey::random_p256().public_pem(); }), "log.key");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[0].key = "no key"; }), "log.witnesses[0].key");
}

TEST(PolicyLog, D19_WitnessesMayHaveMlDsa44) {
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[1].key = TestKey("w-pq44").public_pem(); }), "");
  EXPECT_EQ(refused_with([](LogPart& log) { log.witnesses[1].key = TestKey("w-pq").public_pem(); }),
            "log.witnesses[1].key");
  EXPECT_EQ(refused_with([](LogPart& log) { log.key = TestKey("log-pq44").public_pem(); }), "log.key");
}

}  // namespace
}  // namespace sallyport
