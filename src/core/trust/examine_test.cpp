// SPDX-License-Identifier: Apache-2.0
#include "core/trust/examine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/crypto/cms.h"
#include "core/trust/examine_for_test.h"
#include "testkit/mutants.h"

namespace sallyport {
namespace {

using for_test::acme_policy;
using for_test::codes_of;
using for_test::examine;
using for_test::is_consistent;
using for_test::text_of;
using testkit::acme;
using testkit::ForeignParts;
using testkit::make_foreign;
using testkit::make_option_2;
using testkit::make_package;
using testkit::make_zip;
using testkit::Members;
using testkit::Mutant;
using testkit::PackageParts;
using testkit::replaced;

// And trust::package agrees on every package of ours.
void expect_consistent(const trust::Examination& examination, const std::string& what) {
  EXPECT_TRUE(is_consistent(examination)) << what;
}

TEST(Examine, GenuinePackagesOfOursAreProved) {
  const auto examination = examine(make_package());
  expect_consistent(examination, "good");
  EXPECT_TRUE(examination.package.has_value()) << text_of(examination);
}

// Every mutant has the code that the strict check gives for it, among its findings.
class EachMutant {
 public:
  void operator()(const Mutant& mutant) {
    ++count;
    const auto examination = examine(mutant.bytes);
    expect_consistent(examination, mutant.name);
    const auto found = codes_of(examination);
    EXPECT_TRUE(std::any_of(mutant.expected.begin(), mutant.expected.end(),
                            [&](Code code) { return found.contains(code); }))
        << mutant.id << " " << mutant.name << ": " << text_of(examination);
  }
  int count = 0;
};

TEST(Examine, MutantsKeepTheirCodes) {
  EachMutant each;
  testkit::mutate_container(make_package(), std::ref(each));
  testkit::mutate_contents(make_package(), std::ref(each));
  EXPECT_GT(each.count, 200);
}

// Where the directory can still be read, what is wrong with the container hides nothing else.
class Pairs {
 public:
  Pairs(std::string what, Code first) : what_(std::move(what)), first_(first) {}
  void operator()(const Mutant& mutant) {
    const auto examination = examine(mutant.bytes);
    const auto found = codes_of(examination);
    const auto what = what_ + " and " + mutant.id + " " + mutant.name + ":\n" + text_of(examination);
    EXPECT_TRUE(std::any_of(mutant.expected.begin(), mutant.expected.end(), [&](Code code) {
      return found.contains(code);
    })) << what;
    Findings container;
    const auto archive = read_archive(MemorySource(mutant.bytes), ArchiveForm::profile, container).value();
    if (!archive || archive->find("mme.mf") == nullptr || archive->find("Files/ChangeLog.txt") == nullptr)
      return;
    ++readable;
    EXPECT_TRUE(found.contains(first_)) << what;
    EXPECT_EQ(exit_of(examination.findings.sorted().front().code), Exit::integrity) << what;
  }
  int readable = 0;

