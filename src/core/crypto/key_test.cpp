// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

// RFC 8032, section 7.1, TEST 2.
constexpr std::string_view rfc8032_spki =
    "302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr std::string_view rfc8032_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(PublicKey, VerifiesAPublishedVector) {
  const auto key = PublicKey::from_spki(parse_hex(rfc8032_spki, 64).value()).value();
  const Bytes message{0x72};
  Bytes signature = parse_hex(rfc8032_signature, 64).value();
  EXPECT_TRUE(key.verify(message, signature, Code::order_signature_invalid).ok());
  EXPECT_EQ(key.algorithm(), "Ed25519");
  EXPECT_EQ(key.id().text(), sha256(key.spki()).text());
  signature[3] ^= 1U;
  EXPECT_EQ(key.verify(message, signature, Code::order_signature_invalid).error().code,
            Code::order_signature_invalid);
}

TEST(PublicKey, PemHasOneSpelling) {
  const auto key = PublicKey::from_spki(parse_hex(rfc8032_spki, 64).value()).value();
  const std::string pem = key.pem();
  EXPECT_EQ(PublicKey::from_pem(pem).value().id(), key.id());
  EXPECT_TRUE(PublicKey::from_pem("\n" + pem + "\r\n").ok());
  for (const std::string& text :
       std::vector<std::string>{"x" + pem, pem + "x", pem + pem, pem.substr(1), std::string(),
                                "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", " " + pem}) {
    EXPECT_EQ(PublicKey::from_pem(text).error().code, Code::signature_algorithm_refused) << text;
  }
}

TEST(PublicKey, RefusesPointsOfSmallOrder) {
  for (const auto* point : {"0100000000000000000000000000000000000000000000000000000000000000",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"}) {
    const auto spki = parse_hex(std::string("302a300506032b6570032100") + point, 64).value();
    EXPECT_EQ(PublicKey::from_spki(spki).error().code, Code::signature_algorithm_refused) << point;
  }
}

}  // namespace
}  // namespace sallyport
