// SPDX-License-Identifier: Apache-2.0
#include "core/trust/package.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "testkit/mutants.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_package;
using testkit::Mutant;
using testkit::PackageParts;

const Policy& acme_policy() {
  static const Policy policy = testkit::make_policy(testkit::acme().anchor_pem());
  return policy;
}

Result<Verified<Package>> check(BytesView bytes) {
  InlineWorkers workers;
  return trust::package(MemorySource(bytes), acme_policy(), testkit::test_time(), workers);
}

Code code_of(BytesView bytes) {
  const auto proof = check(bytes);
  return proof.ok() ? Code::internal_error : proof.error().code;
}

// Feeds other bytes than begin() has seen.
Code fed(const Bytes& seen, const Bytes& other) {
  InlineWorkers workers;
  Checks passed;
  auto pass =
      trust::PackageCheck::begin(MemorySource(seen), acme_policy(), testkit::test_time(), passed).value();
  (void)pass.feed(other, workers);  // finish() says it again
  const auto proof = std::move(pass).finish(MemorySource(other), workers);
  return proof.ok() ? Code::internal_error : proof.error().code;
}

// Contents of several blocks that do not compress.
PackageParts large_parts() {
  PackageParts parts;
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 40000; ++i)
    noise.push_back(static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U));
  parts.files["usr/lib/mme/noise"] = {noise, 0644};
  return parts;
}

