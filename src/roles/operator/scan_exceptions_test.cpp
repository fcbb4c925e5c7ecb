// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_exceptions.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "roles/operator/conclude.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

using testkit::test_time;

const FileDigest helper = file_digest(as_bytes("helper"));
const FileDigest other = file_digest(as_bytes("other"));

GivenException given(const FileDigest& content, const std::string& words = "Generic.Helper-1") {
  return {{"usr/bin/helper", content, "malware-found", "clamd", words, PoolId::parse("mme-east").value(),
           test_time().plus(86400), test_time(), PersonId::parse("alice").value(), "vendor ticket 4711"},
          "an envelope of " + content.text() + words};
}

Verdict found_in(const std::vector<FileDigest>& contents) {
  auto verdict = testkit::make_verdict(testkit::make_policy());
  verdict.outcome = Outcome::not_clean;
  for (const auto& content : contents)
    verdict.findings.push_back({"malware-found", "usr/bin/helper", content, "Generic.Helper-1"});
  return verdict;
}

Outcome outcome_with(Verdict verdict, const std::vector<GivenException>& exceptions) {
  except(verdict, exceptions);
  EXPECT_EQ(verdict.exceptions.empty(), verdict.outcome != Outcome::excepted);
  return verdict.outcome;
}

TEST(ScanExceptionsAttack, H09_EveryFindingNeedsOne) {
  EXPECT_EQ(outcome_with(found_in({helper}), {given(helper)}), Outcome::excepted);
  EXPECT_EQ(outcome_with(found_in({helper, other}), {given(helper)}), Outcome::not_clean);
  EXPECT_EQ(outcome_with(found_in({helper, other}), {given(helper), given(other)}), Outcome::excepted);
  EXPECT_EQ(outcome_with(found_in({helper}), {given(helper, "Generic.Helper-2")}), Outcome::not_clean);
  EXPECT_EQ(outcome_with(found_in({helper}), {}), Outcome::not_clean);
  auto clean = testkit::make_verdict(testkit::make_policy());
  EXPECT_EQ(outcome_with(clean, {given(helper)}), Outcome::clean);
}

// Whoever approved such words does not know what else they let in.
TEST(ScanExceptionsAttack, H09_WordsThatLeaveSomethingUnsaidAreNotExcepted) {
  for (const std::string& words :
       {std::string("opt/a.txt: Rule"), std::string("Rule and 1 more"), std::string(200, 'x')}) {
    auto verdict = found_in({helper});
    verdict.findings[0].detail = words;
    EXPECT_EQ(outcome_with(verdict, {given(helper, words)}), Outcome::not_clean) << words;
  }
  auto several = found_in({helper});
  several.findings[0].detail = "RuleA, RuleB";
  EXPECT_EQ(outcome_with(several, {given(helper, "RuleA, RuleB")}), Outcome::excepted);
}

TEST(ScanExceptionsAttack, H09_TheVerdictHasTheOnesThatAreNeeded) {
  auto verdict = found_in({helper});
  except(verdict, {given(other), given(helper)});
  EXPECT_EQ(verdict.exceptions, std::vector<std::string>{given(helper).envelope});
  EXPECT_EQ(print_verdict(parse_verdict(as_bytes(print_verdict(verdict))).value()), print_verdict(verdict));
}

// What the parent heard counts, whatever a worker makes of it.
TEST(ScanExceptionsAttack, H09_AWorkerThatPassesOverAFindingExceptsNothing) {
  const auto left = [](const std::string& engine, const HeardBook& book, const GivenException& one) {
    return of_pools_that_cover(engine, book, {one}).size();
  };
  HeardBook book;
  EXPECT_EQ(left("clamd", book, given(helper)), 1U);
  book.note(helper, {ScanResult::found, "Generic.Helper-1"});
  EXPECT_EQ(left("clamd", book, given(helper)), 1U);
  EXPECT_EQ(left("other", book, given(helper)), 0U);
  EXPECT_EQ(left("clamd", book, given(helper, "Generic.Helper-2")), 0U);
  book.note(other, {ScanResult::found, "Evil"});
  EXPECT_EQ(left("clamd", book, given(helper)), 0U);
  HeardBook skipped;
  skipped.note(helper, {ScanResult::not_scanned, "too large"});
  EXPECT_EQ(left("clamd", skipped, given(helper)), 0U);
}

