// SPDX-License-Identifier: Apache-2.0
// What intake makes of a draft that a hostile package may have written.
#include "roles/operator/conclude.h"

#include <gtest/gtest.h>

#include "adapters/scanner/memory.h"
#include "core/base/eicar.h"
#include "core/crypto/file_digest.h"
#include "core/format/scan_exception.h"
#include "roles/operator/apart.h"
#include "roles/operator/intake.h"
#include "testkit/foreign_verdict.h"
#include "testkit/package.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

class Conclude : public testing::Test {
 protected:
  Verdict draft() { return draft(package_); }
  Verdict draft(const Bytes& bytes) {
    Party party{{{&scanner_, scanner_.info().value()}}};
    auto examined = examine({MemorySource(bytes), "theirs.csar", policy_, testkit::test_time()},
                            IntakeId::parse("intake-1").value(), party, workers_, no_progress);
    CHECK(examined.ok());
    return examined.value().draft;
  }
  Result<Conclusion> concluded(const Verdict& draft, const Sha256Digest& package) {
    const Known known{"ours.csar",
                      package,
                      policy_,
                      IntakeId::parse("intake-1").value(),
                      testkit::test_time(),
                      {scanner_.info().value()}};
    return conclude(draft, known, {signer_});
  }
  Code refusal(const Verdict& draft, const Sha256Digest& package) {
    const auto conclusion = concluded(draft, package);
    EXPECT_FALSE(conclusion.ok());
    EXPECT_EQ(signer_.signatures(), 0);
    return conclusion.ok() ? Code::internal_error : conclusion.error().code;
  }

  Policy policy_ = testkit::make_policy(testkit::acme().anchor_pem());
  MemoryScanner scanner_{{"memory", "Memory 1", "7", testkit::test_time().plus(-3600)}};
  testkit::TestSigner signer_{"intake-1"};
  InlineWorkers workers_;
  Bytes package_ = testkit::make_package();
};

TEST_F(Conclude, PutsInWhatIsNotForTheExaminerToSay) {
  const auto good = draft();
  auto bad = good;
  bad.package_name = "another";
  bad.policy = good.package;
  bad.policy_version = 99;
  bad.intake = IntakeId::parse("intake-2").value();
  bad.time = testkit::test_time().plus(86400 * 365);
  bad.engines[0].version = "Memory 99";
  bad.engines[0].database = "99";
  bad.engines[0].database_time = testkit::test_time().plus(86400);
  const auto conclusion = concluded(bad, good.package);
  ASSERT_TRUE(conclusion.ok()) << conclusion.error().where;
  const auto& verdict = conclusion.value().verdict;
  EXPECT_EQ(verdict.package_name, "ours.csar");
  EXPECT_EQ(verdict.policy, policy_.digest);
  EXPECT_EQ(verdict.policy_version, policy_.version);
  EXPECT_EQ(verdict.intake.text(), "intake-1");
  EXPECT_EQ(verdict.time, testkit::test_time());
  EXPECT_EQ(verdict.engines[0].version, "Memory 1");
  EXPECT_EQ(verdict.engines[0].database, "7");
  EXPECT_EQ(verdict.engines[0].database_time, testkit::test_time().plus(-3600));
}

TEST_F(Conclude, H09_WhatTheExaminerExceptsIsNotClean) {
  auto bad = draft();
  bad.outcome = Outcome::excepted;
  bad.findings = {{"malware-found", "usr/bin/mme", file_digest(as_bytes("x")), "Evil"}};
  bad.exceptions = {"an envelope"};
  const auto conclusion = concluded(bad, bad.package);
  ASSERT_TRUE(conclusion.ok()) << conclusion.error().where;
  EXPECT_EQ(conclusion.value().verdict.outcome, Outcome::not_clean);
  EXPECT_TRUE(conclusion.value().verdict.exceptions.empty());
}

