// SPDX-License-Identifier: Apache-2.0
// Attacks on the CMS structure and on the signatures in it; cms_chain_test.cpp has those on certificates.
#include "core/crypto/cms.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "adapters/signer/der_writer.h"
#include "testkit/forge.h"

namespace sallyport {
namespace {

using testkit::Authority;
using testkit::ForgedCms;
using testkit::ForgedSigner;
using testkit::KeyType;

const Bytes content = copy(as_bytes("Source: Artifacts/content.pack\n"));

class CmsAttack : public testing::Test {
 protected:
  ForgedSigner signer(KeyType kind = KeyType::p256) const {
    ForgedSigner made{testkit::make_identity(authority, kind), {}, {}, {}, {}, Sha2::sha256};
    made.digest = testkit::digest_identifier(Sha2::sha256);
    if (kind == KeyType::rsa2048 || kind == KeyType::rsa3072 || kind == KeyType::rsa3072_e3) {
      made.algorithm = testkit::pkcs1_identifier(Sha2::sha256);
    } else {
      made.algorithm = testkit::ecdsa_identifier(Sha2::sha256);
    }
    made.sign = testkit::plain(Sha2::sha256);
    return made;
  }

  // `ok` is told by a code that no check returns.
  Code answer(BytesView cms) const {
    const auto result = verify_cms(cms, content, {authority.certificate()}, testkit::noon());
    if (!result.ok()) return result.error().code;
    EXPECT_FALSE(result.value().empty());
    return genuine;
  }
  Code answer(const ForgedCms& options) const { return answer(testkit::forge_cms(content, options)); }
  Code answer(const ForgedSigner& one) const { return answer(ForgedCms{{one}, {}, {}, {}, {}}); }