// Of more than are kept nobody knows what they were.
TEST(ScanExceptionsAttack, H09_MoreFindingsThanAreKeptAreNotExcepted) {
  HeardBook book;
  for (int i = 0; i < 1000; ++i)
    book.note(file_digest(as_bytes(std::to_string(i))), {ScanResult::found, "Evil"});
  ASSERT_TRUE(book.found());
  EXPECT_EQ(book.found()->size(), 1000U);
  book.note(helper, {ScanResult::found, "Generic.Helper-1"});
  EXPECT_FALSE(book.found());
}

GivenException for_west(const FileDigest& content) {
  auto one = given(content);
  one.exception.pool = PoolId::parse("mme-west").value();
  one.envelope += " west";
  return one;
}

// Whoever has an exception for some of it reads what is left, and not what was excepted.
TEST(ScanExceptions, WhatIsLeftIsToldFirst) {
  const auto east = PoolId::parse("mme-east").value();
  auto verdict = found_in({helper, other});
  verdict.findings[1].where = "usr/bin/other";
  const auto left = left_open(verdict, {given(helper)});
  EXPECT_EQ(left.pool, east);
  EXPECT_EQ(left.is_excepted, (std::vector<bool>{true, false}));
  EXPECT_EQ(require_clean(verdict, {given(helper)}).error().where, "usr/bin/other");
  EXPECT_EQ(require_clean(verdict, {}).error().where, "usr/bin/helper");
  EXPECT_FALSE(left_open(verdict, {}).pool.has_value());
  // Of malware before the rest, and of the rest when no malware is left.
  verdict.findings.insert(verdict.findings.begin(), {"scan-incomplete", "opt/x.zip", other, "encrypted"});
  EXPECT_EQ(require_clean(verdict, {given(helper)}).error().where, "usr/bin/other");
  EXPECT_EQ(require_clean(verdict, {given(helper), given(other)}).error().code, Code::scan_incomplete);
  EXPECT_FALSE(may_have_exception(verdict.findings[0], verdict.engines));
  EXPECT_TRUE(may_have_exception(verdict.findings[1], verdict.engines));
}

// Exceptions of two pools do not add up: what is told is by the pool that leaves less.
TEST(ScanExceptions, WhatIsLeftIsOfOnePool) {
  const auto verdict = found_in({helper, other, file_digest(as_bytes("third"))});
  auto west = given(helper);
  auto west_other = given(other);
  west.exception.pool = west_other.exception.pool = PoolId::parse("mme-west").value();
  const auto third = given(verdict.findings[2].digest);
  EXPECT_EQ(left_open(verdict, {third, west, west_other}).pool->text(), "mme-west");
  EXPECT_EQ(left_open(verdict, {third, west, west_other}).findings.size(), 1U);
  EXPECT_EQ(left_open(verdict, {third, west}).pool->text(), "mme-east");
}

// Nobody takes a verdict that has exceptions of two pools.
TEST(ScanExceptionsAttack, H09_TheyAreThoseOfOnePool) {
  auto verdict = found_in({helper, other});
  except(verdict, {given(helper), for_west(other)});
  EXPECT_EQ(verdict.outcome, Outcome::not_clean);
  except(verdict, {for_west(helper), for_west(other), given(other)});
  EXPECT_EQ(verdict.outcome, Outcome::excepted);
  for (const auto& envelope : verdict.exceptions) EXPECT_TRUE(envelope.ends_with(" west")) << envelope;
  auto both = found_in({helper});
  except(both, {for_west(helper), given(helper)});
  EXPECT_EQ(both.exceptions, std::vector<std::string>{given(helper).envelope});
  // What one pool passes over is not made up for by another: what the parent heard has to be covered by one, too.
  HeardBook book;
  book.note(helper, {ScanResult::found, "Generic.Helper-1"});
  book.note(other, {ScanResult::found, "Generic.Helper-1"});
  EXPECT_TRUE(of_pools_that_cover("clamd", book, {given(helper), for_west(other)}).empty());
  EXPECT_EQ(of_pools_that_cover("clamd", book, {given(helper), for_west(helper), for_west(other)}).size(),
            2U);
}

// One of a member says nothing of the archive, nor of what else lies in it.
TEST(ScanExceptionsAttack, H09_AMemberOfAnArchiveIsNamedByItsOwnDigest) {
  const auto archive = file_digest(as_bytes("archive"));
  auto verdict = found_in({archive});
  verdict.findings[0].member = helper;
  EXPECT_EQ(outcome_with(verdict, {given(helper)}), Outcome::excepted);
  EXPECT_EQ(outcome_with(verdict, {given(archive)}), Outcome::not_clean);
  auto whole = found_in({archive});
  EXPECT_EQ(outcome_with(whole, {given(helper)}), Outcome::not_clean);
  verdict.findings.push_back(verdict.findings[0]);
  verdict.findings[1].member = other;
  EXPECT_EQ(outcome_with(verdict, {given(helper)}), Outcome::not_clean);
  EXPECT_EQ(outcome_with(verdict, {given(helper), given(other)}), Outcome::excepted);
  EXPECT_EQ(print_verdict(parse_verdict(as_bytes(print_verdict(verdict))).value()), print_verdict(verdict));
}

