// SPDX-License-Identifier: Apache-2.0
// Attacks on time stamps: on the token itself, and on what it is used for.
#include "core/crypto/time_stamp.h"

#include <gtest/gtest.h>

#include "adapters/signer/der_writer.h"
#include "core/crypto/cms.h"
#include "core/crypto/cms_edit.h"
#include "core/crypto/time_stamp_request.h"
#include "testkit/revocation.h"

namespace sallyport {
namespace {

using testkit::Authority;
using testkit::Identity;
using testkit::KeyType;
using testkit::StampOptions;

constexpr Code genuine = Code::usage_error;  // no check returns it
const Bytes content = copy(as_bytes("Source: Artifacts/content.pack\n"));

Instant instant(std::string_view text) {
  return Instant::parse(text).value();
}

class StampAttack : public testing::Test {
 protected:
  Code answer(const Bytes& token, Instant at = testkit::noon()) const {
    const auto stamp = verify_time_stamp(token, signature, {stamps.certificate()}, at);
    return stamp.ok() ? genuine : stamp.error().code;
  }
  Code answer(const StampOptions& options) const {
    return answer(testkit::make_time_stamp(stamper, signature, options));
  }
  Code answer(const testkit::CertificateOptions& options) const {
    const auto other = testkit::make_identity(stamps, KeyType::p256, options);
    return answer(testkit::make_time_stamp(other, signature));
  }