 private:
  std::string what_;
  Code first_;
};

int pairs_with_container(const std::string& what, Code first, const Bytes& package) {
  Pairs pairs(what, first);
  testkit::mutate_container(package, std::ref(pairs));
  return pairs.readable;
}

Bytes edited(const PackageParts& parts, const std::function<void(Members&)>& edit) {
  auto with = parts;
  with.edit_signed = edit;
  return make_package(with);
}

TEST(Examine, PairsOfMutantsAreBothTold) {
  EXPECT_GT(
      pairs_with_container("a changed member", Code::member_digest_mismatch,
                           edited({},
                                  [](Members& members) {
                                    testkit::member(members, "Files/ChangeLog.txt").content.push_back('x');
                                  })),
      80);
  EXPECT_GT(pairs_with_container("a changed manifest", Code::signature_invalid,
                                 edited({},
                                        [](Members& members) {
                                          auto& bytes = testkit::member(members, "mme.mf").content;
                                          bytes[bytes.size() / 8] ^= 1U;
                                        })),
            80);
  PackageParts strange;
  strange.signers = {&testkit::stranger()};
  EXPECT_GT(pairs_with_container("a stranger's signature", Code::signer_unknown, make_package(strange)), 80);
  PackageParts other;
  other.product = "another-product";
  EXPECT_GT(pairs_with_container("another product", Code::signer_not_for_product, make_package(other)), 80);
}

TEST(Examine, FiveRulesAtOnce) {
  PackageParts parts;
  parts.signers = {&testkit::stranger()};
  parts.edit_manifest = [](std::string& octets) {
    octets +=
        "\nSource: Files/none\nAlgorithm: MD5\nHash: 00\n\nSource: Files/gone\nAlgorithm: SHA-256\nHash: " +
        std::string(64, '0') + "\n";
  };
  parts.edit_signed = [](Members& members) {
    testkit::member(members, "Files/ChangeLog.txt").content.push_back('x');
    members.push_back({"Files/more", {1}});
  };
  const auto examination = examine(make_package(parts));
  EXPECT_EQ(codes_of(examination),
            (std::set<Code>{Code::signer_unknown, Code::manifest_algorithm_refused,
                            Code::package_member_missing, Code::member_digest_mismatch,
                            Code::package_member_unlisted, Code::package_layout_invalid}))
      << text_of(examination);
  EXPECT_EQ(text_of(examination), text_of(examine(make_package(parts)))) << "in the same order each time";
}

TEST(Examine, ManyFindingsAreBounded) {
  auto members = testkit::take_apart(make_package());
  for (int i = 0; i < 1500; ++i) members.push_back({"Files/more" + std::to_string(i), {}});
  const auto examination = examine(make_zip(members));
  EXPECT_EQ(examination.findings.sorted().size(), Findings::listed_max);
  EXPECT_GE(examination.findings.count(), 3000U);  // each is unlisted, and no member of the profile
}

void expect_proved(const ForeignParts& foreign, const Tolerances& tolerances = {}) {
  const auto bytes = make_foreign(foreign);
  const auto examination = examine(bytes, tolerances);
  expect_consistent(examination, "foreign");
  ASSERT_TRUE(examination.foreign.has_value()) << text_of(examination);
  EXPECT_EQ((*examination.foreign)->digest, sha256(bytes));
  EXPECT_EQ((*examination.foreign)->source.text(), "acme");
  EXPECT_EQ((*examination.foreign)->product.text(), "mme");
}

// They have no place for what the policy may ask about a build: asking for it is not passed over for that.
TEST(ExamineAttack, C22_PackagesOfOtherToolsBringNothingOfABuild) {
  auto policy = acme_policy();
  auto& source = policy.sources.begin()->second;
  source.sbom = SbomNeed::required;
  source.attestations = {{"https://slsa.dev/provenance/v1", {testkit::TestKey("builder").public_key()}}};
  const auto bytes = make_foreign();
  const MemorySource file(bytes);
  InlineWorkers workers;
  const auto examination =
      trust::examine({file, policy, testkit::test_time(), {}, workers, [] {
                        return Result<std::unique_ptr<Scratch>>(std::make_unique<MemoryScratch>());
                      }});
  ASSERT_TRUE(examination.ok());
  expect_consistent(examination.value(), "foreign");
  EXPECT_EQ(codes_of(examination.value()), (std::set<Code>{Code::attestation_missing, Code::sbom_missing}));
}

// Each demand is told for itself, whatever else is wrong, as long as it is known whose package it is.
TEST(Examine, EveryDemandOnTheBuildIsTold) {
  auto policy = acme_policy();
  auto& source = policy.sources.begin()->second;
  source.sbom = SbomNeed::required;
  const auto builder = testkit::TestKey("builder").public_key();
  source.attestations = {{"https://slsa.dev/provenance/v1", {builder}},
                         {"https://example.com/other/v1", {builder}}};
  InlineWorkers workers;
  const auto told = [&](const Bytes& bytes, Instant at) {
    const MemorySource file(bytes);
    auto examination =
        trust::examine({file, policy, at, {}, workers, [] {
                          return Result<std::unique_ptr<Scratch>>(std::make_unique<MemoryScratch>());
                        }});
    expect_consistent(examination.value(), "own");
    std::map<Code, int> count;
    for (const auto& finding : examination.value().findings.sorted()) ++count[finding.code];
    return count;
  };
  using Counts = std::map<Code, int>;
  const auto now = testkit::test_time();
  EXPECT_EQ(told(make_package(), now), (Counts{{Code::attestation_missing, 2}, {Code::sbom_missing, 1}}));
  const auto flipped = edited(
      {}, [](Members& members) { testkit::member(members, "Files/ChangeLog.txt").content.push_back('x'); });
  const auto late = told(flipped, now.plus(86400LL * 36500));
  EXPECT_EQ(late.at(Code::attestation_missing), 2);
  EXPECT_EQ(late.at(Code::sbom_missing), 1);
  EXPECT_EQ(late.at(Code::member_digest_mismatch), 1);
  EXPECT_EQ(late.at(Code::certificate_expired), 1);
}

TEST(Examine, PackagesOfOtherToolsAreProved) {
  expect_proved({});
  ForeignParts pnf;
  pnf.metadata =
      "metadata:\n  pnfd_provider: Acme\n  pnfd_name: mme\n  pnfd_archive_version: 2\n  "
      "pnfd_release_date_time: x\n";
  expect_proved(pnf);
  ForeignParts crlf;
  crlf.edit_octets = [](std::string& octets) {
    std::string out;
    for (const char c : octets) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    octets = out;
  };
  expect_proved(crlf);
  ForeignParts order;
  order.edit_octets = [](std::string& octets) {
    octets = replaced(octets, "Algorithm: SHA-256\nHash", "Algorithm: sha256\nHash");
    octets += "non_mano_artifact_sets:\n  onap_others:\n    Source: Artifacts/image.bin\n";
  };
  expect_proved(order);
  ForeignParts without;
  without.meta = "";
  without.files = {{"mme.yaml", {'y'}}, {"image.bin", {1}}};
  expect_proved(without);
}

// Each deviation has a finding of its own, is taken under its name alone, and is told then.
TEST(Examine, ToleratedByNameAlone) {
  struct Case {
    Tolerance what;
    Code code;
    std::function<void(std::string&)> edit;
  };
  const std::vector<Case> cases = {
      {Tolerance::external_sources, Code::package_source_external,
       [](std::string& octets) { octets += "Source: http://example/x\nAlgorithm: SHA-256\nHash: 00\n"; }},
      {Tolerance::key_case, Code::manifest_malformed,
       [](std::string& octets) { octets = replaced(octets, "Source:", "source:"); }},
      {Tolerance::product_names, Code::manifest_malformed,
       [](std::string& octets) { octets = replaced(octets, "name: mme", "name: MME"); }},
      {Tolerance::unknown_keys, Code::manifest_malformed,
       [](std::string& octets) {
         octets = replaced(octets, "    vnf_provider", "    colour: red\n    vnf_provider");
       }},
      {Tolerance::unlisted_tosca_meta, Code::package_member_unlisted,
       [](std::string& octets) {
         const auto at = octets.find("Source: TOSCA");
         octets.erase(at, octets.find("Source:", at + 1) - at);
       }},
      {Tolerance::upper_case_hashes, Code::manifest_malformed,
       [](std::string& octets) {
         const auto at = octets.find("Hash: ") + 6;
         std::transform(octets.begin() + static_cast<std::ptrdiff_t>(at),
                        octets.begin() + static_cast<std::ptrdiff_t>(at + 64),
                        octets.begin() + static_cast<std::ptrdiff_t>(at),
                        [](char c) { return static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c); });
       }},
  };
  EXPECT_EQ(cases.size(), all_tolerances().size());
  for (const auto& one : cases) {
    ForeignParts foreign;
    foreign.edit_octets = one.edit;
    const auto strict = examine(make_foreign(foreign));
    EXPECT_EQ(codes_of(strict), std::set<Code>{one.code}) << name(one.what) << "\n" << text_of(strict);
    EXPECT_TRUE(strict.tolerated.empty());
    Tolerances others;
    for (const auto& info : all_tolerances()) others.insert(info.what);
    others.erase(one.what);
    EXPECT_FALSE(examine(make_foreign(foreign), others).foreign.has_value()) << name(one.what);
    expect_proved(foreign, {one.what});
    const auto tolerated = examine(make_foreign(foreign), {one.what}).tolerated;
    ASSERT_EQ(tolerated.size(), 1U) << name(one.what);
    EXPECT_EQ(tolerated[0].what, one.what);
  }
}

std::set<Code> foreign_codes(const std::function<void(ForeignParts&)>& edit) {
  ForeignParts foreign;
  edit(foreign);
  const auto examination = examine(make_foreign(foreign));
  expect_consistent(examination, "foreign");
  EXPECT_FALSE(examination.foreign.has_value());
  return codes_of(examination);
}

TEST(Examine, ForeignPackagesAreRefusedForEachOfTheirFaults) {
  using Codes = std::set<Code>;
  const auto signed_edit = [](const std::function<void(Members&)>& edit) {
    return foreign_codes([&](ForeignParts& foreign) { foreign.edit_signed = edit; });
  };
  EXPECT_EQ(foreign_codes([](ForeignParts& f) { f.signers.clear(); }), Codes{Code::signature_missing});
  EXPECT_EQ(foreign_codes([](ForeignParts& f) { f.signers = {&testkit::stranger()}; }),
            Codes{Code::signer_unknown});
  EXPECT_EQ(
      foreign_codes([](ForeignParts& f) { f.metadata = replaced(f.metadata, "name: mme", "name: other"); }),
      Codes{Code::signer_not_for_product});
  EXPECT_EQ(signed_edit([](Members& members) {
              members.push_back({"Artifacts/more", {}});
            }),
            Codes{Code::package_member_unlisted});
  EXPECT_EQ(signed_edit(
                [](Members& members) { testkit::member(members, "Artifacts/image.bin").content[4999] = 0; }),
            Codes{Code::member_digest_mismatch});
  EXPECT_EQ(
      signed_edit([](Members& members) { testkit::member(members, "Definitions/mme.mf").content[30] ^= 1U; }),
      (Codes{Code::manifest_malformed, Code::signature_invalid}));
  // C26: what names the manifest is taken away; then no signature covers the rest, and that is told.
  EXPECT_EQ(signed_edit([](Members& members) { members.erase(members.begin()); }),
            Codes{Code::package_layout_invalid});
  EXPECT_EQ(foreign_codes([](ForeignParts& f) { f.meta += "ETSI-Entry-Manifest: Definitions/other.mf\n"; }),
            Codes{Code::package_layout_invalid});
  EXPECT_EQ(foreign_codes([](ForeignParts& f) { f.meta += "Entry-Change-Log: none.txt\n"; }),
            Codes{Code::package_member_missing});
  // A10 of the fixtures in the wild: everything at once.
  const auto all = foreign_codes([](ForeignParts& foreign) {
    foreign.signers = {&testkit::stranger()};
    foreign.metadata = replaced(foreign.metadata, "    vnf_provider_id: Acme\n", "    colour: red\n");
    foreign.edit_signed = [](Members& members) {
      members.push_back({"id_rsa", {1}});
      testkit::member(members, "Definitions/mme.yaml").content = {'z'};
    };
  });
  EXPECT_EQ(all, (Codes{Code::signer_unknown, Code::manifest_malformed, Code::package_member_unlisted,
                        Code::member_digest_mismatch}));
}

// TC_INSTANTIATING_VNF_TRUSTED_IMAGE: one image whose own signature does not hold refuses the package.
TEST(Examine, SignaturesOfArtifactsHaveToHold) {
  const auto with_signature = [](const Bytes& signature, const std::string& file, const std::string& line) {
    ForeignParts foreign;
    foreign.edit_octets = [line](std::string& octets) {
      if (!line.empty())
        octets = replaced(octets, "Source: Artifacts/image.bin\n", "Source: Artifacts/image.bin\n" + line);
    };
    foreign.edit_signed = [signature, file](Members& members) { members.push_back({file, signature}); };
    return foreign;
  };
  const Bytes content(5000, 'i');
  const auto der = testkit::sign_cms(content, {&acme()});
  const auto pem = copy(as_bytes(cms_to_pem(der)));
  const std::string named = "Signature: Artifacts/image.sig.cms\n";
  expect_proved(with_signature(der, "Artifacts/image.sig.cms", named));
  expect_proved(with_signature(pem, "Artifacts/image.sig.cms", named));
  expect_proved(with_signature(pem, "Artifacts/image.sig.p7b", ""));
  expect_proved(with_signature(der, "Artifacts/image.bin.sig.cms", ""));
  const auto codes = [&](const Bytes& signature, const std::string& file, const std::string& line) {
    return codes_of(examine(make_foreign(with_signature(signature, file, line))));
  };
  using Codes = std::set<Code>;
  EXPECT_EQ(codes(testkit::sign_cms(as_bytes("x"), {&acme()}), "Artifacts/image.sig.cms", named),
            Codes{Code::signature_invalid});
  EXPECT_EQ(codes(testkit::sign_cms(content, {&testkit::stranger()}), "Artifacts/image.sig.cms", ""),
            Codes{Code::signer_unknown});
  EXPECT_EQ(codes({1, 2}, "Artifacts/image.sig.cms", ""), Codes{Code::signature_malformed});
  EXPECT_EQ(codes(der, "Artifacts/other.sig.cms", ""),
            (Codes{Code::package_layout_invalid, Code::package_member_unlisted}));
  // Taken away it is missed, as the manifest names it.
  EXPECT_EQ(codes(der, "Artifacts/x.txt", named),
            (Codes{Code::package_member_missing, Code::package_member_unlisted}));
}

TEST(Examine, Option2IsSignedAsAWhole) {
  ForeignParts unsigned_csar;
  unsigned_csar.signers.clear();
  const auto csar = make_foreign(unsigned_csar);
  const auto signature = testkit::sign_cms(csar, {&acme()});
  const auto good = examine(make_option_2(csar, signature));
  ASSERT_TRUE(good.foreign.has_value()) << text_of(good);
  EXPECT_EQ((*good.foreign)->option, SecurityOption::option_2);
  EXPECT_EQ(codes_of(examine(make_option_2(csar, copy(as_bytes(cms_to_pem(signature)))))), std::set<Code>{});
  const auto twice = make_foreign();
  EXPECT_EQ(codes_of(examine(make_option_2(twice, testkit::sign_cms(twice, {&acme()})))), std::set<Code>{});
  using Codes = std::set<Code>;
  auto changed = csar;
  changed[60] ^= 1U;  // of a member's data
  const auto found = codes_of(examine(make_option_2(changed, signature)));
  EXPECT_TRUE(found.contains(Code::signature_invalid) && found.contains(Code::zip_checksum_mismatch));
  EXPECT_EQ(codes_of(examine(make_option_2(csar, testkit::sign_cms(csar, {&testkit::stranger()})))),
            Codes{Code::signer_unknown});
  // B10: which of the two is meant nobody can say.
  EXPECT_EQ(codes_of(examine(make_option_2(csar, signature, {{"other.csar", csar}}))),
            Codes{Code::package_layout_invalid});
  EXPECT_EQ(codes_of(examine(make_option_2(csar, signature, {{"readme.txt", {1}}}))),
            Codes{Code::package_layout_invalid});
  EXPECT_EQ(codes_of(examine(make_zip({{"mme.csar", csar}}))), Codes{Code::signature_missing});
  EXPECT_EQ(codes_of(examine(make_zip({{"mme.csar", csar}, {"other.cms", signature}}))),
            Codes{Code::package_layout_invalid});
}

// B33, C27: a file that changes while it is read is nothing that was verified.
class ChangingSource final : public ByteSource {
 public:
  explicit ChangingSource(Bytes bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    TRY(MemorySource(bytes_).read_at(offset, into));
    // The whole of it goes by once; from then on one octet of the manifest's octets is another.
    if (offset == 0 && into.size() == bytes_.size()) ++whole_reads_;
    if (whole_reads_ > 1 && offset == 0) into[60] ^= 1U;
    return {};
  }

 private:
  Bytes bytes_;
  mutable int whole_reads_ = 0;
};

TEST(Examine, FilesThatChangeAreRefused) {
  InlineWorkers workers;
  const ChangingSource file(make_foreign());
  const auto result = trust::examine({file, acme_policy(), testkit::test_time(), {}, workers, {}});
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result.value().foreign.has_value());
  EXPECT_TRUE(result.value().findings.has(Code::member_digest_mismatch));
}

}  // namespace
}  // namespace sallyport