// An engine that knows nothing of the last weeks has said nothing, whatever is excepted of what it says.
TEST_F(Conclude, H09_NoExceptionMakesADatabaseCount) {
  auto found = draft();
  found.outcome = Outcome::not_clean;
  found.findings = {{"malware-found", "usr/bin/mme", file_digest(as_bytes("x")), "Evil"}};
  const ScanException exception{"usr/bin/mme",
                                file_digest(as_bytes("x")),
                                "malware-found",
                                "memory",
                                "Evil",
                                PoolId::parse("mme-east").value(),
                                testkit::test_time().plus(86400),
                                testkit::test_time(),
                                PersonId::parse("alice").value(),
                                "a reason"};
  const auto envelope =
      testkit::sign_statement(print_scan_exception(exception), {"alice-1", "bob-1", "carol-1"});
  const auto outcome = [&](std::int64_t database_age) {
    auto info = scanner_.info().value();
    info.database_time = testkit::test_time().plus(-database_age);
    const Known known{
        "ours.csar",          found.package, policy_, IntakeId::parse("intake-1").value(),
        testkit::test_time(), {info},        {},      {{exception, std::string(as_text(envelope))}}};
    const auto conclusion = conclude(found, known, {signer_});
    EXPECT_TRUE(conclusion.ok()) << conclusion.error().where;
    return conclusion.ok() ? conclusion.value().verdict.outcome : Outcome::clean;
  };
  EXPECT_EQ(outcome(3600), Outcome::excepted);
  EXPECT_EQ(outcome(31 * 86400), Outcome::not_clean);
}

TEST(Speakers, AreKeysOfOneIntake) {
  auto parts = testkit::hybrid(testkit::parts());
  parts.intakes.push_back({"intake-2", "", {}});
  for (const auto* key : {"intake-2", "intake-2-pq"})
    parts.intakes.back().keys.push_back(testkit::TestKey(key).public_pem());
  const auto policy = testkit::make_policy(parts);
  testkit::TestSigner one("intake-1");
  testkit::TestSigner second("intake-1-pq");
  testkit::TestSigner others("intake-2-pq");
  EXPECT_EQ(check_keys(policy, {one, {&second}}).value().text(), "intake-1");
  EXPECT_EQ(check_keys(policy, {one, {&others}}).error().code, Code::verdict_signer_unknown);
  EXPECT_EQ(check_keys(policy, {one, {}}).error().code, Code::signature_kind_missing);
}

TEST_F(Conclude, H06_ADraftAboutAnotherFileIsNotSigned) {
  const auto good = draft();
  EXPECT_EQ(refusal(good, draft(testkit::make_package(testkit::next_release())).package),
            Code::examiner_failed);
}

// The policy of these tests asks for no attestation: an examiner that a package took over makes up none.
TEST_F(Conclude, AttestationsThatNobodyAskedForAreNotSigned) {
  auto bad = draft();
  const auto key = KeyId::parse(std::string(64, 'b')).value();
  bad.attestations = {{"https://slsa.dev/provenance/v1", "https://builder.example", key, "the release"}};
  EXPECT_EQ(refusal(bad, bad.package), Code::examiner_failed);
}

TEST_F(Conclude, AttestationsAreThoseThatThePolicyAsksFor) {
  const auto builder = testkit::TestKey("builder").public_key();
  const AttestationRecord asked{"https://slsa.dev/provenance/v1", "", builder.id(), "the release"};
  const auto plain = draft();
  auto& source = policy_.sources.begin()->second;
  source.attestations = {{asked.predicate_type, {builder}}};
  EXPECT_EQ(refusal(plain, plain.package), Code::examiner_failed);
  auto bad = plain;
  bad.attestations = {asked, asked};
  EXPECT_EQ(refusal(bad, plain.package), Code::examiner_failed);
  bad.attestations = {asked};
  bad.attestations[0].key = testkit::TestKey("stranger").public_key().id();
  EXPECT_EQ(refusal(bad, plain.package), Code::examiner_failed);
  bad.attestations = {asked};
  bad.attestations[0].predicate_type = "https://slsa.dev/provenance/v0.2";
  EXPECT_EQ(refusal(bad, plain.package), Code::examiner_failed);
  bad.attestations = {asked};
  EXPECT_TRUE(concluded(bad, plain.package).ok());
}

