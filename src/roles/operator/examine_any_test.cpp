// SPDX-License-Identifier: Apache-2.0
// Intake of packages of other tools.
#include "roles/operator/examine_any.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/scanner/memory.h"
#include "adapters/unpacker/libarchive.h"
#include "core/base/eicar.h"
#include "core/crypto/file_digest.h"
#include "core/trust/foreign_verdict.h"
#include "roles/operator/conclude.h"
#include "roles/operator/intake.h"
#include "roles/operator/remembers_for_test.h"
#include "testkit/foreign.h"
#include "testkit/signer.h"

namespace sallyport::intake {
namespace {

using testkit::acme;
using testkit::ForeignParts;
using testkit::make_foreign;
using testkit::make_option_2;
using testkit::Members;

const Bytes eicar = copy(as_bytes(eicar_test_file()));

class ExamineAny : public testing::Test {
 protected:
  Result<AnyExamination> examined(const ByteSource& file, const Tolerances& tolerances = {}) {
    Party party{
        {{scanner_, scanner_->info().value()}}, unpacker_, [this]() -> Result<std::unique_ptr<Scratch>> {
          ++scratches_;
          return std::unique_ptr<Scratch>(std::make_unique<MemoryScratch>());
        }};
    return examine_any({file, "vendor.csar", policy_, testkit::test_time()}, tolerances, intake_, party,
                       workers_, no_progress);
  }
  Result<AnyExamination> examined(const Bytes& bytes, const Tolerances& tolerances = {}) {
    return examined(MemorySource(bytes), tolerances);
  }
  ForeignVerdict draft(const Bytes& bytes, const Tolerances& tolerances = {}) {
    auto examination = examined(bytes, tolerances);
    CHECK(examination.ok());
    return std::get<ForeignExamination>(examination.value()).draft;
  }
  Code refusal(const Bytes& bytes, const Tolerances& tolerances = {}) {
    const auto examination = examined(bytes, tolerances);
    EXPECT_FALSE(examination.ok());
    return examination.ok() ? Code::internal_error : examination.error().code;
  }

