// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/kept_exceptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testkit::test_time;

const FileDigest helper = file_digest(as_bytes("helper"));
const std::vector<std::string> enough{"alice-1", "bob-1", "carol-1"};

const Policy& policy() {
  static const Policy made = testkit::make_policy();
  return made;
}

ScanException good() {
  return {"usr/bin/helper",
          helper,
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
  return std::string(as_text(testkit::sign_statement(print_scan_exception(exception), keys)));
}

std::string digest_of(const ScanException& exception) {
  return sha256(as_bytes(print_scan_exception(exception))).text();
}

std::vector<KeptException> kept(const std::vector<std::string>& files, Instant now = test_time()) {
  return try_exceptions(files, policy(), now).value();
}

Verdict found() {
  auto verdict = testkit::make_verdict(policy());
  verdict.outcome = Outcome::not_clean;
  verdict.findings.push_back({"malware-found", "usr/bin/helper", helper, "Generic.Helper-1"});
  return verdict;
}

TEST(KeptExceptions, OneThatIsRefusedStandsInTheWayOfNoOther) {
  auto late = good();
  late.reason = "another";
  late.until = test_time();
  const auto all = kept({"nonsense", file_of(late), file_of(good(), {"alice-1", "bob-1"}),
                         std::string(as_text(testkit::sign_statement("{}", enough))), file_of(good())});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].refusal->code, Code::scan_exception_invalid);
  EXPECT_EQ(all[1].refusal->code, Code::approvals_missing);
  EXPECT_FALSE(all[2].refusal);
  ASSERT_EQ(that_count(all).size(), 1U);
  EXPECT_EQ(that_count(all)[0].envelope, file_of(good()));
  auto verdict = found();
  except(verdict, that_count(all));
  EXPECT_EQ(verdict.outcome, Outcome::excepted);
  EXPECT_EQ(why_uncounted(verdict, all), "");
  EXPECT_THAT(used_by(verdict, all), ElementsAre(sha256(as_bytes(print_scan_exception(good())))));
}

TEST(KeptExceptions, TheirSignersAreThoseOfThePolicy) {
  const auto all = kept(
      {file_of(good(), {"mallory-1", "bob-1", "carol-1"}), file_of(good(), {"alice-1", "alice-1", "bob-1"})});
  EXPECT_EQ(all[0].refusal->code, Code::order_signer_unknown);
  EXPECT_EQ(all[1].refusal->code, Code::approver_is_proposer);
  EXPECT_THAT(that_count(all), testing::IsEmpty());
}

// Who reads that a package is malware all the same reads what became of the exception.
TEST(KeptExceptions, ItIsSaidWhyNoneCounts) {
  const auto why = [](const ScanException& exception, const std::vector<std::string>& keys = enough) {
    const auto all = kept({file_of(exception, keys)});
    auto verdict = found();
    except(verdict, that_count(all));
    EXPECT_EQ(verdict.outcome, Outcome::not_clean);
    const auto said = why_uncounted(verdict, all);
    if (!said.empty()) {
      EXPECT_THAT(said, HasSubstr("exception " + digest_of(exception) + " does not count: "));
    }
    return said;
  };
  EXPECT_THAT(why(good(), {"alice-1", "bob-1"}), HasSubstr("approvals-missing"));
  auto over = good();
  over.until = test_time();
  EXPECT_THAT(why(over), HasSubstr("scan-exception-invalid, expected: later than " + test_time().print() +
                                   ", found: " + over.until.print()));
  auto content = good();
  content.content = file_digest(as_bytes("the next build"));
  EXPECT_THAT(why(content), HasSubstr("is about another content, " + content.content.text()));
  auto words = good();
  words.signature = "Generic.Helper-2";
  EXPECT_THAT(why(words), HasSubstr("is about other words, malware-found clamd: Generic.Helper-2"));
  words.content = content.content;
  EXPECT_EQ(why(words), "");  // of something else altogether
}

TEST(KeptExceptions, WhatIsForAnotherPoolIsSaidToBe) {
  auto parts = testkit::parts();
  auto west = parts.pools[0];
  west.id = "mme-west";
  west.nodes = {"mme-9"};
  parts.pools.push_back(west);
  const auto both = testkit::make_policy(parts);
  auto second = good();
  second.pool = PoolId::parse("mme-west").value();
  second.content = file_digest(as_bytes("other"));
  auto verdict = found();
  verdict.findings.push_back({"malware-found", "usr/bin/other", second.content, "Generic.Helper-1"});
  const auto all = try_exceptions({file_of(good()), file_of(second)}, both, test_time()).value();
  ASSERT_EQ(that_count(all).size(), 2U);
  except(verdict, that_count(all));
  EXPECT_EQ(verdict.outcome, Outcome::not_clean);
  EXPECT_THAT(why_uncounted(verdict, all),
              HasSubstr("is for the pool mme-west, the others are for mme-east"));
}

// A verdict that nobody could read would be worse than one that is not clean.
TEST(KeptExceptions, MoreThanAVerdictTakesAreNone) {
  auto verdict = found();
  verdict.findings.clear();
  std::vector<GivenException> given;
  for (std::size_t i = 0; i <= exceptions_max; ++i) {
    auto one = good();
    one.content = file_digest(as_bytes(std::to_string(i)));
    verdict.findings.push_back({"malware-found", "usr/bin/helper", one.content, "Generic.Helper-1"});
    given.push_back({one, "an envelope of " + one.content.text()});
  }
  except(verdict, given);
  EXPECT_EQ(verdict.outcome, Outcome::not_clean);
  verdict.findings.pop_back();
  except(verdict, given);
  EXPECT_EQ(verdict.outcome, Outcome::excepted);
  EXPECT_EQ(verdict.exceptions.size(), exceptions_max);
}

TEST(KeptExceptions, FewAreToldOneByOne) {
  std::vector<std::string> files;
  for (int i = 0; i < 8; ++i) {
    auto one = good();
    one.reason = "ticket " + std::to_string(i);
    files.push_back(file_of(one, {"alice-1"}));
  }
  const auto said = why_uncounted(found(), kept(files));
  EXPECT_THAT(said, testing::EndsWith("; and 3 more"));
  EXPECT_LT(said.size(), 2000U);
}

// What is about the same words elsewhere does not hide what is about this very finding.
TEST(KeptExceptions, TheNearestAreToldFirst) {
  std::vector<std::string> files;
  for (int i = 0; i < 5; ++i) {
    auto one = good();
    one.content = file_digest(as_bytes("build " + std::to_string(i)));
    files.push_back(file_of(one, {"alice-1"}));
  }
  files.push_back(file_of(good(), {"alice-1"}));
  const auto said = why_uncounted(found(), kept(files));
  EXPECT_THAT(said,
              testing::StartsWith("exception " + digest_of(good()) + " does not count: approvals-missing"));
}

}  // namespace
}  // namespace sallyport::intake