TEST_F(Conclude, EnginesThatWereNotThereAreNotSigned) {
  const auto good = draft();
  auto none = good;
  none.engines.clear();
  EXPECT_EQ(refusal(none, good.package), Code::examiner_failed);
  auto another = good;
  another.engines[0].engine = "clamd";
  EXPECT_EQ(refusal(another, good.package), Code::examiner_failed);
  auto twice = good;
  twice.engines.push_back(good.engines[0]);
  EXPECT_EQ(refusal(twice, good.package), Code::examiner_failed);
  auto more = good;
  ++more.engines[0].bytes_scanned;
  EXPECT_EQ(refusal(more, good.package), Code::examiner_failed);
}

TEST_F(Conclude, ACleanDraftThatDoesNotCoverEverythingIsNotGivenOut) {
  auto less = draft();
  --less.engines[0].files_scanned;
  const auto conclusion = concluded(less, less.package);
  ASSERT_FALSE(conclusion.ok());
  EXPECT_EQ(conclusion.error().code, Code::verdict_incomplete);
}

// A worker that says what it is told to say.
class Says final : public Apart {
 public:
  explicit Says(std::string words) : words_(std::move(words)) {}
  Result<Bytes> run(const ApartJob& job) override {
    order = job.order;
    if (before) before(job);
    return copy(as_bytes(words_));
  }
  std::string order;
  std::function<void(const ApartJob&)> before;

 private:
  std::string words_;
};

class NoUnpacker final : public Unpacker {
 public:
  std::string version() const override { return "none"; }
  Result<OpenedArchive> open(const ByteSource&, MemberSink&) override {
    ADD_FAILURE() << "the parent opens nothing";
    return OpenedArchive{Opened::no_archive, {}};
  }
};

class Apartness : public Conclude {
 protected:
  Result<ApartReport> submit(const Bytes& package, Says& says) {
    const PolicyFiles files{
        copy(as_bytes(testkit::print_policy(testkit::parts(testkit::acme().anchor_pem())))), {}};
    NoUnpacker unpacker;
    const std::vector<ApartScanner> scanners{{{EngineKind::rules, scanner_.info().value(), {}}}};
    const MemorySource source(package);
    return submit_apart({source, 0, "ours.csar", files, testkit::test_time(), "/var/tmp"},
                        {says, scanners, unpacker, workers_}, {signer_});
  }
  // As the worker's would be, with the unpacker that submit() speaks of.
  Verdict whole_draft() {
    auto all = draft();
    all.engines.push_back(
        {"archives", "none", "limits", testkit::test_time(), all.files_total, all.bytes_total});
    return all;
  }
};

TEST_F(Apartness, AGoodAnswerBecomesAVerdict) {
  Says says(print_answer(whole_draft(), {{"signature", "good"}}));
  const auto report = submit(package_, says);
  ASSERT_TRUE(report.ok()) << report.error().where << report.error().found;
  EXPECT_TRUE(trust::verdict(as_bytes(report.value().envelope), policy_, testkit::test_time()).ok());
  EXPECT_EQ(report.value().checks.front().finding, "good");
  EXPECT_EQ(parse_order(as_bytes(says.order)).value().engines[0].info.database, "7");
}

TEST_F(Apartness, AnAnswerAboutAnotherPackageIsNone) {
  Says says(print_answer(whole_draft(), {}));
  const auto report = submit(testkit::make_package(testkit::next_release()), says);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, Code::examiner_failed);
  EXPECT_EQ(signer_.signatures(), 0);
}

// What the parent has heard from the engine itself, the worker cannot unsay.
class Heard : public Apartness {
 protected:
  Result<ApartReport> submit_heard(const Verdict& answer, int contents, const std::string& content,
                                   const std::vector<GivenException>& exceptions = {},
                                   std::optional<PlainBook::Contents> plain = {}) {
    const PolicyFiles files{
        copy(as_bytes(testkit::print_policy(testkit::parts(testkit::acme().anchor_pem())))), {}};
    NoUnpacker unpacker;
    const std::vector<ApartScanner> scanners{{{EngineKind::relayed, scanner_.info().value(), {}},
                                              std::make_shared<MemoryScanner>(scanner_.info().value())}};
    const MemorySource source(package_);
    Says says(print_answer(answer, {}));
    says.before = [&](const ApartJob& job) {
      for (int i = 0; i < contents; ++i) {
        OneContent talk(content);
        job.serve(0, talk);
      }
      OneContent nobody(content);
      job.serve(2, nobody);  // of an engine that the order does not have
      EXPECT_EQ(nobody.answers, 0);
      for (const auto& one : {content, std::string("not shown")}) {
        const auto digest = file_digest(as_bytes(one));
        OneContent insides(std::vector{"N" + std::string(as_text(digest.bytes()))});
        job.serve(1, insides);
      }
    };
    const ApartPorts ports{says, scanners, unpacker, workers_, no_progress, exceptions, std::move(plain)};
    return submit_apart({source, 0, "ours.csar", files, testkit::test_time(), "/var/tmp"}, ports, {signer_});
  }