TEST(ScanExceptions, AreProposedFromTheFindingOfAVerdict) {
  const auto policy = testkit::make_policy();
  const auto verdict = testkit::sign_statement(print_verdict(found_in({helper})), {"intake-1"});
  testkit::TestSigner alice("alice-1");
  deploy::ExceptionProposal proposal{verdict,
                                     helper,
                                     "",
                                     policy,
                                     PoolId::parse("mme-east").value(),
                                     PersonId::parse("alice").value(),
                                     test_time().plus(86400),
                                     "vendor ticket 4711",
                                     test_time()};
  const auto proposed = deploy::propose_exception(proposal, alice).value();
  EXPECT_EQ(proposed.exception.engine, "clamd");
  EXPECT_EQ(proposed.exception.signature, "Generic.Helper-1");
  proposal.engine = "yara";
  EXPECT_EQ(deploy::propose_exception(proposal, alice).error().code, Code::usage_error);
  proposal.engine = "clamd";
  EXPECT_TRUE(deploy::propose_exception(proposal, alice).ok());
  proposal.content = other;
  EXPECT_EQ(deploy::propose_exception(proposal, alice).error().code, Code::usage_error);
  proposal.content = helper;
  proposal.until = test_time();
  EXPECT_EQ(deploy::propose_exception(proposal, alice).error().code, Code::statement_malformed);
}

class ProposedException : public testing::Test {
 protected:
  Result<deploy::ProposedExceptionFile> propose(const Verdict& verdict, const std::string& engine = "") {
    const auto file = testkit::sign_statement(print_verdict(verdict), {"intake-1"});
    testkit::TestSigner alice("alice-1");
    return deploy::propose_exception(
        {file, helper, engine, policy_, PoolId::parse("mme-east").value(), PersonId::parse("alice").value(),
         test_time().plus(3600), "a reason", test_time()},
        alice);
  }
  const Policy policy_ = testkit::make_policy();
};

// Nobody approves one of two things that engines say without having chosen.
TEST_F(ProposedException, OfSeveralEnginesOneIsNamed) {
  auto verdict = found_in({helper, helper});
  verdict.engines.push_back(verdict.engines[0]);
  verdict.engines[1].engine = "yara";
  verdict.findings[0].detail = "clamd: Generic.Helper-1";
  verdict.findings[1].detail = "yara: Rule";
  EXPECT_EQ(propose(verdict).error().code, Code::usage_error);
  EXPECT_EQ(propose(verdict, "clamd").value().exception.signature, "Generic.Helper-1");
  EXPECT_EQ(propose(verdict, "yara").value().exception.signature, "Rule");
}

TEST_F(ProposedException, H09_WordsThatLeaveSomethingUnsaidAreNotProposed) {
  for (const std::string& words :
       {std::string("opt/a.txt: Rule"), std::string("Rule and 1 more"), std::string(200, 'x')}) {
    auto verdict = found_in({helper});
    verdict.findings[0].detail = words;
    EXPECT_EQ(propose(verdict).error().code, Code::scan_exception_invalid) << words;
  }
}

TEST_F(ProposedException, H09_OneThatIsOverTakesNoApprovals) {
  const auto proposed = propose(found_in({helper})).value();
  testkit::TestSigner bob("bob-1");
  const auto answer = [&](approve::Act act, Instant now) {
    return deploy::answer_motion(
        act, {as_bytes(proposed.envelope), policy_, PersonId::parse("bob").value(), now},
        act == approve::Act::approve ? deploy::prove_exception_that_lasts(policy_, now)
                                     : deploy::prove_exception(policy_, now),
        bob);
  };
  const auto end = test_time().plus(3600);
  EXPECT_TRUE(answer(approve::Act::approve, end.plus(-1)).ok());
  EXPECT_EQ(answer(approve::Act::approve, end).error().code, Code::scan_exception_invalid);
  EXPECT_TRUE(answer(approve::Act::refuse, end).ok());
}

}  // namespace
}  // namespace sallyport::intake