  const Bytes signature = copy(as_bytes("the value of a signature"));
  const Authority stamps = Authority::root("Stamp CA");
  const Identity stamper = testkit::make_identity(stamps, KeyType::p256, testkit::stamper_options());
};

TEST_F(StampAttack, PositiveTwin) {
  const auto stamp = verify_time_stamp(testkit::make_time_stamp(stamper, signature), signature,
                                       {stamps.certificate()}, testkit::noon());
  ASSERT_TRUE(stamp.ok()) << stamp.error().where << stamp.error().found;
  EXPECT_EQ(stamp.value().time, instant("2026-06-15T11:00:00Z"));
  EXPECT_EQ(stamp.value().latest, instant("2026-06-15T11:00:01Z"));
  EXPECT_EQ(stamp.value().serial, "07");
  EXPECT_EQ(stamp.value().chain.size(), 2U);
}

TEST_F(StampAttack, E08_UntrustedAuthority) {
  const auto other = Authority::root("Other CA");
  const auto stranger = testkit::make_identity(other, KeyType::p256, testkit::stamper_options());
  EXPECT_EQ(answer(testkit::make_time_stamp(stranger, signature)), Code::time_stamp_signer_unknown);
  StampOptions with_root;
  with_root.others = {other.certificate()};
  EXPECT_EQ(answer(testkit::make_time_stamp(stranger, signature, with_root)),
            Code::time_stamp_signer_unknown);
}

TEST_F(StampAttack, E08_CertificateOfAnotherUse) {
  auto options = testkit::stamper_options();
  EXPECT_EQ(answer(options), genuine);
  for (const char* usage :
       {"timeStamping", "critical,timeStamping,codeSigning", "critical,codeSigning", ""}) {
    options.extended_key_usage = usage;
    EXPECT_EQ(answer(options), Code::certificate_usage_refused) << usage;
  }
  options = testkit::stamper_options();
  options.key_usage = "critical,nonRepudiation";
  EXPECT_EQ(answer(options), genuine);
  options.key_usage = "critical,keyEncipherment";
  EXPECT_EQ(answer(options), Code::certificate_usage_refused);
}

TEST_F(StampAttack, E09_OfAnotherSignature) {
  const auto token = testkit::make_time_stamp(stamper, as_bytes("another signature"));
  EXPECT_EQ(answer(token), Code::time_stamp_invalid);
  StampOptions options;
  options.imprint_algorithm = testkit::sha1_identifier();
  EXPECT_EQ(answer(options), Code::signature_algorithm_refused);
  options.imprint_algorithm = testkit::digest_identifier(Sha2::sha512);  // of a SHA-256
  EXPECT_EQ(answer(options), Code::time_stamp_invalid);
}

TEST_F(StampAttack, SignatureOfTheTokenItself) {
  StampOptions options;
  options.sign = [](EVP_PKEY* key, BytesView) { return testkit::plain(Sha2::sha256)(key, as_bytes("x")); };
  EXPECT_EQ(answer(options), Code::time_stamp_invalid);
  auto token = testkit::make_time_stamp(stamper, signature);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < token.size(); i += 3) {
    token[i] ^= 0x10U;
    if (answer(token) == genuine) ++accepted;
    token[i] ^= 0x10U;
  }
  EXPECT_EQ(accepted, 0U);
}

TEST_F(StampAttack, HasToNameItsCertificate) {
  const Bytes type = testkit::content_type_attribute("2a864886f70d0109100104");
  StampOptions options;
  const auto own = testkit::signing_certificate_v2(stamper.certificate);
  const auto other = testkit::signing_certificate_v2(stamps.certificate());
  // The digest has to be that of the very TSTInfo, so it is taken from a token that is otherwise the same.
  const auto with = [&](std::vector<Bytes> more) {
    const Bytes info = der::sequence(
        {der::number(1), der::oid("2a0304"),
         der::sequence({testkit::digest_identifier(Sha2::sha256), der::octets(sha256(signature).bytes())}),
         der::number(7), der::value(0x18, as_bytes(options.time))});
    more.push_back(type);
    more.push_back(testkit::message_digest_attribute(Sha2::sha256, info));
    options.attributes = more;
    return answer(options);
  };
  EXPECT_EQ(with({own}), genuine);
  EXPECT_EQ(with({}), Code::time_stamp_invalid);
  EXPECT_EQ(with({other}), Code::time_stamp_invalid);
  EXPECT_EQ(with({own, other}), Code::time_stamp_malformed);
}

TEST_F(StampAttack, TimesAreInOneSpelling) {
  StampOptions options;
  for (const char* time : {"20260615110000.5Z", "20260615110000.123456Z"}) {
    options.time = time;
    EXPECT_EQ(answer(options), genuine) << time;
  }
  for (const char* time :
       {"20260615110000", "20260615110000.Z", "20260615110000.50Z", "20260615110000,5Z", "2606151100Z",
        "20260615110000+0000", "20261315110000Z", "2026061511000xZ", "20260615110000.12345678Z"}) {
    options.time = time;
    EXPECT_EQ(answer(options), Code::time_stamp_malformed) << time;
  }
}

TEST_F(StampAttack, AccuracyCounts) {
  const auto latest = [&](const Bytes& accuracy) {
    StampOptions options;
    options.accuracy = accuracy;
    return verify_time_stamp(testkit::make_time_stamp(stamper, signature, options), signature,
                             {stamps.certificate()}, testkit::noon());
  };
  EXPECT_EQ(latest(der::sequence({der::number(30)})).value().latest, instant("2026-06-15T11:00:31Z"));
  EXPECT_EQ(latest(der::sequence({der::value(0x80, Bytes{9})})).value().latest,
            instant("2026-06-15T11:00:01Z"));
  EXPECT_FALSE(latest(der::sequence({der::value(0x02, Bytes{1, 0, 0, 0, 0})})).ok());
  EXPECT_FALSE(latest(der::sequence({der::value(0x80, Bytes{})})).ok());
  EXPECT_FALSE(latest(der::sequence({der::octets(Bytes{1})})).ok());
}

TEST_F(StampAttack, FormOfTheInfo) {
  StampOptions options;
  options.info_version = 2;
  EXPECT_EQ(answer(options), Code::time_stamp_malformed);
  options = {};
  options.tail = der::context(1, der::sequence({}));  // extensions
  EXPECT_EQ(answer(options), Code::time_stamp_malformed);
  options.tail = der::octets(Bytes{1});
  EXPECT_EQ(answer(options), Code::time_stamp_malformed);
  EXPECT_EQ(answer(Bytes()), Code::time_stamp_malformed);
  EXPECT_EQ(answer(Bytes(70000, 0x30)), Code::time_stamp_malformed);
}

TEST_F(StampAttack, TimesOfTheAuthority) {
  const auto token = testkit::make_time_stamp(stamper, signature);
  EXPECT_EQ(answer(token, instant("2026-06-15T11:00:00Z")), genuine);
  EXPECT_EQ(answer(token, instant("2026-06-15T10:59:59Z")), Code::time_stamp_not_yet_issued);
  EXPECT_EQ(answer(token, instant("2027-01-01T00:00:00Z")), Code::certificate_expired);  // it answers no more
  StampOptions early;
  early.time = "20251231120000Z";
  EXPECT_EQ(answer(early), Code::certificate_not_yet_valid);
}

// What a stamp is good for.
class StampUse : public StampAttack {
 protected:
  struct Made {
    Bytes cms;
    Bytes signature;
  };
  Made signed_by(const std::string& until) const {
    testkit::CertificateOptions options;
    options.not_after = until;
    const auto who = testkit::make_identity(vendor, KeyType::p256, options);
    testkit::ForgedCms cms;
    cms.signers = {{who,
                    testkit::digest_identifier(Sha2::sha256),
                    testkit::ecdsa_identifier(Sha2::sha256),
                    testkit::plain(Sha2::sha256),
                    {},
                    Sha2::sha256}};
    const auto der = testkit::forge_cms(content, cms);
    return {der, signatures_of(der).value().front()};
  }
  Result<std::vector<CmsSigner>> verify(const Bytes& cms, std::vector<Certificate> stampers,
                                        TimeStamps need = TimeStamps::optional) const {
    const SigningAuthority authority{{vendor.certificate()}, std::move(stampers), need};
    return verify_by_authorities(cms, content, {authority}, testkit::noon(), Occasion::admission);
  }
  Code code(const Bytes& cms, std::vector<Certificate> stampers,
            TimeStamps need = TimeStamps::optional) const {
    const auto result = verify(cms, std::move(stampers), need);
    return result.ok() ? genuine : result.error().code;
  }
  const Authority vendor = Authority::root("Vendor CA");
};

TEST_F(StampUse, E06_ExpiredWithoutAStamp) {
  EXPECT_EQ(code(signed_by("20260615113000Z").cms, {stamps.certificate()}), Code::certificate_expired);
}

TEST_F(StampUse, E07_ExpiredWithAStampOfWhenItWasValid) {
  const auto made = signed_by("20260615113000Z");  // half an hour before noon, half an hour after the stamp
  const auto stamped =
      with_time_stamps(made.cms, {testkit::make_time_stamp(stamper, made.signature)}).value();
  const auto signers = verify(stamped, {stamps.certificate()});
  ASSERT_TRUE(signers.ok()) << signers.error().where;
  EXPECT_EQ(signers.value().front().time_stamp->time, instant("2026-06-15T11:00:00Z"));
  EXPECT_EQ(signers.value().front().notes.front().name, "time stamp");
  // Only where the policy names the authority.
  EXPECT_EQ(code(stamped, {}), Code::certificate_expired);
  EXPECT_EQ(code(stamped, {vendor.certificate()}), Code::time_stamp_signer_unknown);
}

TEST_F(StampUse, E07_StampedAfterItExpired) {
  const auto made = signed_by("20260615105959Z");
  const auto stamped =
      with_time_stamps(made.cms, {testkit::make_time_stamp(stamper, made.signature)}).value();
  EXPECT_EQ(code(stamped, {stamps.certificate()}), Code::certificate_expired);
  const auto other = signed_by("20260615110000Z");  // valid when it was stamped, not when the accuracy ends
  const auto late = with_time_stamps(other.cms, {testkit::make_time_stamp(stamper, other.signature)}).value();
  EXPECT_EQ(code(late, {stamps.certificate()}), Code::certificate_expired);
}

TEST_F(StampUse, E09_StampOfAnotherPackage) {
  const auto one = signed_by("20260615113000Z");
  const auto other = signed_by("20260615113000Z");
  const auto stamped =
      with_time_stamps(one.cms, {testkit::make_time_stamp(stamper, other.signature)}).value();
  EXPECT_EQ(code(stamped, {stamps.certificate()}), Code::time_stamp_invalid);
}

TEST_F(StampUse, BadStampsAreNotPassedOver) {
  const auto made = signed_by("20261231235959Z");  // it would be good without the stamp
  const auto stamped = with_time_stamps(made.cms, {der::sequence({der::octets(Bytes{1})})}).value();
  EXPECT_EQ(code(stamped, {stamps.certificate()}), Code::time_stamp_malformed);
}

TEST_F(StampUse, MayBeRequired) {
  const auto made = signed_by("20261231235959Z");
  EXPECT_EQ(code(made.cms, {stamps.certificate()}), genuine);
  EXPECT_EQ(code(made.cms, {stamps.certificate()}, TimeStamps::required), Code::time_stamp_missing);
  const auto stamped =
      with_time_stamps(made.cms, {testkit::make_time_stamp(stamper, made.signature)}).value();
  EXPECT_EQ(code(stamped, {stamps.certificate()}, TimeStamps::required), genuine);
}

TEST_F(StampUse, ANewStampTakesThePlaceOfTheOld) {
  const auto made = signed_by("20260615113000Z");
  const auto bad = with_time_stamps(made.cms, {testkit::make_time_stamp(stamper, as_bytes("other"))}).value();
  const auto good = with_time_stamps(bad, {testkit::make_time_stamp(stamper, made.signature)}).value();
  EXPECT_EQ(code(good, {stamps.certificate()}), genuine);
}

// What the authority answers.
class StampReply : public StampAttack {
 protected:
  Code code(const Bytes& reply, const Bytes& nonce = Bytes{1, 2, 3}) const {
    const auto read = read_time_stamp_reply(reply, signature, nonce);
    return read.ok() ? genuine : read.error().code;
  }
  Bytes token(const Bytes& nonce) const {
    StampOptions options;
    options.nonce = nonce;
    return testkit::make_time_stamp(stamper, signature, options);
  }
};

TEST_F(StampReply, HasToAnswerThisQuestion) {
  EXPECT_EQ(code(testkit::time_stamp_reply(token({1, 2, 3}))), genuine);
  EXPECT_EQ(code(testkit::time_stamp_reply(token({1, 2, 4}))), Code::time_stamp_invalid);
  EXPECT_EQ(code(testkit::time_stamp_reply(testkit::make_time_stamp(stamper, signature))),
            Code::time_stamp_invalid);
  StampOptions other;
  other.nonce = Bytes{1, 2, 3};
  EXPECT_EQ(code(testkit::time_stamp_reply(testkit::make_time_stamp(stamper, as_bytes("x"), other))),
            Code::time_stamp_invalid);
}

TEST_F(StampReply, MayBeARefusal) {
  const auto refused = read_time_stamp_reply(testkit::time_stamp_reply({}, 2), signature, Bytes{1});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::time_stamp_not_granted);
  EXPECT_NE(refused.error().found.find("said no"), std::string::npos);
  EXPECT_EQ(code(testkit::time_stamp_reply({}, 0)), Code::time_stamp_malformed);
  EXPECT_EQ(code({}), Code::time_stamp_malformed);
  auto trailing = testkit::time_stamp_reply(token({1, 2, 3}));
  trailing.push_back(0);
  EXPECT_EQ(code(trailing), Code::time_stamp_malformed);
}

}  // namespace
}  // namespace sallyport
