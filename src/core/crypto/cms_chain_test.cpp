// SPDX-License-Identifier: Apache-2.0
// Attacks on the certificates of a genuine CMS signature.
#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <thread>

#include "core/crypto/cms.h"
#include "testkit/forge.h"

namespace sallyport {
namespace {

using testkit::Authority;
using testkit::authority_options;
using testkit::CertificateOptions;
using testkit::Identity;
using testkit::KeyType;

const Bytes content = copy(as_bytes("Source: Artifacts/content.pack\n"));
constexpr Code genuine = Code::usage_error;  // no check returns it

struct Request {
  Identity who;
  std::vector<Certificate> others;  // in the CMS, besides the leaf
  std::vector<Certificate> anchors;
  Instant at = testkit::noon();
};

Code answer(const Request& request) {
  testkit::ForgedSigner signer{request.who,
                               testkit::digest_identifier(Sha2::sha256),
                               testkit::ecdsa_identifier(Sha2::sha256),
                               testkit::plain(Sha2::sha256),
                               {},
                               Sha2::sha256};
  testkit::ForgedCms options;
  options.signers = {signer};
  options.certificates = {copy(request.who.certificate.der())};
  for (const auto& other : request.others) options.certificates->push_back(copy(other.der()));
  const auto result = verify_cms(testkit::forge_cms(content, options), content, request.anchors, request.at);
  if (!result.ok()) return result.error().code;
  EXPECT_EQ(result.value()[0].leaf.fingerprint(), request.who.certificate.fingerprint());
  return genuine;
}

Code answer_for_leaf(const CertificateOptions& options) {
  const auto root = Authority::root("Root");
  return answer({testkit::make_identity(root, KeyType::p256, options), {}, {root.certificate()}});
}

Code answer_for_intermediate(const CertificateOptions& options) {
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate(options);
  return answer({testkit::make_identity(middle), {middle.certificate()}, {root.certificate()}});
}

TEST(ChainAttack, PositiveTwins) {
  EXPECT_EQ(answer_for_leaf({}), genuine);
  EXPECT_EQ(answer_for_intermediate(authority_options("Middle")), genuine);
}

TEST(ChainAttack, E01_CertificatesInThePackageAreNoAnchors) {
  const auto root = Authority::root("Root");
  const auto own_root = Authority::root("Root");  // the same name, another key
  const auto leaf = testkit::make_identity(own_root);
  EXPECT_EQ(answer({leaf, {own_root.certificate()}, {root.certificate()}}), Code::signer_unknown);
  EXPECT_EQ(answer({leaf, {own_root.certificate()}, {}}), Code::signer_unknown);
  std::shared_ptr<EVP_PKEY> key(testkit::make_key(KeyType::p256).release(), EVP_PKEY_free);
  const Identity self{key, testkit::self_signed(key.get(), {})};
  EXPECT_EQ(answer({self, {}, {root.certificate()}}), Code::signer_unknown);
  EXPECT_EQ(answer({self, {self.certificate}, {root.certificate()}}), Code::signer_unknown);
}

TEST(ChainAttack, E01_AnchorsNeedNotBeSelfSigned) {
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate(authority_options("Middle"));
  const auto leaf = testkit::make_identity(middle);
  EXPECT_EQ(answer({leaf, {}, {middle.certificate()}}), genuine);
  EXPECT_EQ(answer({leaf, {middle.certificate()}, {middle.certificate()}}), genuine);
  EXPECT_EQ(answer({leaf, {}, {leaf.certificate}}), genuine);  // a pinned leaf
  EXPECT_EQ(answer({leaf, {}, {root.certificate()}}), Code::signer_unknown);
  EXPECT_EQ(answer({leaf, {}, {testkit::make_identity(middle).certificate}}), Code::signer_unknown);
}

// With the certificates of its issuers beside it, as a vendor packs them: the chain ends where the trust does.
TEST(ChainAttack, E01_AChainEndsAtItsFirstAnchor) {
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate(authority_options("Middle"));
  const auto who = testkit::make_identity(middle);
  const std::vector<Certificate> issuers{middle.certificate(), root.certificate()};
  EXPECT_EQ(answer({who, issuers, {who.certificate}}), genuine);
  EXPECT_EQ(answer({who, issuers, {middle.certificate()}}), genuine);
  EXPECT_EQ(answer({who, issuers, {root.certificate()}}), genuine);
  EXPECT_EQ(answer({who, issuers, {Authority::root("Root").certificate()}}), Code::signer_unknown);
}

TEST(ChainAttack, E01_AnAnchorThatIsALeafIssuesNothing) {
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate({});  // a leaf with a key that signs another certificate
  EXPECT_NE(answer({testkit::make_identity(middle), {}, {middle.certificate()}}), genuine);
}

TEST(ChainAttack, E02_IntermediateThatIsNoCa) {
  auto options = authority_options("Middle");
  options.basic_constraints = "critical,CA:FALSE";
  EXPECT_EQ(answer_for_intermediate(options), Code::certificate_usage_refused);
  options.basic_constraints = "";
  EXPECT_EQ(answer_for_intermediate(options), Code::certificate_usage_refused);
  options = authority_options("Middle");
  options.key_usage = "critical,digitalSignature";
  EXPECT_EQ(answer_for_intermediate(options), Code::certificate_usage_refused);
  options.key_usage = "";
  EXPECT_EQ(answer_for_intermediate(options), Code::certificate_usage_refused);
  options = authority_options("Middle");
  options.extended_key_usage = "serverAuth";
  EXPECT_EQ(answer_for_intermediate(options), Code::certificate_usage_refused);
  options.extended_key_usage = "codeSigning";
  EXPECT_EQ(answer_for_intermediate(options), genuine);
}

TEST(ChainAttack, E03_PathLength) {
  auto short_path = authority_options("Root");
  short_path.basic_constraints = "critical,CA:TRUE,pathlen:0";
  const auto root = Authority::root(short_path);
  const auto middle = root.intermediate(authority_options("Middle"));
  EXPECT_EQ(answer({testkit::make_identity(root), {}, {root.certificate()}}), genuine);
  EXPECT_EQ(answer({testkit::make_identity(middle), {middle.certificate()}, {root.certificate()}}),
            Code::certificate_usage_refused);
}

TEST(ChainAttack, E03_NameConstraints) {
  auto options = authority_options("Middle");
  options.extensions = {{NID_name_constraints, "critical,excluded;email:acme.example"}};
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate(options);
  CertificateOptions leaf;
  leaf.extensions = {{NID_subject_alt_name, "email:release@other.example"}};
  EXPECT_EQ(answer({testkit::make_identity(middle, KeyType::p256, leaf),
                    {middle.certificate()},
                    {root.certificate()}}),
            genuine);
  leaf.extensions = {{NID_subject_alt_name, "email:release@acme.example"}};
  EXPECT_EQ(answer({testkit::make_identity(middle, KeyType::p256, leaf),
                    {middle.certificate()},
                    {root.certificate()}}),
            Code::certificate_usage_refused);
}

TEST(ChainAttack, E03_PolicyConstraints) {
  auto options = authority_options("Middle");
  options.extensions = {{NID_policy_constraints, "critical,requireExplicitPolicy:0"},
                        {NID_certificate_policies, "1.2.3.4"}};
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate(options);
  EXPECT_EQ(answer({testkit::make_identity(middle), {middle.certificate()}, {root.certificate()}}),
            Code::certificate_usage_refused);
  CertificateOptions leaf;
  leaf.extensions = {{NID_certificate_policies, "1.2.3.4"}};
  EXPECT_EQ(answer({testkit::make_identity(middle, KeyType::p256, leaf),
                    {middle.certificate()},
                    {root.certificate()}}),
            genuine);
}

TEST(ChainAttack, E03_UnknownCriticalExtension) {
  CertificateOptions options;
  options.extensions = {
      {OBJ_create("1.3.6.1.4.1.99999.1", "sallyportTest", "Sallyport test"), "critical,DER:0500"}};
  EXPECT_EQ(answer_for_leaf(options), Code::certificate_usage_refused);
  options.extensions[0].second = "DER:0500";
  EXPECT_EQ(answer_for_leaf(options), genuine);
}

TEST(ChainAttack, LeafThatIsNotForCode) {
  CertificateOptions options;
  for (const auto* usage : {"", "serverAuth", "anyExtendedKeyUsage", "emailProtection,timeStamping"}) {
    options.extended_key_usage = usage;
    EXPECT_EQ(answer_for_leaf(options), Code::certificate_usage_refused) << usage;
  }
  options.extended_key_usage = "codeSigning,anyExtendedKeyUsage";
  EXPECT_EQ(answer_for_leaf(options), genuine);
  options = {};
  for (const auto* usage : {"", "critical,keyEncipherment", "critical,nonRepudiation"}) {
    options.key_usage = usage;
    EXPECT_EQ(answer_for_leaf(options), Code::certificate_usage_refused) << usage;
  }
  options = {};
  options.basic_constraints = "critical,CA:TRUE";
  options.key_usage = "critical,digitalSignature,keyCertSign";
  EXPECT_EQ(answer_for_leaf(options), Code::certificate_usage_refused);
}

TEST(ChainAttack, E06_Expired) {
  CertificateOptions leaf;
  leaf.not_after = "20260615115959Z";
  EXPECT_EQ(answer_for_leaf(leaf), Code::certificate_expired);
  leaf.not_after = "20260615120001Z";
  EXPECT_EQ(answer_for_leaf(leaf), genuine);
  auto middle = authority_options("Middle");
  middle.not_after = "20260301000000Z";
  EXPECT_EQ(answer_for_intermediate(middle), Code::certificate_expired);
  auto old_root = authority_options("Root");
  old_root.not_after = "20260301000000Z";
  const auto root = Authority::root(old_root);
  EXPECT_EQ(answer({testkit::make_identity(root), {}, {root.certificate()}}), Code::certificate_expired);
  EXPECT_EQ(answer({testkit::make_identity(root),
                    {},
                    {root.certificate()},
                    Instant::parse("2026-02-01T00:00:00Z").value()}),
            genuine);
}

TEST(ChainAttack, E10_NotYetValid) {
  CertificateOptions leaf;
  leaf.not_before = "20260615120001Z";
  EXPECT_EQ(answer_for_leaf(leaf), Code::certificate_not_yet_valid);
  leaf.not_before = "20260615120000Z";
  EXPECT_EQ(answer_for_leaf(leaf), genuine);
  auto middle = authority_options("Middle");
  middle.not_before = "20261101000000Z";
  EXPECT_EQ(answer_for_intermediate(middle), Code::certificate_not_yet_valid);
}

TEST(ChainAttack, WrongUseIsToldBeforeWrongTime) {
  CertificateOptions options;
  options.extended_key_usage = "serverAuth";
  options.not_after = "20260301000000Z";
  EXPECT_EQ(answer_for_leaf(options), Code::certificate_usage_refused);
}

TEST(ChainAttack, WeakLinks) {
  auto options = authority_options("Middle");
  options.digest = "SHA1";
  EXPECT_EQ(answer_for_intermediate(options), Code::signature_algorithm_refused);
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate(authority_options("Middle"), KeyType::rsa2048);
  EXPECT_EQ(answer({testkit::make_identity(middle), {middle.certificate()}, {root.certificate()}}),
            Code::signature_algorithm_refused);
}

TEST(ChainAttack, E16_OnePackageDoesNotHelpAnother) {
  const auto root = Authority::root("Root");
  const auto middle = root.intermediate(authority_options("Middle"));
  const Request with{testkit::make_identity(middle), {middle.certificate()}, {root.certificate()}};
  const Request without{testkit::make_identity(middle), {}, {root.certificate()}};
  const auto repeat = [](const Request& request, Code expected) {
    for (int i = 0; i < 40; ++i) EXPECT_EQ(answer(request), expected);
  };
  std::thread first(repeat, with, genuine);
  std::thread second(repeat, without, Code::signer_unknown);
  first.join();
  second.join();
}

}  // namespace
}  // namespace sallyport
