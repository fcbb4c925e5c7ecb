// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/sign.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/host/workers.h"
#include "adapters/signer/open.h"
#include "core/format/manifest.h"
#include "core/trust/package.h"
#include "testkit/package.h"
#include "testkit/package_blocks.h"
#include "testkit/statements.h"

namespace sallyport::vendor {
namespace {

using namespace testkit;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = "/tmp/sallyport-sign-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  std::string write(const std::string& name, std::string_view content) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    ::chmod(path.c_str(), 0600);
    return path;
  }
  std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct Outcome {
  SignReport report;
  Bytes package;
};

Result<Outcome> signed_by(const CodeSigner& key, const CodeSigner& certificate, BytesView package,
                          Instant at = test_time()) {
  const TemporaryFolder folder;
  const auto signer = TRY(open_signer("file:" + folder.write("key.pem", key.private_pem())));
  const auto chain = TRY(Certificate::chain_from_pem(certificate.certificate_pem()));
  ThreadWorkers workers(2);
  MemorySink output;
  auto report = TRY(sign(MemorySource(package), *signer, chain, at, output, workers));
  return Outcome{std::move(report), output.bytes()};
}

Bytes unsigned_package() {
  PackageParts parts;
  parts.signers = {};
  return make_package(parts);
}

Code refusal(BytesView package) {
  const auto refused = signed_by(acme(), acme(), package);
  EXPECT_FALSE(refused.ok());
  return refused.ok() ? Code::internal_error : refused.error().code;
}

TEST(Sign, MakesAPackageThatAPolicyAccepts) {
  const Outcome outcome = signed_by(acme(), acme(), unsigned_package()).value();
  const Policy policy = make_policy(acme().anchor_pem());
  InlineWorkers one;
  const auto verified = trust::package(MemorySource(outcome.package), policy, test_time(), one);
  ASSERT_TRUE(verified.ok()) << verified.error().where;
  EXPECT_EQ((*verified.value()).digest, outcome.report.package);
  EXPECT_EQ((*verified.value()).release, outcome.report.release);
  EXPECT_EQ(outcome.report.size, outcome.package.size());
  EXPECT_EQ(outcome.report.counter, 1U);
}

TEST(Sign, PutsANewSignatureInThePlaceOfAnOldOne) {
  PackageParts parts;
  parts.signers = {&stranger()};
  const Outcome outcome = signed_by(acme(), acme(), make_package(parts)).value();
  InlineWorkers one;
  const Policy policy = make_policy(acme().anchor_pem());
  EXPECT_TRUE(trust::package(MemorySource(outcome.package), policy, test_time(), one).ok());
}

// The other kind's signature is over the same octets and stays, whichever is signed again.
TEST(Sign, LeavesTheSignatureOfTheOtherKind) {
  const auto before = blocks_of(hybrid_vector("1.csar"));
  const auto classical = signed_by(acme(), acme(), hybrid_vector("1.csar")).value();
  EXPECT_NE(blocks_of(classical.package).first, before.first);
  EXPECT_EQ(blocks_of(classical.package).second, before.second);
  if (!library_has_ml_dsa()) return;
  const CodeSigner post_quantum("Acme PQ", "ML-DSA-65");
  const auto second = signed_by(post_quantum, post_quantum, hybrid_vector("1.csar")).value();
  EXPECT_EQ(blocks_of(second.package).first, before.first);
  EXPECT_NE(blocks_of(second.package).second, before.second);
  const auto alone = signed_by(post_quantum, post_quantum, unsigned_package()).value();
  EXPECT_EQ(blocks_of(alone.package).second, "");
  const auto added =
      signed_by(post_quantum, post_quantum, signed_by(acme(), acme(), unsigned_package()).value().package);
  EXPECT_NE(blocks_of(added.value().package).second, "");
}

TEST(Sign, IsUnderstoodByOpensslAndUnzip) {
  const Outcome outcome = signed_by(acme(), acme(), unsigned_package()).value();
  const TemporaryFolder folder;
  const auto package = folder.write("mme.csar", as_text(outcome.package));
  const auto manifest = take_apart(outcome.package)[1].content;
  const auto split = split_manifest(manifest).value();
  const auto octets = folder.write("octets", as_text(split.signed_octets));
  const auto cms = folder.write("cms", as_text(split.cms_block));
  const auto anchor = folder.write("anchor.pem", acme().anchor_pem());
  const auto log = folder.path("log");
  EXPECT_EQ(std::system(("unzip -t " + package + " >" + log + " 2>&1").c_str()), 0);
  const std::string verify = "openssl cms -verify -binary -inform PEM -in " + cms + " -content " + octets +
                             " -CAfile " + anchor + " -purpose any -attime " +
                             std::to_string(test_time().seconds()) + " -out /dev/null >" + log + " 2>&1";
  EXPECT_EQ(std::system(verify.c_str()), 0);
  folder.write("octets", std::string(as_text(split.signed_octets)) + "\n");
  EXPECT_NE(std::system(verify.c_str()), 0);
}

TEST(SignAttack, RefusesWhatANodeWouldRefuse) {
  const auto tampered = [](const std::string& name, std::size_t at) {
    PackageParts parts;
    parts.signers = {};
    parts.edit_signed = [&](Members& members) {
      auto& content = member(members, name).content;
      content[at] = static_cast<std::uint8_t>(content[at] ^ 1U);
    };
    return refusal(make_package(parts));
  };
  EXPECT_EQ(tampered("Artifacts/content.pack", 20), Code::member_digest_mismatch);
  EXPECT_EQ(tampered("Files/ChangeLog.txt", 0), Code::member_digest_mismatch);
  EXPECT_EQ(tampered("mme.mf", 0), Code::manifest_malformed);
}

TEST(SignAttack, C23_ContentsThatTheManifestHashesButTheTreeDoesNotName) {
  PackageParts parts;
  parts.signers = {};
  parts.edit_members = [](Members& members) {
    auto& pack = member(members, "Artifacts/content.pack").content;
    pack.back() = static_cast<std::uint8_t>(pack.back() ^ 1U);
  };
  const auto code = refusal(make_package(parts));
  EXPECT_TRUE(code == Code::content_digest_mismatch || code == Code::content_malformed);
}

TEST(SignAttack, C16_ManifestOfAnotherProductOrVersion) {
  for (const char* line : {"vnf_product_name: mme", "vnf_package_version: 1.0"}) {
    PackageParts parts;
    parts.signers = {};
    parts.edit_manifest = [&](std::string& octets) {
      octets.insert(octets.find(line) + std::string_view(line).size(), "9");
    };
    EXPECT_EQ(refusal(make_package(parts)), Code::tree_inconsistent) << line;
  }
}

TEST(SignAttack, C01_MembersThatAreNotListed) {
  PackageParts parts;
  parts.signers = {};
  parts.edit_signed = [](Members& members) { members.push_back({"Files/more", {}}); };
  EXPECT_EQ(refusal(make_package(parts)), Code::package_layout_invalid);
  parts.edit_signed = [](Members& members) { members.erase(members.begin() + 3); };
  EXPECT_EQ(refusal(make_package(parts)), Code::package_layout_invalid);
}

TEST(SignAttack, KeysAndCertificatesThatDoNotFit) {
  const auto refused = signed_by(stranger(), acme(), unsigned_package());
  EXPECT_EQ(refused.error().code, Code::key_unusable);
  const auto later = signed_by(acme(), acme(), unsigned_package(), test_time().plus(20LL * 365 * 86400));
  EXPECT_EQ(later.error().code, Code::certificate_expired);
  EXPECT_EQ(refusal({}), Code::zip_malformed);
}

}  // namespace
}  // namespace sallyport::vendor