 private:
  class OneContent final : public Talk {
   public:
    explicit OneContent(const std::string& content) : words_{"P" + content, "E"} {}
    explicit OneContent(std::vector<std::string> words) : words_(std::move(words)) {}
    Result<void> send(BytesView) override {
      ++answers;
      return {};
    }
    Result<std::optional<Bytes>> receive() override {
      if (next_ == words_.size()) return std::optional<Bytes>();
      return std::optional(copy(as_bytes(words_[next_++])));
    }
    int answers = 0;

   private:
    std::vector<std::string> words_;
    std::size_t next_ = 0;
  };
};

TEST_F(Heard, AsManyContentsAsTheEngineAnswered) {
  const auto all = whole_draft();
  const auto count = static_cast<int>(all.files_total);
  const auto enough = submit_heard(all, count, "harmless");
  ASSERT_TRUE(enough.ok()) << enough.error().where << enough.error().found;
  EXPECT_EQ(enough.value().clean.front().size(), 1U);
  const auto less = submit_heard(all, count - 1, "harmless");
  ASSERT_FALSE(less.ok());
  EXPECT_EQ(less.error().code, Code::examiner_failed);
}

TEST_F(Heard, WhatTheEngineFoundIsNotCalledClean) {
  const auto all = whole_draft();
  const auto report = submit_heard(all, static_cast<int>(all.files_total), eicar_test_file());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, Code::examiner_failed);
  EXPECT_EQ(report.error().expected, "what the engine found");
}

TEST_F(Heard, H09_WhatTheEngineFoundIsNotCalledExcepted) {
  auto all = whole_draft();
  all.outcome = Outcome::excepted;
  all.findings = {{"malware-found", "usr/bin/mme", file_digest(as_bytes("x")), "memory: Evil"}};
  all.exceptions = {"an envelope"};
  const auto report = submit_heard(all, static_cast<int>(all.files_total), eicar_test_file());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().expected, "what the engine found");
}

// The worker tells of what is excepted, and of nothing else that the engine has found.
TEST_F(Heard, H09_AFindingThatTheWorkerKeepsToItselfExceptsNothing) {
  auto all = whole_draft();
  const auto content = file_digest(as_bytes("a false positive"));
  all.outcome = Outcome::not_clean;
  all.findings = {{"malware-found", "usr/bin/mme", content, "memory: Evil"}};
  const ScanException exception{"usr/bin/mme",
                                content,
                                "malware-found",
                                "memory",
                                "Evil",
                                PoolId::parse("mme-east").value(),
                                testkit::test_time().plus(86400),
                                testkit::test_time(),
                                PersonId::parse("alice").value(),
                                "a reason"};
  const auto envelope =
      testkit::sign_statement(print_scan_exception(exception), {"alice-1", "bob-1", "carol-1"});
  const std::vector<GivenException> given{{exception, std::string(as_text(envelope))}};
  const auto count = static_cast<int>(all.files_total);
  const auto outcome = [&](const std::string& heard) {
    const auto report = submit_heard(all, count, heard, given);
    EXPECT_TRUE(report.ok()) << report.error().where << report.error().found;
    return std::get<Verdict>(report.value().verdict).outcome;
  };
  EXPECT_EQ(outcome("harmless"), Outcome::excepted);
  EXPECT_EQ(outcome(eicar_test_file()), Outcome::not_clean);
}