  static constexpr Code genuine = Code::usage_error;
  const Authority authority = Authority::root("Acme CA");
};

ForgedCms with(std::vector<ForgedSigner> signers) {
  ForgedCms options;
  options.signers = std::move(signers);
  return options;
}

TEST_F(CmsAttack, PositiveTwin) {
  EXPECT_EQ(answer(signer()), genuine);
}

TEST_F(CmsAttack, D01_NoSignerInfo) {
  ForgedCms none = with({});
  none.digests = {testkit::digest_identifier(Sha2::sha256)};
  none.certificates = {copy(signer().who.certificate.der())};
  EXPECT_EQ(answer(none), Code::signature_malformed);
}

TEST_F(CmsAttack, D02_EverySignerHasToHold) {
  const auto other_authority = Authority::root("Other CA");
  ForgedSigner untrusted = signer();
  untrusted.who = testkit::make_identity(other_authority);
  ForgedSigner invalid = signer();
  invalid.sign = [](EVP_PKEY* key, BytesView /*message*/) {
    return testkit::plain(Sha2::sha256)(key, as_bytes("x"));
  };
  EXPECT_EQ(answer(with({signer(), signer()})), genuine);
  EXPECT_EQ(answer(with({untrusted, invalid})), Code::signature_invalid);
  EXPECT_EQ(answer(with({invalid, untrusted})), Code::signature_invalid);
  EXPECT_EQ(answer(with({signer(), invalid})), Code::signature_invalid);
  EXPECT_EQ(answer(with({signer(), untrusted})), Code::signer_unknown);
  EXPECT_EQ(answer(with({untrusted, signer()})), Code::signer_unknown);
}

TEST_F(CmsAttack, D02_ReportsOneSignerForEachSignerInfo) {
  const auto cms = testkit::forge_cms(content, with({signer(), signer(), signer()}));
  const auto signers = verify_cms(cms, content, {authority.certificate()}, testkit::noon()).value();
  ASSERT_EQ(signers.size(), 3U);
  EXPECT_NE(signers[0].leaf.fingerprint(), signers[1].leaf.fingerprint());
}

TEST_F(CmsAttack, D03_EmbeddedContent) {
  ForgedCms options = with({signer()});
  options.embedded = content;
  EXPECT_EQ(answer(options), Code::signature_malformed);
  options.embedded = Bytes();
  EXPECT_EQ(answer(options), Code::signature_malformed);
}

TEST_F(CmsAttack, D03_OtherContentType) {
  ForgedCms options = with({signer()});
  options.content_type = "2a864886f70d0109100104";  // a time stamp
  EXPECT_EQ(answer(options), Code::signature_malformed);
}

TEST_F(CmsAttack, D05_SignedAttributes) {
  using testkit::attribute;
  const Bytes type = testkit::content_type_attribute();
  const Bytes digest = testkit::message_digest_attribute(Sha2::sha256, content);
  const Bytes value = der::octets(sha256(content).bytes());
  const Bytes other = der::octets(sha256(as_bytes("other")).bytes());
  constexpr const char* message_digest = "2a864886f70d010904";
  const std::vector<std::vector<Bytes>> wrong{
      {},
      {type},
      {digest},
      {type, digest, digest},
      {type, type, digest},
      {type, digest, attribute(message_digest, {other})},
      {type, attribute(message_digest, {value, other})},
      {type, attribute(message_digest, {})},
      {type, attribute(message_digest, {der::utf8("x")})},
      {attribute("2a864886f70d010903", {der::oid("2a864886f70d010701"), der::oid("2a864886f70d010702")}),
       digest},
      {testkit::content_type_attribute("2a864886f70d010702"), digest}};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    ForgedSigner one = signer();
    one.attributes = wrong[i];
    EXPECT_EQ(answer(one), Code::signature_malformed) << i;
  }
  ForgedSigner one = signer();
  one.attributes = {type, attribute(message_digest, {other})};
  EXPECT_EQ(answer(one), Code::signature_invalid);
  one.attributes = {type, digest, attribute("2b0601040182371401", {der::utf8("more")})};
  EXPECT_EQ(answer(one), genuine);
}

TEST_F(CmsAttack, D06_DigestAlgorithms) {
  ForgedCms options = with({signer()});
  options.digests = std::vector<Bytes>{};
  EXPECT_EQ(answer(options), Code::signature_malformed);
  options.digests = {testkit::digest_identifier(Sha2::sha512)};
  EXPECT_EQ(answer(options), Code::signature_malformed);
  options.digests = {testkit::digest_identifier(Sha2::sha256), testkit::sha1_identifier()};
  EXPECT_EQ(answer(options), Code::signature_algorithm_refused);
  ForgedSigner weak = signer();
  weak.digest = testkit::sha1_identifier();
  EXPECT_EQ(answer(weak), Code::signature_algorithm_refused);
  ForgedSigner with_parameters = signer();
  with_parameters.digest = testkit::algorithm_with_parameters(with_parameters.digest, der::octets(Bytes{1}));
  EXPECT_EQ(answer(with_parameters), Code::signature_malformed);
  ForgedSigner with_null = signer();
  with_null.digest = testkit::algorithm_with_parameters(with_null.digest, der::null());
  EXPECT_EQ(answer(with_null), genuine);
}

TEST_F(CmsAttack, D06_SignatureAlgorithmAndDigestDisagree) {
  ForgedSigner one = signer();
  one.algorithm = testkit::ecdsa_identifier(Sha2::sha384);
  one.sign = testkit::plain(Sha2::sha384);
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
  one = signer();
  one.algorithm = testkit::algorithm_with_parameters(one.algorithm, der::null());
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
  one = signer();
  one.algorithm = der::sequence({der::oid("2a8648ce3d0401")});  // ECDSA with SHA-1
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
}

TEST_F(CmsAttack, D07_OtherSpellings) {
  const Bytes cms = testkit::forge_cms(content, with({signer()}));
  Bytes longer = cms;
  longer.push_back(0);
  EXPECT_EQ(answer(longer), Code::signature_malformed);
  EXPECT_EQ(answer(BytesView(cms).first(cms.size() - 1)), Code::signature_malformed);
  EXPECT_EQ(answer(Bytes{}), Code::signature_malformed);
  // The outermost SEQUENCE with an indefinite length.
  const BytesView inner = BytesView(cms).subspan(4);
  Bytes indefinite{0x30, 0x80};
  indefinite.insert(indefinite.end(), inner.begin(), inner.end());
  indefinite.insert(indefinite.end(), {0, 0});
  EXPECT_EQ(answer(indefinite), Code::signature_malformed);
  // A length in more bytes than it needs.
  ASSERT_EQ(cms[1], 0x82);
  Bytes wide{0x30, 0x83, 0x00, cms[2], cms[3]};
  wide.insert(wide.end(), inner.begin(), inner.end());
  EXPECT_EQ(answer(wide), Code::signature_malformed);
}

TEST_F(CmsAttack, D07_NoBitCanBeFlipped) {
  const Bytes cms = testkit::forge_cms(content, with({signer()}));
  for (std::size_t i = 0; i < cms.size(); ++i) {
    Bytes flipped = cms;
    flipped[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    EXPECT_NE(answer(flipped), genuine) << i;
  }
}

TEST_F(CmsAttack, D07_UnsortedAttributes) {
  ForgedSigner one = signer();
  const Bytes cms = testkit::forge_cms(content, with({one}));
  // The two attributes exchanged in place; they are signed in their sorted form by any reading.
  const Bytes type = testkit::content_type_attribute();
  const Bytes digest = testkit::message_digest_attribute(Sha2::sha256, content);
  Bytes sorted = der::join({type, digest});
  const auto at = std::search(cms.begin(), cms.end(), sorted.begin(), sorted.end());
  ASSERT_NE(at, cms.end());
  Bytes swapped = cms;
  const Bytes unsorted = der::join({digest, type});
  std::copy(unsorted.begin(), unsorted.end(), swapped.begin() + (at - cms.begin()));
  EXPECT_EQ(answer(swapped), Code::signature_malformed);
}

TEST_F(CmsAttack, D08_GarbageAfterTheDigestInfo) {
  ForgedSigner one = signer(KeyType::rsa3072);
  EXPECT_EQ(answer(one), genuine);
  one.sign = testkit::pkcs1_with_garbage(0);
  EXPECT_EQ(answer(one), genuine);
  one.sign = testkit::pkcs1_with_garbage(200);
  EXPECT_EQ(answer(one), Code::signature_invalid);
  EXPECT_EQ(answer(signer(KeyType::rsa3072_e3)), Code::signature_algorithm_refused);
}

TEST_F(CmsAttack, D08_ShortRsaKey) {
  EXPECT_EQ(answer(signer(KeyType::rsa2048)), Code::signature_algorithm_refused);
}

TEST_F(CmsAttack, D09_PssParameters) {
  const auto pss = [&](KeyType kind, Sha2 digest, Sha2 mask, std::uint8_t salt) {
    ForgedSigner one = signer(kind);
    one.digest = testkit::digest_identifier(digest);
    one.content_digest = digest;
    one.algorithm = testkit::pss_identifier(digest, mask, salt);
    one.sign = testkit::pss(digest, mask, salt);
    return one;
  };
  for (const auto kind : {KeyType::rsa3072, KeyType::rsa_pss}) {
    EXPECT_EQ(answer(pss(kind, Sha2::sha256, Sha2::sha256, 32)), genuine);
    EXPECT_EQ(answer(pss(kind, Sha2::sha384, Sha2::sha384, 48)), genuine);
    EXPECT_EQ(answer(pss(kind, Sha2::sha512, Sha2::sha512, 64)), genuine);
    EXPECT_EQ(answer(pss(kind, Sha2::sha256, Sha2::sha512, 32)), Code::signature_algorithm_refused);
    for (const std::uint8_t salt : Bytes{0, 16, 20, 31, 33, 64}) {
      EXPECT_EQ(answer(pss(kind, Sha2::sha256, Sha2::sha256, salt)), Code::signature_algorithm_refused)
          << int{salt};
    }
  }
  // What is said is not what was done.
  ForgedSigner one = pss(KeyType::rsa3072, Sha2::sha256, Sha2::sha256, 32);
  one.sign = testkit::pss(Sha2::sha256, Sha2::sha256, 20);
  EXPECT_EQ(answer(one), Code::signature_invalid);
  one.sign = testkit::plain(Sha2::sha256);
  EXPECT_EQ(answer(one), Code::signature_invalid);
  one = pss(KeyType::rsa3072, Sha2::sha256, Sha2::sha256, 32);
  one.algorithm = testkit::pss_identifier(Sha2::sha512, Sha2::sha512, 64);
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
  one.algorithm = der::sequence({der::oid("2a864886f70d01010a")});  // no parameters: SHA-1 by default
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
}

TEST_F(CmsAttack, D10_EcdsaEncodings) {
  const auto fixed = [&](Bytes signature) {
    ForgedSigner one = signer();
    one.sign = [=](EVP_PKEY* /*key*/, BytesView /*message*/) { return signature; };
    return answer(one);
  };
  const Bytes order =
      parse_hex("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 64).value();
  const Bytes one_value = der::number(1);
  EXPECT_EQ(fixed({}), Code::signature_invalid);
  EXPECT_EQ(fixed(Bytes(64, 1)), Code::signature_invalid);
  EXPECT_EQ(fixed(der::sequence({der::number(0), one_value})), Code::signature_invalid);
  EXPECT_EQ(fixed(der::sequence({one_value, der::number(0)})), Code::signature_invalid);
  EXPECT_EQ(fixed(der::sequence({der::value(2, order), one_value})), Code::signature_invalid);
  EXPECT_EQ(fixed(der::sequence({one_value, der::value(2, order)})), Code::signature_invalid);
  EXPECT_EQ(fixed(Bytes(5000, 0x30)), Code::signature_invalid);
}

TEST_F(CmsAttack, D10_HighSByOtherToolsIsAccepted) {
  ForgedSigner one = signer();
  one.sign = testkit::high_s();
  EXPECT_EQ(answer(one), genuine);
}

TEST_F(CmsAttack, D12_KeyOfAnotherType) {
  ForgedSigner one = signer(KeyType::rsa3072);
  one.algorithm = testkit::ecdsa_identifier(Sha2::sha256);
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
  one = signer();
  one.algorithm = testkit::pkcs1_identifier(Sha2::sha256);
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
  one = signer(KeyType::rsa_pss);  // a key that is tied to PSS
  one.algorithm = testkit::pkcs1_identifier(Sha2::sha256);
  one.sign = testkit::pss(Sha2::sha256, Sha2::sha256, 32);
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
  one = signer();
  one.algorithm = testkit::ed25519_identifier();
  one.digest = testkit::digest_identifier(Sha2::sha512);
  one.content_digest = Sha2::sha512;
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);
  EXPECT_EQ(answer(signer(KeyType::p521)), Code::signature_algorithm_refused);
}

TEST_F(CmsAttack, D12_Ed25519IsBoundToItsDigest) {
  ForgedSigner one = signer(KeyType::ed25519);
  one.algorithm = testkit::ed25519_identifier();
  one.sign = testkit::plain_ed25519();
  EXPECT_EQ(answer(one), Code::signature_algorithm_refused);  // with SHA-256
  one.digest = testkit::digest_identifier(Sha2::sha512);
  one.content_digest = Sha2::sha512;
  EXPECT_EQ(answer(one), genuine);
  one.sign = [](EVP_PKEY* key, BytesView /*message*/) {
    return testkit::plain_ed25519()(key, as_bytes("x"));
  };
  EXPECT_EQ(answer(one), Code::signature_invalid);
}

TEST_F(CmsAttack, D13_TwoCertificatesForOneSigner) {
  testkit::CertificateOptions same;
  same.serial = 77;
  ForgedSigner one = signer();
  one.who = testkit::make_identity(authority, KeyType::p256, same);
  const auto twin = testkit::make_identity(authority, KeyType::p256, same);
  EXPECT_EQ(answer(one), genuine);
  ForgedCms options = with({one});
  options.certificates = {copy(one.who.certificate.der()), copy(twin.certificate.der())};
  EXPECT_EQ(answer(options), Code::signature_malformed);
  options.certificates = {copy(twin.certificate.der())};
  EXPECT_EQ(answer(options), Code::signature_invalid);
}

TEST_F(CmsAttack, D20_TooMuchOfEverything) {
  EXPECT_EQ(answer(with(std::vector<ForgedSigner>(9, signer()))), Code::signature_malformed);
  ForgedCms options = with({signer()});
  options.certificates = std::vector<Bytes>(17, copy(signer().who.certificate.der()));
  EXPECT_EQ(answer(options), Code::signature_malformed);
  EXPECT_EQ(answer(der::value(0x30, Bytes(300000, 0))), Code::signature_malformed);
  Bytes deep;
  for (int i = 0; i < 5000; ++i) deep = der::value(0x30, deep);
  EXPECT_EQ(answer(deep), Code::signature_malformed);
  options = with({signer()});
  options.revocation_list = der::sequence({});
  EXPECT_EQ(answer(options), Code::signature_malformed);
}

TEST_F(CmsAttack, ContentIsWhatWasSigned) {
  const auto cms = testkit::forge_cms(content, with({signer()}));
  Bytes changed = content;
  changed[5] ^= 1U;
  EXPECT_EQ(verify_cms(cms, changed, {authority.certificate()}, testkit::noon()).error().code,
            Code::signature_invalid);
  EXPECT_EQ(verify_cms(cms, {}, {authority.certificate()}, testkit::noon()).error().code,
            Code::signature_invalid);
}

TEST(CmsPem, HasOneSpelling) {
  const Bytes der(100, 7);
  const std::string pem = cms_to_pem(der);
  EXPECT_EQ(cms_from_pem(pem).value(), der);
  for (const std::string& text : {"x" + pem, pem + "x", pem + pem, pem.substr(0, 40), std::string()}) {
    EXPECT_EQ(cms_from_pem(text).error().code, Code::signature_malformed) << text;
  }
  std::string rewrapped = pem;
  rewrapped.erase(rewrapped.find('\n', 20), 1);
  EXPECT_FALSE(cms_from_pem(rewrapped).ok());
}

}  // namespace
}  // namespace sallyport