  Policy policy_ = testkit::make_policy(acme().anchor_pem());
  MemoryScanner memory_{{"memory", "Memory 1", "7", testkit::test_time().plus(-3600)}};
  Scanner* scanner_ = &memory_;
  Unpacker* unpacker_ = nullptr;
  IntakeId intake_ = IntakeId::parse("intake-1").value();
  InlineWorkers workers_;
  int scratches_ = 0;
};

// Every byte of every member, once, and nothing else.
void expect_covered(const ForeignVerdict& draft, const Members& members) {
  std::uint64_t bytes = 0;
  for (const auto& member : members) bytes += member.content.size();
  EXPECT_EQ(draft.files_total, members.size());
  EXPECT_EQ(draft.bytes_total, bytes);
  EXPECT_EQ(draft.engines.at(0).files_scanned, draft.files_total);
  EXPECT_EQ(draft.engines.at(0).bytes_scanned, draft.bytes_total);
  EXPECT_EQ(draft.outcome, Outcome::clean);
}

TEST_F(ExamineAny, PackagesOfOtherToolsGetAVerdictOfTheirOwnKind) {
  const auto bytes = make_foreign();
  const auto made = draft(bytes);
  EXPECT_EQ(made.package, sha256(bytes));
  EXPECT_EQ(made.option, SecurityOption::option_1);
  EXPECT_EQ(made.product.text(), "mme");
  EXPECT_EQ(made.name, "mme");
  EXPECT_EQ(made.provider, "Acme");
  EXPECT_EQ(made.version, "1.0");
  EXPECT_EQ(made.source.text(), "acme");
  EXPECT_TRUE(made.tolerated.empty());
  EXPECT_TRUE(std::holds_alternative<Examination>(examined(testkit::make_package()).value()));
}

TEST_F(ExamineAny, H05_EveryMemberIsScannedWhole) {
  const auto stored = make_foreign();
  expect_covered(draft(stored), testkit::take_apart(stored));
  // What counts is what comes out.
  const auto packed = testkit::deflate_members(stored);
  ASSERT_LT(packed.size(), stored.size());
  expect_covered(draft(packed), testkit::take_apart(stored));
  EXPECT_EQ(scratches_, 0);
}

// With this version and this database: it counts as scanned.
TEST_F(ExamineAny, WhatIsKnownIsNotShownAgain) {
  Remembers engine(memory_);
  scanner_ = &engine;
  LibarchiveUnpacker unpacker;
  unpacker_ = &unpacker;
  const auto stored = make_foreign();
  const auto packed = testkit::deflate_members(stored);
  const auto members = testkit::take_apart(stored);
  expect_covered(draft(packed), members);
  EXPECT_EQ(engine.shown, static_cast<int>(members.size()));
  for (const auto& member : members) engine.known.insert(file_digest(member.content));
  engine.shown = 0;
  expect_covered(draft(packed), members);
  EXPECT_EQ(engine.shown, 0);
}

TEST_F(ExamineAny, H05_OfOption2TheMembersAndWhatStandsAroundThem) {
  ForeignParts parts;
  parts.signers.clear();
  const auto csar = make_foreign(parts);
  const auto cms = testkit::sign_cms(csar, {&acme()});
  auto all = testkit::take_apart(csar);
  all.push_back({"mme.cms", cms});
  const auto stored = make_option_2(csar, cms);
  const auto plain = draft(stored);
  EXPECT_EQ(plain.option, SecurityOption::option_2);
  expect_covered(plain, all);
  EXPECT_EQ(scratches_, 0);
  const auto packed = draft(testkit::deflate_members(stored));
  expect_covered(packed, all);
  EXPECT_GT(scratches_, 0);
}

TEST_F(ExamineAny, A10_MalwareInAnyMemberIsNamed) {
  const auto found = [&](const ForeignParts& parts, const std::function<Bytes(const Bytes&)>& around) {
    const auto made = draft(around(make_foreign(parts)));
    EXPECT_EQ(made.outcome, Outcome::not_clean);
    EXPECT_EQ(require_clean(made).error().code, Code::malware_found);
    EXPECT_EQ(made.findings.size(), 1U);
    EXPECT_EQ(made.findings.at(0).digest, file_digest(eicar));
    return made.findings.at(0).where;
  };
  const auto same = [](const Bytes& csar) { return csar; };
  ForeignParts parts;
  parts.files.push_back({"Artifacts/tool", eicar});
  EXPECT_EQ(found(parts, same), "Artifacts/tool");
  EXPECT_EQ(found(parts, [](const Bytes& csar) { return testkit::deflate_members(csar); }), "Artifacts/tool");
  const auto whole = [](const Bytes& csar) {
    return make_option_2(csar, testkit::sign_cms(csar, {&acme()}));
  };
  EXPECT_EQ(found(parts, whole), "mme.csar: Artifacts/tool");
  EXPECT_EQ(found(parts, [&](const Bytes& csar) { return testkit::deflate_members(whole(csar)); }),
            "mme.csar: Artifacts/tool");
}

TEST_F(ExamineAny, A11_MalwareBehindTheFirstPartIsNamed) {
  auto content = Bytes(3U << 20U, 'x');
  content.insert(content.end(), eicar.begin(), eicar.end());
  ForeignParts parts;
  parts.files.push_back({"Artifacts/large", content});
  EXPECT_EQ(draft(make_foreign(parts)).findings.at(0).where, "Artifacts/large");
}

// Also where no manifest lists it: unsigned text of TOSCA.meta, a certificate beside.
TEST_F(ExamineAny, A10_MalwareInWhatNoManifestListsIsNamed) {
  ForeignParts parts;
  parts.signers.clear();
  parts.edit_signed = [](Members& members) { members.push_back({"Artifacts/unlisted", eicar}); };
  const auto csar = make_foreign(parts);
  const auto made = draft(make_option_2(csar, testkit::sign_cms(csar, {&acme()})));
  ASSERT_EQ(made.findings.size(), 1U);
  EXPECT_EQ(made.findings[0].where, "mme.csar: Artifacts/unlisted");
}

TEST_F(ExamineAny, H01_WhatIsTooLargeForTheScannerIsNotClean) {
  ForeignParts parts;
  parts.files.push_back({"Artifacts/large", Bytes(20001, 'x')});
  MemoryScanner small({"memory", "Memory 1", "7", testkit::test_time()}, 20000);
  scanner_ = &small;
  const auto made = draft(make_foreign(parts));
  EXPECT_EQ(require_clean(made).error().code, Code::scan_incomplete);
  EXPECT_EQ(made.engines[0].files_scanned + 1, made.files_total);
  EXPECT_EQ(made.engines[0].bytes_scanned + 20001, made.bytes_total);
}

TEST_F(ExamineAny, WhatDoesNotVerifyGetsItsRefusalAndNoVerdict) {
  ForeignParts parts;
  parts.signers.clear();
  EXPECT_EQ(refusal(make_foreign(parts)), Code::signature_missing);
  parts.signers = {&testkit::stranger()};
  EXPECT_EQ(refusal(make_foreign(parts)), Code::signer_unknown);
  auto bytes = make_foreign();
  bytes.pop_back();
  EXPECT_NE(refusal(bytes), Code::internal_error);
  EXPECT_EQ(refusal({}), Code::zip_malformed);
}

// RX-1: who may sign what is the policy's, of whatever kind the package is, and no name can be tolerated away.
TEST_F(ExamineAny, A07_SourcesSignTheirProductsAlone) {
  ForeignParts parts;
  parts.metadata = testkit::replaced(parts.metadata, "name: mme", "name: other");
  EXPECT_EQ(refusal(make_foreign(parts)), Code::signer_not_for_product);
  Tolerances all;
  for (const auto& info : all_tolerances()) all.insert(info.what);
  EXPECT_EQ(refusal(make_foreign(parts), all), Code::signer_not_for_product);
  parts.metadata = testkit::replaced(parts.metadata, "name: other", "name: OTHER");
  EXPECT_EQ(refusal(make_foreign(parts), all), Code::signer_not_for_product);
}

TEST_F(ExamineAny, WhatWasToleratedAndNothingElseIsRecorded) {
  Tolerances all;
  for (const auto& info : all_tolerances()) all.insert(info.what);
  EXPECT_TRUE(draft(make_foreign(), all).tolerated.empty()) << "nothing of it was needed";
  ForeignParts parts;
  parts.metadata = testkit::replaced(parts.metadata, "name: mme", "name: MME");
  parts.edit_octets = [](std::string& octets) {
    octets = testkit::replaced(octets, "Source:", "source:");
    octets = testkit::replaced(octets, "Source:", "SOURCE:");
  };
  const auto bytes = make_foreign(parts);
  EXPECT_EQ(refusal(bytes), Code::manifest_malformed);
  EXPECT_EQ(refusal(bytes, {Tolerance::key_case}), Code::manifest_malformed);
  EXPECT_EQ(refusal(bytes, {Tolerance::product_names}), Code::manifest_malformed);
  const auto made = draft(bytes, all);
  ASSERT_EQ(made.tolerated.size(), 2U);
  EXPECT_EQ(made.tolerated[0].what, Tolerance::key_case);
  EXPECT_EQ(made.tolerated[0].count, 2U);
  EXPECT_EQ(made.tolerated[0].where, "manifest line 7");
  EXPECT_EQ(made.tolerated[1].what, Tolerance::product_names);
  EXPECT_EQ(made.name, "MME");
  EXPECT_EQ(made.product.text(), "mme");
}

// In the order of the specification, whatever was met first.
TEST_F(ExamineAny, WhatWasToleratedStandsInOneOrder) {
  ForeignParts parts;
  parts.edit_octets = [](std::string& octets) {
    const auto meta = octets.find("Source: TOSCA");
    octets.erase(meta, octets.find("Source:", meta + 1) - meta);
    const auto digits = octets.find("Hash: ") + 6;
    for (std::size_t i = digits; i < digits + 64; ++i) {
      if (octets[i] >= 'a') octets[i] = static_cast<char>(octets[i] - 'a' + 'A');
    }
  };
  const auto made =
      draft(make_foreign(parts), {Tolerance::unlisted_tosca_meta, Tolerance::upper_case_hashes});
  ASSERT_EQ(made.tolerated.size(), 2U);
  EXPECT_EQ(made.tolerated[0].what, Tolerance::unlisted_tosca_meta);
  EXPECT_EQ(made.tolerated[1].what, Tolerance::upper_case_hashes);
  EXPECT_TRUE(parse_foreign_verdict(as_bytes(print_foreign_verdict(made))).ok());
}

TEST_F(ExamineAny, NamesThatNoVerdictHasRoomForAreRefused) {
  ForeignParts parts;
  parts.metadata = testkit::replaced(parts.metadata, "version: 1.0", "version: " + std::string(201, '1'));
  EXPECT_EQ(refusal(make_foreign(parts)), Code::manifest_malformed);
  parts.metadata = testkit::replaced(parts.metadata, std::string(201, '1'), std::string(200, '1'));
  EXPECT_EQ(draft(make_foreign(parts)).version.size(), 200U);
}

// H07: another file of the same length from some read on. No read of it is believed that was not verified.
class ChangingSource final : public ByteSource {
 public:
  ChangingSource(Bytes bytes, std::size_t position, int reads)
      : bytes_(std::move(bytes)), position_(position), reads_(reads) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    TRY(MemorySource(bytes_).read_at(offset, into));
    const bool changed = --reads_ < 0;
    if (changed && position_ >= offset && position_ < offset + into.size()) into[position_ - offset] ^= 1U;
    return {};
  }
  int left() const { return reads_; }