class Mutants {
 public:
  void operator()(const Mutant& mutant) {
    ++count_;
    const auto proof = check(mutant.bytes);
    if (proof.ok()) {
      ADD_FAILURE() << mutant.id << " " << mutant.name << ": accepted";
    } else {
      EXPECT_TRUE(mutant.expected.contains(proof.error().code))
          << mutant.id << " " << mutant.name << ": expected " << name(*mutant.expected.begin()) << ", got "
          << name(proof.error().code) << " " << proof.error().where << " " << proof.error().found;
      EXPECT_EQ(kind_of(proof.error().code), Kind::refused) << mutant.id;
    }
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

TEST(Package, GenuineIsAccepted) {
  const Bytes bytes = make_package();
  const auto proof = check(bytes);
  ASSERT_TRUE(proof.ok()) << name(proof.error().code) << " " << proof.error().where << " "
                          << proof.error().expected;
  const Package& package = *proof.value();
  EXPECT_EQ(package.digest, sha256(bytes));
  EXPECT_EQ(package.size, bytes.size());
  EXPECT_EQ(package.release, sha256(package.tree_bytes));
  EXPECT_EQ(package.source.text(), "acme");
  EXPECT_EQ(package.tree.version, "1.0");
  EXPECT_EQ(package.signers.size(), 1U);
  EXPECT_GE(proof.value().evidence().checks.size(), 5U);
}

TEST(PackageAttack, A03_B_Container) {
  Mutants mutants;
  testkit::mutate_container(make_package(large_parts()), std::ref(mutants));
  EXPECT_GT(mutants.count(), 130);
}

TEST(PackageAttack, A03_A06_C_Contents) {
  Mutants mutants;
  testkit::mutate_contents(make_package(large_parts()), std::ref(mutants));
  EXPECT_GT(mutants.count(), 100);
}

TEST(PackageAttack, C_LiesThatTheVendorSigned) {
  const auto sign = [](const std::string& octets) {
    const auto cms = cms_to_pem(testkit::sign_cms(as_bytes(octets), {&testkit::acme()}));
    return copy(as_bytes(octets + cms));
  };
  const Bytes good = make_package(large_parts());
  Mutants mutants;
  testkit::mutate_and_sign(good, sign, std::ref(mutants));
  EXPECT_GT(mutants.count(), 25);
  // The positive twin: signed again without a lie.
  auto members = testkit::take_apart(good);
  const std::string text(as_text(members[1].content));
  members[1].content = sign(text.substr(0, text.find("-----BEGIN CMS-----")));
  EXPECT_EQ(code_of(testkit::make_zip(members)), Code::internal_error);
}

TEST(PackageAttack, A03_EveryBitOfASmallPackageMatters) {
  const Bytes good = make_package();
  for (std::size_t at = 0; at < good.size(); at += 7) {
    Bytes bytes = good;
    bytes[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    EXPECT_NE(code_of(bytes), Code::internal_error) << at;
  }
}

TEST(PackageAttack, A03_EveryBitOfTheDirectoryMatters) {
  const Bytes good = make_package();
  const auto start = read_zip(MemorySource(good)).value().central_directory_offset;
  for (auto at = static_cast<std::size_t>(start); at < good.size(); ++at) {
    Bytes bytes = good;
    bytes[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    EXPECT_NE(code_of(bytes), Code::internal_error) << at;
    EXPECT_NE(fed(good, bytes), Code::internal_error) << at;
  }
}

TEST(PackageAttack, A07_SignerOfAnotherVendor) {
  PackageParts parts;
  parts.signers = {&testkit::stranger()};
  EXPECT_EQ(code_of(make_package(parts)), Code::signer_unknown);
}

TEST(PackageAttack, A07_SourceNotForThisProduct) {
  PackageParts parts;
  parts.product = "hss";
  EXPECT_EQ(code_of(make_package(parts)), Code::signer_not_for_product);
}

Policy policy_with(std::vector<testkit::SourcePart> sources) {
  auto parts = testkit::parts();
  parts.sources = std::move(sources);
  return testkit::make_policy(parts);
}

TEST(PackageAttack, D02_EverySignerBelongsToOneSource) {
  const auto acme = testkit::acme().anchor_pem();
  const auto stranger = testkit::stranger().anchor_pem();
  PackageParts parts;
  parts.signers = {&testkit::acme(), &testkit::stranger()};
  const Bytes bytes = make_package(parts);
  InlineWorkers workers;
  const auto code = [&](const Policy& policy) {
    const auto proof = trust::package(MemorySource(bytes), policy, testkit::test_time(), workers);
    return proof.ok() ? Code::internal_error : proof.error().code;
  };
  const std::vector<std::string> products = {"mme", "test-product"};
  EXPECT_EQ(code(policy_with({{"acme", products, {acme}}})), Code::signer_unknown);
  EXPECT_EQ(code(policy_with({{"acme", products, {acme}}, {"other", products, {stranger}}})),
            Code::signer_not_for_product);
  EXPECT_EQ(code(policy_with({{"acme", products, {acme, stranger}}})), Code::internal_error);
}

TEST(PackageAttack, C16_ManifestOfOnePackagePayloadOfAnother) {
  const auto old_members = testkit::take_apart(make_package());
  const auto new_members = testkit::take_apart(make_package(testkit::next_release()));
  ASSERT_EQ(old_members.size(), new_members.size());
  for (std::size_t i = 0; i < old_members.size(); ++i) {
    if (old_members[i].content == new_members[i].content) continue;
    auto mixed = old_members;
    mixed[i] = new_members[i];
    // The size of content.pack is compared with tree.json before its digest is known.
    const bool pack = mixed[i].name == "Artifacts/content.pack";
    EXPECT_EQ(code_of(testkit::make_zip(mixed)),
              pack ? Code::tree_inconsistent : Code::member_digest_mismatch)
        << mixed[i].name;
  }
}

TEST(PackageAttack, C09_LayoutThatTheVendorSigned) {
  PackageParts parts;
  parts.edit_members = [](testkit::Members& members) { members.push_back({"Files/more", {1}}); };
  EXPECT_EQ(code_of(make_package(parts)), Code::package_layout_invalid);
  parts.edit_members = [](testkit::Members& members) { members.erase(members.begin() + 3); };
  EXPECT_EQ(code_of(make_package(parts)), Code::package_member_missing);
  parts.edit_members = [](testkit::Members& members) {
    auto& text = testkit::member(members, "TOSCA-Metadata/TOSCA.meta").content;
    const std::string more = "ETSI-Entry-Certificate: mme.cert\n";
    text.insert(text.end(), more.begin(), more.end());
  };
  EXPECT_EQ(code_of(make_package(parts)), Code::package_layout_invalid);
  parts.edit_members = [](testkit::Members& members) { members.back().content.push_back(0); };
  EXPECT_EQ(code_of(make_package(parts)), Code::tree_inconsistent);
  parts.edit_members = nullptr;
  parts.edit_tree = [](Tree& tree) { tree.product = ProductId::parse("test-product").value(); };
  EXPECT_EQ(code_of(make_package(parts)), Code::tree_inconsistent);
}

TEST(PackageCheck, PartsOfAnySizeGiveTheSameProof) {
  const Bytes bytes = make_package();
  InlineWorkers workers;
  for (const std::size_t size : {1U, 7U, 30U, 4096U, 1U << 20U}) {
    Checks passed;
    auto pass =
        trust::PackageCheck::begin(MemorySource(bytes), acme_policy(), testkit::test_time(), passed).value();
    EXPECT_EQ(pass.content_pack().name.text(), "Artifacts/content.pack");
    EXPECT_EQ(pass.directory().members.size(), 8U);
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      ASSERT_TRUE(pass.feed(BytesView(bytes).subspan(at, std::min(size, bytes.size() - at)), workers).ok());
    }
    EXPECT_EQ(std::move(pass).finish(MemorySource(bytes), workers).value()->digest, sha256(bytes));
  }
}

TEST(PackageAttack, J01_FileThatChangesBetweenTheReads) {
  const Bytes good = make_package();
  EXPECT_EQ(fed(good, good), Code::internal_error);
  Bytes cut = good;
  cut.pop_back();
  EXPECT_EQ(fed(good, cut), Code::truncated);
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(fed(good, longer), Code::zip_bytes_unaccounted);
  EXPECT_EQ(fed(good, {}), Code::truncated);
  testkit::mutate_contents(good, [&](const Mutant& mutant) {
    if (mutant.bytes.size() == good.size()) {
      EXPECT_NE(fed(good, mutant.bytes), Code::internal_error) << mutant.name;
    }
  });
  testkit::mutate_container(good, [&](const Mutant& mutant) {
    EXPECT_NE(fed(good, mutant.bytes), Code::internal_error) << mutant.name;
  });
}

TEST(Release, IsProvedAgainFromManifestAndTree) {
  const auto proof = check(make_package()).value();
  const auto again =
      trust::release(proof->manifest_bytes, proof->tree_bytes, acme_policy(), testkit::test_time());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value()->release, proof->release);
  EXPECT_EQ(again.value()->source, proof->source);
  Bytes tree = proof->tree_bytes;
  tree[tree.size() / 2] ^= 1;
  EXPECT_EQ(trust::release(proof->manifest_bytes, tree, acme_policy(), testkit::test_time()).error().code,
            Code::member_digest_mismatch);
  Bytes manifest = proof->manifest_bytes;
  manifest[20] ^= 1;
  EXPECT_EQ(trust::release(manifest, proof->tree_bytes, acme_policy(), testkit::test_time()).error().code,
            Code::signature_invalid);
}

}  // namespace
}  // namespace sallyport
