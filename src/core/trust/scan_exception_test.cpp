// SPDX-License-Identifier: Apache-2.0
#include "core/trust/scan_exception.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto/file_digest.h"
#include "core/trust/permit.h"
#include "core/trust/verdict.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::sign_statement;
using testkit::test_time;
const std::vector<std::string> enough{"alice-1", "bob-1", "carol-1"};

const Policy& policy() {
  static const Policy made = testkit::make_policy();
  return made;
}

Finding finding() {
  return {"malware-found", "usr/bin/helper", file_digest(as_bytes("helper")), "Generic.Helper-1"};
}

ScanException good() {
  return {"usr/bin/helper",
          finding().digest,
          "malware-found",
          "clamd",
          "Generic.Helper-1",
          PoolId::parse("mme-east").value(),
          test_time().plus(86400),
          test_time().plus(-3600),
          PersonId::parse("alice").value(),
          "vendor ticket 4711"};
}

std::string file_of(const ScanException& exception, const std::vector<std::string>& keys = enough) {
  return std::string(as_text(sign_statement(print_scan_exception(exception), keys)));
}

std::string refusal_of(const std::string& file, Instant at = test_time()) {
  const auto proof = trust::scan_exception(as_bytes(file), policy(), at);
  return proof.ok() ? "" : std::string(name(proof.error().code));
}

// A verdict with this finding and these exceptions.
std::string verdict_with(const std::vector<std::string>& exceptions, const std::vector<Finding>& findings,
                         Instant at = test_time()) {
  auto verdict = testkit::make_verdict(policy());
  verdict.outcome = Outcome::excepted;
  verdict.findings = findings;
  verdict.exceptions = exceptions;
  std::sort(verdict.exceptions.begin(), verdict.exceptions.end());
  const auto proof = trust::verdict(sign_statement(print_verdict(verdict), {"intake-1"}), policy(), at);
  return proof.ok() ? "" : std::string(name(proof.error().code));
}

TEST(ScanExceptionAttack, H09_ItTakesTheApprovalsThatAnOrderTakes) {
  EXPECT_EQ(refusal_of(file_of(good())), "");
  EXPECT_EQ(refusal_of(file_of(good(), {"alice-1", "bob-1"})), "approvals-missing");
  EXPECT_EQ(refusal_of(file_of(good(), {"alice-1", "bob-1", "bob-2"})), "approver-counted-twice");
  EXPECT_EQ(refusal_of(file_of(good(), {"alice-1", "bob-1", "mallory"})), "order-signer-unknown");
  EXPECT_EQ(refusal_of(file_of(good(), {"bob-1", "carol-1"})), "order-not-proposed");
}

TEST(ScanExceptionAttack, H09_ItEnds) {
  EXPECT_EQ(refusal_of(file_of(good()), good().until.plus(-1)), "");
  EXPECT_EQ(refusal_of(file_of(good()), good().until), "scan-exception-invalid");
  EXPECT_EQ(refusal_of(file_of(good()), good().time.plus(-301)), "scan-exception-invalid");
}

TEST(ScanExceptionAttack, H09_ItIsNeverByNameNorForWhatWasNotLookedAt) {
  auto exception = good();
  exception.code = "scan-incomplete";
  EXPECT_EQ(refusal_of(file_of(exception)), "statement-malformed");
  exception = good();
  exception.signature = "";
  EXPECT_EQ(refusal_of(file_of(exception)), "statement-malformed");
  exception = good();
  exception.reason = "";
  EXPECT_EQ(refusal_of(file_of(exception)), "statement-malformed");
  exception = good();
  exception.until = exception.time;
  EXPECT_EQ(refusal_of(file_of(exception)), "statement-malformed");
}

