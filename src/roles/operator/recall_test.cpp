// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/recall.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "core/format/scan_exception.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::deploy {
namespace {

using approve::Act;
using approve::Standing;
using testkit::sign_statement;
using testkit::test_time;
using testkit::TestSigner;

const FileDigest evil = file_digest(as_bytes("evil"));
const FileDigest secret = file_digest(as_bytes("secret"));

const Policy& policy() {
  static const Policy made = testkit::make_policy();
  return made;
}
PersonId person(const std::string& name) {
  return PersonId::parse(name).value();
}
PoolId pool(const std::string& name = "mme-east") {
  return PoolId::parse(name).value();
}

Verdict verdict_with(std::vector<Finding> findings) {
  auto verdict = testkit::make_verdict(policy());
  verdict.outcome = findings.empty() ? Outcome::clean : Outcome::not_clean;
  verdict.findings = std::move(findings);
  return verdict;
}
Bytes file_of(const Verdict& verdict, const std::string& key = "intake-1") {
  return sign_statement(print_verdict(verdict), {key});
}
const Finding malware{"malware-found", "usr/bin/mme", evil, "Evil-1"};
const Finding other{"secret-found", "etc/key", secret, "a private key"};

RecallProposal proposal(std::vector<Bytes> verdicts) {
  return {std::move(verdicts), policy(), pool(), person("alice"), "", std::nullopt, test_time(), 7};
}
Result<ProposedRecallFile> propose(const std::vector<Bytes>& verdicts) {
  TestSigner alice("alice-1");
  return propose_recall(proposal(verdicts), alice);
}

TEST(ProposedRecall, HasWhatWasFoundAndNothingElse) {
  const auto verdict = verdict_with({malware, other});
  const auto made = propose({file_of(verdict)});
  ASSERT_TRUE(made.ok()) << made.error().expected;
  const auto& recall = made.value().recall;
  ASSERT_EQ(recall.contents.size(), 1U);
  EXPECT_EQ(recall.contents[0].digest, evil);
  ASSERT_EQ(recall.packages.size(), 1U);
  EXPECT_EQ(recall.packages[0].digest, verdict.package);
  ASSERT_EQ(recall.engines.size(), 1U);
  EXPECT_EQ(recall.engines[0].engine, "clamd");
  EXPECT_EQ(recall.verdicts.at(0), sha256(as_bytes(print_verdict(verdict))));
  EXPECT_EQ(recall.sequence, static_cast<std::uint64_t>(test_time().seconds()) * 1000 + 7);
  EXPECT_EQ(recall.reason, "usr/bin/mme: Evil-1");
  EXPECT_EQ(parse_recall(parse_envelope(as_bytes(made.value().envelope)).value().payload).value(), recall);
}

TEST(ProposedRecallAttack, H08_OnlyAGenuineVerdictThatNamesMalwareRecalls) {
  const auto refusal = [](const std::vector<Bytes>& verdicts) {
    const auto made = propose(verdicts);
    return made.ok() ? "" : std::string(name(made.error().code));
  };
  const auto good = file_of(verdict_with({malware}));
  EXPECT_EQ(refusal({good}), "");
  EXPECT_EQ(refusal({file_of(verdict_with({}))}), "usage-error");
  EXPECT_EQ(refusal({file_of(verdict_with({other}))}), "usage-error");
  EXPECT_EQ(refusal({good, file_of(verdict_with({other}))}), "usage-error");
  EXPECT_EQ(refusal({file_of(verdict_with({malware}), "mallory")}), "verdict-signer-unknown");
}

// What persons have excepted is no malware: whoever wants it away says so otherwise.
TEST(ProposedRecall, WhatIsExceptedIsNotRecalled) {
  const ScanException exception{"usr/bin/mme",
                                evil,
                                "malware-found",
                                "clamd",
                                "Evil-1",
                                pool(),
                                test_time().plus(86400),
                                test_time().plus(-3600),
                                person("alice"),
                                "vendor ticket 4711"};
  auto verdict = verdict_with({malware});
  verdict.outcome = Outcome::excepted;
  verdict.exceptions = {
      std::string(as_text(sign_statement(print_scan_exception(exception), {"alice-1", "bob-1", "carol-1"})))};
  EXPECT_EQ(propose({file_of(verdict)}).error().code, Code::usage_error);
}

// Of several findings those are left that nobody has excepted. An exception that changes nothing is told.
TEST(ProposedRecall, WhatPersonsHaveExceptedIsLeftOutOfIt) {
  const auto helper = file_digest(as_bytes("helper"));
  const Finding false_positive{"malware-found", "usr/bin/helper", helper, "Suspicious-7"};
  const auto excepting = [&](const FileDigest& content, const std::string& words, const std::string& of_pool,
                             const std::vector<std::string>& keys = {"alice-1", "bob-1", "carol-1"}) {
    const ScanException exception{"usr/bin/helper",
                                  content,
                                  "malware-found",
                                  "clamd",
                                  words,
                                  pool(of_pool),
                                  test_time().plus(86400),
                                  test_time().plus(-3600),
                                  person("alice"),
                                  "vendor ticket 4711"};
    return sign_statement(print_scan_exception(exception), keys);
  };
  const auto with = [&](std::vector<Finding> findings, std::vector<Bytes> exceptions) {
    auto wanted = proposal({file_of(verdict_with(std::move(findings)))});
    wanted.exceptions = std::move(exceptions);
    TestSigner alice("alice-1");
    return propose_recall(wanted, alice);
  };
  const auto good = excepting(helper, "Suspicious-7", "mme-east");
  const auto made = with({malware, false_positive}, {good});
  ASSERT_TRUE(made.ok()) << made.error().found;
  ASSERT_EQ(made.value().recall.contents.size(), 1U);
  EXPECT_EQ(made.value().recall.contents[0].digest, evil);
  EXPECT_EQ(made.value().recall.packages.size(), 1U);
  EXPECT_EQ(with({malware, false_positive}, {}).value().recall.contents.size(), 2U);
  // Another engine's words about the same content still recall it.
  const Finding again{"malware-found", "usr/bin/helper", helper, "Worm-1"};
  EXPECT_EQ(with({false_positive, again}, {good}).value().recall.contents.size(), 1U);
  const auto refusal = [&](std::vector<Bytes> exceptions) {
    const auto refused = with({malware, false_positive}, std::move(exceptions));
    return refused.ok() ? "" : std::string(name(refused.error().code));
  };
  EXPECT_EQ(with({false_positive}, {good}).error().code, Code::usage_error);
  EXPECT_EQ(refusal({excepting(helper, "Other-1", "mme-east")}), "usage-error");
  EXPECT_EQ(refusal({excepting(helper, "Suspicious-7", "mme-east", {"alice-1", "bob-1"})}),
            "approvals-missing");
}

// Those of the pool on which it runs, by what they report.
TEST(ProposedRecall, TheReasonNamesTheNodesThatRunIt) {
  const auto verdict = verdict_with({malware});
  const auto report_of = [&](const std::string& node, const std::string& of_pool, GenerationUse use) {
    return NodeReport{NodeId::parse(node).value(),
                      pool(of_pool),
                      test_time(),
                      sha256({}),
                      1,
                      {{1, use, verdict.package, sha256({}), ProductId::parse("mme").value(), "1.0"}},
                      {},
                      ReportedGate::none,
                      0,
                      {},
                      0,
                      sha256({})};
  };
  intake::Fleet fleet;
  fleet.reports.emplace(NodeId::parse("mme-1").value(),
                        report_of("mme-1", "mme-east", GenerationUse::active));
  fleet.reports.emplace(NodeId::parse("mme-2").value(),
                        report_of("mme-2", "mme-east", GenerationUse::previous));
  fleet.reports.emplace(NodeId::parse("mme-3").value(),
                        report_of("mme-3", "mme-west", GenerationUse::active));
  const auto reason_with = [&](const std::optional<intake::Fleet>& known) {
    auto asked = proposal({file_of(verdict)});
    asked.reason = "malware";
    asked.fleet = known;
    TestSigner alice("alice-1");
    return propose_recall(asked, alice).value().recall.reason;
  };
  EXPECT_EQ(reason_with(std::nullopt), "malware");
  EXPECT_EQ(reason_with(fleet), "malware; reported to run on mme-1");
  fleet.reports.erase(NodeId::parse("mme-1").value());
  EXPECT_EQ(reason_with(fleet), "malware; no node reports that it runs it");
}

// One that alice has proposed, and what becomes of it.
class AnsweredRecall : public testing::Test {
 protected:
  Result<AnsweredMotion> answer(Act act, const std::string& who, const std::string& key,
                                const std::optional<Sha256Digest>& reviewed = std::nullopt) {
    TestSigner signer(key);
    const auto bytes = copy(as_bytes(file));
    auto done = answer_motion(act, {bytes, policy(), person(who), test_time(), reviewed},
                              prove_recall(policy(), test_time()), signer);
    if (done.ok()) file = done.value().envelope;
    return done;
  }
  std::string outcome(Act act, const std::string& who, const std::string& key,
                      const std::optional<Sha256Digest>& reviewed = std::nullopt) {
    const auto done = answer(act, who, key, reviewed);
    return done.ok() ? std::string(word(done.value().motion.ballot.standing))
                     : std::string(name(done.error().code));
  }