// What is remembered to hold nothing is what went by here and is plain, and only after an intake that came to an end.
TEST_F(Heard, WhatHoldsNothingIsKeptWhereSomebodyWantsIt) {
  const auto all = whole_draft();
  const auto count = static_cast<int>(all.files_total);
  const auto digest = file_digest(as_bytes("harmless"));
  EXPECT_TRUE(submit_heard(all, count, "harmless").value().plain.empty());
  const auto kept = submit_heard(all, count, "harmless", {}, PlainBook::Contents());
  EXPECT_EQ(kept.value().plain, PlainBook::Contents{digest});
  EXPECT_TRUE(submit_heard(all, count, "Rar!", {}, PlainBook::Contents()).value().plain.empty());
  EXPECT_FALSE(submit_heard(all, count - 1, "harmless", {}, PlainBook::Contents()).ok());
}

TEST_F(Apartness, ARefusalIsHandedOn) {
  Says says(print_answer(Error(Code::member_digest_mismatch, "a member", "one", "another")));
  const auto report = submit(package_, says);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, Code::member_digest_mismatch);
  EXPECT_EQ(report.error().where, "a member");
}

TEST_F(Apartness, H03_GarbageIsNoAnswer) {
  const auto good = print_answer(whole_draft(), {});
  for (const auto& words :
       {std::string(), std::string("{}"), good.substr(0, good.size() / 2), good + "x", "[" + good + "]",
        std::string("{\"schema\":\"sallyport-examined/1\",\"error\":{}}"),
        std::string("{\"schema\":\"sallyport-examined/1\",\"checks\":[],\"draft\":\"clean\"}")}) {
    Says says(words);
    const auto report = submit(package_, says);
    ASSERT_FALSE(report.ok()) << words;
    EXPECT_EQ(report.error().code, Code::examiner_failed) << words;
  }
  EXPECT_EQ(signer_.signatures(), 0);
}

// A package with thousands of signed artifacts has as many checks.
TEST_F(Apartness, MoreChecksThanAnAnswerHoldsAreCounted) {
  for (const std::size_t count : {1000U, 1001U, 5000U}) {
    const auto answer =
        parse_answer(as_bytes(print_answer(whole_draft(), Checks(count, {"artifact", "image: CN=Acme"}))));
    ASSERT_TRUE(answer.ok()) << answer.error().where << " " << answer.error().found;
    const auto& checks = answer.value().checks;
    ASSERT_EQ(checks.size(), 1000U);
    EXPECT_EQ(checks.back().finding,
              count == 1000 ? "image: CN=Acme" : std::to_string(count - 999) + " checks");
  }
}

TEST_F(Apartness, AForeignDraftIsReadByItsType) {
  const auto made = testkit::make_foreign_verdict(policy_);
  const auto answer = parse_answer(as_bytes(print_answer(made, {})));
  ASSERT_TRUE(answer.ok()) << answer.error().where;
  EXPECT_EQ(print_foreign_verdict(std::get<ForeignVerdict>(answer.value().draft)),
            print_foreign_verdict(made));
}

TEST_F(Apartness, AnOrderIsReadAsItWasPrinted) {
  const ApartOrder order{"name",
                         IntakeId::parse("intake-1").value(),
                         testkit::test_time(),
                         "/var/tmp",
                         {Bytes{1, 2, 3}, {Bytes{4}, Bytes{}}},
                         {{EngineKind::rules, {"yara", "YARA 4", "sha256:x", testkit::test_time()}, "rule"},
                          {EngineKind::secrets, {"secrets", "YARA 4", "y", testkit::test_time()}, ""}},
                         {Tolerance::key_case, Tolerance::product_names},
                         true};
  const auto text = print_order(order);
  const auto read = parse_order(as_bytes(text));
  ASSERT_TRUE(read.ok()) << read.error().where;
  EXPECT_EQ(print_order(read.value()), text);
  EXPECT_EQ(read.value().engines[0].rules, "rule");
  EXPECT_EQ(read.value().tolerances, order.tolerances);
  EXPECT_TRUE(read.value().remembers);
  EXPECT_FALSE(parse_order(as_bytes(text.substr(1))).ok());
}

}  // namespace
}  // namespace sallyport::intake
