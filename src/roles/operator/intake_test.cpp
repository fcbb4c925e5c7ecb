// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>

#include "adapters/scanner/memory.h"
#include "core/base/eicar.h"
#include "core/crypto/file_digest.h"
#include "core/trust/permit.h"
#include "testkit/package.h"
#include "testkit/signer.h"

namespace sallyport::intake {
namespace {

using testing::Contains;
using testing::Field;
using testing::SizeIs;
using testkit::PackageParts;
using Then = FaultyScanner::Then;

class Intake : public testing::Test {
 protected:
  Result<Report> submit(const ByteSource& file, Scanner& scanner) {
    return intake::submit({file, "mme-1.0.csar", policy_, testkit::test_time()},
                          {scanner, signer_, workers_});
  }
  Result<Report> submit(const PackageParts& parts, Scanner& scanner) {
    const auto bytes = testkit::make_package(parts);
    return submit(MemorySource(bytes), scanner);
  }
  Report submitted(const PackageParts& parts) {
    auto report = submit(parts, scanner_);
    CHECK(report.ok());
    return std::move(report).value();
  }
  static Code refusal(const Result<Report>& report) {
    EXPECT_FALSE(report.ok());
    return report.ok() ? Code::internal_error : report.error().code;
  }

  Policy policy_ = testkit::make_policy(testkit::acme().anchor_pem());
  MemoryScanner scanner_{{"memory", "Memory 1", "7", testkit::test_time().plus(-3600)}};
  testkit::TestSigner signer_{"intake-1"};
  InlineWorkers workers_;
};

TEST_F(Intake, GoodPackageGetsAVerdictThatEverybodyAccepts) {
  const auto report = submitted({});
  const auto verdict = trust::verdict(as_bytes(report.envelope), policy_, testkit::test_time());
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ((*verdict.value()).digest, report.digest);
  const auto& said = (*verdict.value()).verdict;
  EXPECT_EQ(said.package_name, "mme-1.0.csar");
  EXPECT_EQ(said.source.text(), "acme");
  EXPECT_EQ(said.intake.text(), "intake-1");
  EXPECT_EQ(said.engines.front().database, "7");
  EXPECT_TRUE(trust::verdict_fits(*report.package, said).ok());
  EXPECT_TRUE(require_clean(said).ok());
}

TEST_F(Intake, CountsEveryContentAndEveryMemberOnce) {
  const auto report = submitted({});
  const auto& package = *report.package;
  std::uint64_t bytes = 0;
  for (const auto& object : package.tree.objects) bytes += object.size;
  for (const auto& member : package.directory.members)
    bytes += member.name.text() == "Artifacts/content.pack" ? 0 : member.size;
  EXPECT_EQ(report.verdict.files_total,
            4U + 7U);  // two files share a content; eight members but for the pack
  EXPECT_EQ(report.verdict.bytes_total, bytes);
  EXPECT_EQ(report.verdict.engines.front().files_scanned, report.verdict.files_total);
  EXPECT_EQ(report.verdict.engines.front().bytes_scanned, report.verdict.bytes_total);
}

TEST_F(Intake, MalwareIsNamedUnderEveryPathThatHasIt) {
  PackageParts parts;
  parts.files["usr/bin/one"] = {eicar_test_file()};
  parts.files["usr/bin/two"] = {eicar_test_file()};
  const auto report = submitted(parts);
  EXPECT_EQ(report.verdict.outcome, Outcome::not_clean);
  ASSERT_THAT(report.verdict.findings, SizeIs(2));
  EXPECT_EQ(report.verdict.findings[0].where, "usr/bin/one");
  EXPECT_EQ(report.verdict.findings[1].where, "usr/bin/two");
  EXPECT_EQ(report.verdict.findings[0].code, "malware-found");
  EXPECT_EQ(report.verdict.findings[0].digest, file_digest(as_bytes(eicar_test_file())));
  EXPECT_EQ(require_clean(report.verdict).error().code, Code::malware_found);
  // It is evidence, signed as any verdict, and nothing rests on it.
  EXPECT_TRUE(trust::verdict_as_issued(as_bytes(report.envelope), policy_, testkit::test_time()).ok());
  EXPECT_EQ(trust::verdict(as_bytes(report.envelope), policy_, testkit::test_time()).error().code,
            Code::verdict_not_clean);
}

TEST_F(Intake, MalwareInAMemberOfThePackageIsFound) {
  PackageParts parts;
  parts.edit_members = [](testkit::Members& members) {
    testkit::member(members, "Files/ChangeLog.txt").content = copy(as_bytes(eicar_test_file()));
  };
  const auto report = submitted(parts);
  EXPECT_THAT(report.verdict.findings, Contains(Field(&Finding::where, "Files/ChangeLog.txt")));
}

TEST_F(Intake, A11_MalwareThatTwoFramesShareIsFound) {
  PackageParts parts;
  parts.frame_size = 16;
  parts.files["usr/bin/one"] = {"padding" + eicar_test_file()};
  EXPECT_EQ(require_clean(submitted(parts).verdict).error().code, Code::malware_found);
}

TEST_F(Intake, ManyFindingsStillFitIntoAVerdict) {
  PackageParts parts;
  for (int i = 0; i < 6000; ++i)
    parts.files["usr/share/" + std::to_string(i) + std::string(200, 'x')] = {eicar_test_file(), 0644};
  const auto report = submitted(parts);
  EXPECT_TRUE(trust::verdict_as_issued(as_bytes(report.envelope), policy_, testkit::test_time()).ok());
  EXPECT_THAT(report.verdict.findings.back().where, testing::HasSubstr("more)"));
}

TEST_F(Intake, H01_LargerThanTheScannerTakesIsNotClean) {
  MemoryScanner small({"memory", "Memory 1", "7", testkit::test_time()}, 20000);
  PackageParts parts;
  parts.files["usr/lib/large"] = {std::string(20001, 'x'), 0644};
  const auto report = submit(parts, small);
  ASSERT_TRUE(report.ok());
  const auto& verdict = report.value().verdict;
  EXPECT_EQ(require_clean(verdict).error().code, Code::scan_incomplete);
  EXPECT_EQ(require_clean(verdict).error().where, "usr/lib/large");
  EXPECT_EQ(verdict.engines.front().files_scanned + 1, verdict.files_total);
  EXPECT_EQ(verdict.engines.front().bytes_scanned + 20001, verdict.bytes_total);
}

TEST_F(Intake, H03_FaultOfTheScannerGivesNoVerdict) {
  for (const auto then : {Then::unreachable, Then::breaks_off, Then::dies}) {
    for (std::uint64_t first = 1; first <= 4 + 11; ++first) {  // in the self-test, and at each content
      FaultyScanner faulty(scanner_, first, then);
      const auto code = refusal(submit(PackageParts{}, faulty));
      EXPECT_EQ(code, then == Then::unreachable ? Code::scanner_unreachable : Code::scanner_failed);
    }
  }
  EXPECT_EQ(signer_.signatures(), 0);
}

TEST_F(Intake, H03_OneContentNotLookedAtIsNotClean) {
  for (std::uint64_t first = 5; first <= 4 + 11; ++first) {
    FaultyScanner faulty(scanner_, first, Then::does_not_look);
    const auto report = submit(PackageParts{}, faulty);
    ASSERT_TRUE(report.ok());
    EXPECT_EQ(require_clean(report.value().verdict).error().code, Code::scan_incomplete);
  }
}

// Notes what it was given.
class Recorder final : public Scanner {
 public:
  explicit Recorder(Scanner& inner) : inner_(&inner) {}
  Result<EngineInfo> info() override { return inner_->info(); }
  Result<std::unique_ptr<Scan>> begin() override {
    return std::unique_ptr<Scan>(std::make_unique<Job>(*this, TRY(inner_->begin())));
  }
  std::multiset<FileDigest> seen;