 private:
  Bytes bytes_;
  std::uint64_t position_;
  mutable int reads_;
};

TEST_F(ExamineAny, H07_AFileThatChangesGetsNoVerdict) {
  const auto bytes = make_foreign();
  for (const std::size_t position : {10U, 100U}) {  // of a header, and of a content
    const ChangingSource steady(bytes, position, 1000000);
    ASSERT_TRUE(examined(steady).ok());
    const int reads = 1000000 - steady.left();
    int refused = 0;
    for (int first = 0; first < reads; ++first) {
      const ChangingSource changing(bytes, position, first);
      refused += examined(changing).ok() ? 0 : 1;
    }
    EXPECT_EQ(refused, reads) << position;
  }
}

class ConcludeForeign : public ExamineAny {
 protected:
  Result<ConclusionAbout<AnyVerdict>> concluded(ForeignVerdict made, const Tolerances& tolerances) {
    const Known known{"ours.csar", package_, policy_, intake_, testkit::test_time(), {memory_.info().value()},
                      tolerances};
    return conclude_any(std::move(made), known, {signer_});
  }
  Code refused(const ForeignVerdict& made, const Tolerances& tolerances = {}) {
    const auto conclusion = concluded(made, tolerances);
    EXPECT_FALSE(conclusion.ok());
    EXPECT_EQ(signer_.signatures(), 0);
    return conclusion.ok() ? Code::internal_error : conclusion.error().code;
  }
  Bytes bytes_ = make_foreign();
  Sha256Digest package_ = sha256(bytes_);
  testkit::TestSigner signer_{"intake-1"};
};

TEST_F(ConcludeForeign, PutsInWhatIsNotForTheExaminerToSay) {
  auto bad = draft(bytes_);
  bad.package_name = "another";
  bad.policy = bad.package;
  bad.policy_version = 99;
  bad.intake = IntakeId::parse("intake-2").value();
  bad.time = testkit::test_time().plus(86400 * 365);
  bad.engines[0].database = "99";
  const auto conclusion = concluded(bad, {});
  ASSERT_TRUE(conclusion.ok()) << conclusion.error().where;
  const auto& verdict = std::get<ForeignVerdict>(conclusion.value().verdict);
  EXPECT_EQ(verdict.package_name, "ours.csar");
  EXPECT_EQ(verdict.policy, policy_.digest);
  EXPECT_EQ(verdict.policy_version, policy_.version);
  EXPECT_EQ(verdict.intake.text(), "intake-1");
  EXPECT_EQ(verdict.time, testkit::test_time());
  EXPECT_EQ(verdict.engines[0].database, "7");
  const auto proof =
      trust::foreign_verdict(as_bytes(conclusion.value().envelope), policy_, testkit::test_time());
  ASSERT_TRUE(proof.ok());
  EXPECT_EQ(proof.value()->digest, conclusion.value().digest);
}

TEST_F(ConcludeForeign, H06_DraftsThatCannotBeAreNotSigned) {
  const auto good = draft(bytes_);
  auto other = good;
  other.package = sha256(as_bytes("another"));
  EXPECT_EQ(refused(other), Code::examiner_failed);
  auto more = good;
  ++more.engines[0].files_scanned;
  EXPECT_EQ(refused(more), Code::examiner_failed);
  auto none = good;
  none.engines.clear();
  EXPECT_EQ(refused(none), Code::examiner_failed);
  auto passed_over = good;
  passed_over.tolerated = {{Tolerance::key_case, "manifest line 9", 1}};
  EXPECT_EQ(refused(passed_over), Code::examiner_failed);
  EXPECT_EQ(refused(passed_over, {Tolerance::unknown_keys}), Code::examiner_failed);
  EXPECT_TRUE(concluded(passed_over, {Tolerance::key_case}).ok());
}

TEST_F(ConcludeForeign, ACleanDraftThatDoesNotCoverEverythingIsNotGivenOut) {
  auto less = draft(bytes_);
  --less.engines[0].bytes_scanned;
  const auto conclusion = concluded(less, {});
  ASSERT_FALSE(conclusion.ok());
  EXPECT_EQ(conclusion.error().code, Code::verdict_incomplete);
}

}  // namespace
}  // namespace sallyport::intake
