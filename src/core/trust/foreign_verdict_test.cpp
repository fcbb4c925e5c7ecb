// SPDX-License-Identifier: Apache-2.0
#include "core/trust/foreign_verdict.h"

#include <gtest/gtest.h>

#include "core/trust/verdict.h"
#include "testkit/foreign_verdict.h"

namespace sallyport {
namespace {

using testkit::make_foreign_verdict;
using testkit::make_policy;
using testkit::sign_statement;
using testkit::test_time;

template <class T>
std::string word(const Result<T>& result) {
  return result.ok() ? "accepted" : std::string(name(result.error().code));
}

// The good one, changed, signed by this key.
template <class Change>
std::string refusal_with(Change change, const std::string& key = "intake-1") {
  const auto policy = make_policy();
  auto verdict = make_foreign_verdict(policy);
  change(verdict);
  return word(
      trust::foreign_verdict(sign_statement(print_foreign_verdict(verdict), {key}), policy, test_time()));
}

TEST(ForeignVerdict, IsProvedByTheChecksOfEveryVerdict) {
  using V = ForeignVerdict;
  EXPECT_EQ(refusal_with([](V&) {}), "accepted");
  EXPECT_EQ(refusal_with([](V&) {}, "mallory"), "verdict-signer-unknown");
  EXPECT_EQ(refusal_with([](V& v) { v.intake = IntakeId::parse("intake-2").value(); }),
            "verdict-signer-unknown");
  EXPECT_EQ(refusal_with([](V& v) { v.policy = v.package; }), "policy-mismatch");
  EXPECT_EQ(refusal_with([](V& v) { ++v.policy_version; }), "policy-mismatch");
  EXPECT_EQ(refusal_with([](V& v) { --v.engines[0].files_scanned; }), "verdict-incomplete");
  EXPECT_EQ(refusal_with([](V& v) { --v.engines[0].bytes_scanned; }), "verdict-incomplete");
  EXPECT_EQ(refusal_with([](V& v) { v.time = test_time().plus(3600); }), "verdict-not-yet-issued");
  EXPECT_EQ(refusal_with([](V& v) { v.time = test_time().plus(-86400 * 400); }), "verdict-stale");
  EXPECT_EQ(refusal_with([](V& v) { v.engines[0].database_time = test_time().plus(-86400 * 400); }),
            "verdict-stale");
  EXPECT_EQ(refusal_with([](V& v) {
              v.outcome = Outcome::not_clean;
              v.findings = {{"malware-found", "x", FileDigest::parse(std::string(64, 'a')).value(), "Eicar"}};
            }),
            "verdict-not-clean");
}

TEST(ForeignVerdict, OneByteMoreOrLessIsNotSigned) {
  const auto policy = make_policy();
  auto envelope = testkit::make_envelope(print_foreign_verdict(make_foreign_verdict(policy)), {"intake-1"});
  envelope.payload[envelope.payload.size() / 2] ^= 1U;
  EXPECT_EQ(word(trust::foreign_verdict_as_issued(testkit::to_bytes(envelope), policy, test_time())),
            "verdict-signature-invalid");
}

// No permit takes it, as a type; and as bytes nobody reads it as a verdict about a release, nor one of those as it.
TEST(ForeignVerdict, IsNeverAVerdictAboutARelease) {
  const auto policy = make_policy();
  const auto foreign = sign_statement(print_foreign_verdict(make_foreign_verdict(policy)), {"intake-1"});
  const auto own = sign_statement(print_verdict(testkit::make_verdict(policy)), {"intake-1"});
  EXPECT_EQ(word(trust::verdict(foreign, policy, test_time())), "statement-type-mismatch");
  EXPECT_EQ(word(trust::verdict_as_issued(foreign, policy, test_time())), "statement-type-mismatch");
  EXPECT_EQ(word(trust::foreign_verdict(own, policy, test_time())), "statement-type-mismatch");
  const auto refused = trust::refuse_foreign_verdict(foreign);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::package_foreign);
  EXPECT_TRUE(trust::refuse_foreign_verdict(own).ok());
  EXPECT_TRUE(trust::refuse_foreign_verdict(as_bytes("no envelope")).ok());
}

}  // namespace
}  // namespace sallyport