 private:
  class Job final : public Scan {
   public:
    Job(Recorder& recorder, std::unique_ptr<Scan> inner) : recorder_(&recorder), inner_(std::move(inner)) {}
    Result<void> feed(BytesView part) override {
      digester_.update(part);
      return inner_->feed(part);
    }
    Result<ScanAnswer> finish() override {
      recorder_->seen.insert(digester_.finish());
      return inner_->finish();
    }

   private:
    Recorder* recorder_;
    std::unique_ptr<Scan> inner_;
    FileDigester digester_;
  };
  Scanner* inner_;
};

TEST_F(Intake, H05_ScannerGetsTheVeryBytesThatAreInstalled) {
  Recorder recorder(scanner_);
  const auto bytes = testkit::make_package();
  const auto report = submit(MemorySource(bytes), recorder);
  ASSERT_TRUE(report.ok());
  for (const auto& entry : report.value().package->tree.entries) {
    if (entry.digest) {
      EXPECT_EQ(recorder.seen.count(*entry.digest), 1U) << entry.path.text();
    }
  }
  for (const auto& member : testkit::take_apart(bytes)) {
    const auto expected = member.name == "Artifacts/content.pack" ? 0U : 1U;
    EXPECT_EQ(recorder.seen.count(file_digest(member.content)), expected) << member.name;
  }
  EXPECT_EQ(recorder.seen.size(), 4U + report.value().verdict.files_total);
}

// A file that somebody changes once `reads` reads are done.
class ChangingSource final : public ByteSource {
 public:
  ChangingSource(Bytes bytes, std::uint64_t position, int reads)
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

TEST_F(Intake, H05_FileThatChangesAfterItWasVerifiedGetsNoVerdict) {
  const auto bytes = testkit::make_package();
  ChangingSource counting(bytes, 0, 1 << 20);
  ASSERT_TRUE(trust::package(counting, policy_, testkit::test_time(), workers_).ok());
  const int reads = (1 << 20) - counting.left();

  const auto package = trust::package(MemorySource(bytes), policy_, testkit::test_time(), workers_);
  ASSERT_TRUE(package.ok());
  for (const auto& member : (*package.value()).directory.members) {
    const ChangingSource changing(bytes, member.data_offset + member.size / 2, reads);
    const auto code = refusal(submit(changing, scanner_));
    const auto in_pack = member.name.text() == "Artifacts/content.pack";
    if (in_pack) {
      EXPECT_TRUE(code == Code::content_malformed || code == Code::content_digest_mismatch) << name(code);
    } else {
      EXPECT_EQ(code, Code::member_digest_mismatch) << member.name.text();
    }
  }
  EXPECT_EQ(signer_.signatures(), 0);
}

TEST_F(Intake, H06_VerdictOfAnotherPackageOrSignerIsRefused) {
  const auto one = submitted({});
  const auto two = submitted(testkit::next_release());
  EXPECT_EQ(trust::verdict_fits(*two.package, one.verdict).error().code, Code::verdict_other_package);
  auto envelope = parse_envelope(as_bytes(one.envelope)).value();
  envelope.signatures.clear();
  testkit::add_signature(envelope, "alice-1");
  EXPECT_EQ(trust::verdict(testkit::to_bytes(envelope), policy_, testkit::test_time()).error().code,
            Code::verdict_signer_unknown);
  envelope = parse_envelope(as_bytes(one.envelope)).value();
  envelope.payload = parse_envelope(as_bytes(two.envelope)).value().payload;
  EXPECT_EQ(trust::verdict(testkit::to_bytes(envelope), policy_, testkit::test_time()).error().code,
            Code::verdict_signature_invalid);
}

TEST_F(Intake, H06_OldDatabaseGivesAVerdictThatIsNotClean) {
  MemoryScanner old({"memory", "Memory 1", "7", testkit::test_time().plus(-31 * 86400)});
  const auto report = submit(PackageParts{}, old).value();
  EXPECT_EQ(report.verdict.outcome, Outcome::not_clean);
  ASSERT_EQ(report.verdict.findings.size(), 1U);
  EXPECT_EQ(report.verdict.findings[0].code, "verdict-stale");
  EXPECT_EQ(report.verdict.findings[0].where, "memory");
  EXPECT_EQ(require_clean(report.verdict).error().code, Code::verdict_stale);
  EXPECT_EQ(trust::verdict(as_bytes(report.envelope), policy_, testkit::test_time()).error().code,
            Code::verdict_not_clean);
  MemoryScanner future({"memory", "Memory 1", "7", testkit::test_time().plus(2 * 86400)});
  EXPECT_EQ(refusal(submit(PackageParts{}, future)), Code::scanner_failed);
}

TEST_F(Intake, H03_AnEngineThatFindsNothingGivesAVerdictThatIsNotClean) {
  FaultyScanner blind(scanner_, 1, FaultyScanner::Then::says_clean_blind);
  const auto report = submit(PackageParts{}, blind).value();
  EXPECT_EQ(report.verdict.outcome, Outcome::not_clean);
  ASSERT_EQ(report.verdict.findings.size(), 1U);
  EXPECT_EQ(report.verdict.findings[0].code, "scanner-failed");
  EXPECT_EQ(require_clean(report.verdict).error().code, Code::scanner_failed);
}

TEST_F(Intake, H13_AnEngineThatThePolicyNamesHasToHaveLooked) {
  policy_.verdicts.engines = {"memory"};
  EXPECT_TRUE(submit(PackageParts{}, scanner_).ok());
  policy_.verdicts.engines = {"memory", "yara"};
  EXPECT_EQ(refusal(submit(PackageParts{}, scanner_)), Code::scan_engine_missing);
}

TEST_F(Intake, PackageThatDoesNotVerifyIsNeitherScannedNorSigned) {
  const auto scanned = scanner_.files();
  PackageParts tampered;
  tampered.edit_signed = [](testkit::Members& members) {
    testkit::member(members, "Artifacts/content.pack").content[0] ^= 1U;
  };
  EXPECT_EQ(refusal(submit(tampered, scanner_)), Code::member_digest_mismatch);
  PackageParts foreign;
  foreign.signers = {&testkit::stranger()};
  EXPECT_EQ(refusal(submit(foreign, scanner_)), Code::signer_unknown);
  EXPECT_EQ(scanner_.files(), scanned + 2 * 4);  // the self-test, twice
  EXPECT_EQ(signer_.signatures(), 0);
}

TEST_F(Intake, OnlyAnIntakeOfThePolicySignsVerdicts) {
  testkit::TestSigner person("alice-1");
  const auto bytes = testkit::make_package();
  const auto report =
      intake::submit({MemorySource(bytes), "x", policy_, testkit::test_time()}, {scanner_, person, workers_});
  EXPECT_EQ(refusal(report), Code::verdict_signer_unknown);
  EXPECT_EQ(person.signatures(), 0);
}

}  // namespace
}  // namespace sallyport::intake