// What intake thinks of an exception is nothing to the node.
TEST(ScanExceptionAttack, H09_AVerdictByExceptionsIsProvedByThemAlone) {
  EXPECT_EQ(verdict_with({file_of(good())}, {finding()}), "");
  EXPECT_EQ(verdict_with({file_of(good(), {"alice-1", "bob-1"})}, {finding()}), "approvals-missing");
  EXPECT_EQ(verdict_with({file_of(good())}, {finding()}, good().until), "scan-exception-invalid");
  auto other = good();
  other.content = file_digest(as_bytes("another"));
  EXPECT_EQ(verdict_with({file_of(other)}, {finding()}), "scan-exception-invalid");
  other = good();
  other.signature = "Generic.*";
  EXPECT_EQ(verdict_with({file_of(other)}, {finding()}), "scan-exception-invalid");
  other = good();
  other.engine = "yara";
  EXPECT_EQ(verdict_with({file_of(other)}, {finding()}), "scan-exception-invalid");
  other = good();
  other.code = "secret-found";
  EXPECT_EQ(verdict_with({file_of(other)}, {finding()}), "scan-exception-invalid");
  auto second = finding();
  second.digest = file_digest(as_bytes("real malware"));
  EXPECT_EQ(verdict_with({file_of(good())}, {finding(), second}), "scan-exception-invalid");
  other = good();
  other.content = second.digest;
  EXPECT_EQ(verdict_with({file_of(good()), file_of(other)}, {finding(), second}), "");
  EXPECT_EQ(verdict_with({file_of(good()), file_of(other)}, {finding()}), "scan-exception-invalid");
  EXPECT_EQ(verdict_with({}, {finding()}), "statement-malformed");
  EXPECT_EQ(verdict_with({"no envelope"}, {finding()}), "envelope-malformed");
}

// Whoever gives a permit has them from the proof, and asks for which pool they are.
TEST(ScanException, AVerdictBringsThemWithItsProof) {
  auto verdict = testkit::make_verdict(policy());
  verdict.outcome = Outcome::excepted;
  verdict.findings = {finding()};
  verdict.exceptions = {file_of(good())};
  const auto proof =
      trust::verdict(sign_statement(print_verdict(verdict), {"intake-1"}), policy(), test_time()).value();
  ASSERT_EQ(proof->exceptions.size(), 1U);
  EXPECT_EQ(proof->exceptions[0].pool.text(), "mme-east");
  EXPECT_EQ(proof->exceptions[0].reason, "vendor ticket 4711");
}

// Of a member of an archive it is the member's content that is excepted, and not the archive's.
TEST(ScanExceptionAttack, H09_AMemberIsExceptedByItsOwnContent) {
  auto inside = finding();
  inside.where = "app.zip: helper";
  inside.member = inside.digest;
  inside.digest = file_digest(as_bytes("app.zip"));
  EXPECT_EQ(verdict_with({file_of(good())}, {inside}), "");
  auto of_archive = good();
  of_archive.content = inside.digest;
  EXPECT_EQ(verdict_with({file_of(of_archive)}, {inside}), "scan-exception-invalid");
}

// Words that are cut or tell of more than one thing leave open what else would be let in, whoever approved them.
TEST(ScanExceptionAttack, H09_WordsThatDoNotSayAllExceptNothing) {
  const auto with = [](const std::string& words) {
    auto one = finding();
    one.detail = words;
    auto exception = good();
    exception.signature = words;
    return verdict_with({file_of(exception)}, {one});
  };
  EXPECT_EQ(with("Generic.Helper-1"), "");
  EXPECT_EQ(with(std::string(199, 'x')), "");
  EXPECT_EQ(with(std::string(200, 'x')), "scan-exception-invalid");
  EXPECT_EQ(with("Generic.Helper-1 and 3 more"), "scan-exception-invalid");
  EXPECT_EQ(with("inner.zip: Generic.Helper-1"), "scan-exception-invalid");
}

TEST(ScanExceptionAttack, H09_ItIsForItsPoolAlone) {
  EXPECT_TRUE(trust::excepted_for({good()}, PoolId::parse("mme-east").value()).ok());
  const auto other = trust::excepted_for({good()}, PoolId::parse("mme-west").value());
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, Code::scan_exception_invalid);
}

TEST(ScanException, TheWordsOfAnEngineAreFoundInAFinding) {
  auto records = testkit::make_verdict(policy()).engines;
  EXPECT_EQ(words_of(finding(), records), (EngineWords{"clamd", "Generic.Helper-1"}));
  records.push_back(records[0]);
  records[1].engine = "archives";
  auto one = finding();
  one.detail = "clamd: Generic.Helper-1 (archives says clean)";
  EXPECT_EQ(words_of(one, records), (EngineWords{"clamd", "Generic.Helper-1"}));
  one.detail = "archives: a script, and an archive";
  EXPECT_EQ(words_of(one, records), (EngineWords{"archives", "a script, and an archive"}));
  one.detail = "other: Generic.Helper-1";
  EXPECT_FALSE(words_of(one, records));
}

TEST(ScanExceptionAttack, EveryFlippedBitIsRefused) {
  const auto file = file_of(good());
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto bad = file;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    ASSERT_NE(refusal_of(bad), "") << i;
  }
}

}  // namespace
}  // namespace sallyport