  const ProposedRecallFile proposed = propose({file_of(verdict_with({malware}))}).value();
  std::string file = proposed.envelope;
};

TEST_F(AnsweredRecall, H08_IsGrantedByEnoughPersons) {
  EXPECT_EQ(outcome(Act::approve, "bob", "bob-1", proposed.digest), "open");
  EXPECT_EQ(outcome(Act::approve, "carol", "carol-1"), "granted");
  EXPECT_TRUE(trust::recall(as_bytes(file), policy(), test_time()).ok());
}

TEST_F(AnsweredRecall, H08_NobodySignsForSomebodyElseOrTwice) {
  EXPECT_EQ(outcome(Act::approve, "bob", "carol-1"), "person-key-mismatch");
  EXPECT_EQ(outcome(Act::approve, "bob", "mallory"), "person-key-mismatch");
  EXPECT_EQ(outcome(Act::approve, "alice", "alice-1"), "approver-is-proposer");
  EXPECT_EQ(outcome(Act::approve, "dave", "dave-1"), "approver-not-authorised");
  EXPECT_EQ(outcome(Act::approve, "bob", "bob-1"), "open");
  EXPECT_EQ(outcome(Act::approve, "bob", "bob-2"), "approver-counted-twice");
}

TEST_F(AnsweredRecall, WhatIsSignedIsWhatWasReviewed) {
  EXPECT_EQ(outcome(Act::approve, "bob", "bob-1", sha256(as_bytes("another"))), "not-what-was-reviewed");
  EXPECT_EQ(file, proposed.envelope);
}

TEST_F(AnsweredRecall, H08_OneRefusalEndsIt) {
  EXPECT_EQ(outcome(Act::refuse, "bob", "bob-1"), "vetoed");
  EXPECT_EQ(trust::recall(as_bytes(file), policy(), test_time()).error().code, Code::order_vetoed);
  EXPECT_EQ(outcome(Act::approve, "carol", "carol-1"), "order-vetoed");
}

}  // namespace
}  // namespace sallyport::deploy
