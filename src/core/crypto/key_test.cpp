// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key.h"

#include <gtest/gtest.h>

#include "adapters/signer/der_writer.h"
#include "testkit/forge.h"

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

using testkit::KeyType;

struct Pair {
  openssl::Key secret;
  PublicKey key;
};

Pair make_pair(KeyType kind) {
  auto secret = testkit::make_key(kind);
  auto key = PublicKey::from_spki(openssl::to_der(secret.get(), i2d_PUBKEY)).value();
  return {std::move(secret), std::move(key)};
}

Code answer(const PublicKey& key, BytesView signature) {
  const auto verified = key.verify(as_bytes("an order"), signature, Code::order_signature_invalid);
  return verified.ok() ? Code::usage_error : verified.error().code;
}

constexpr Code genuine = Code::usage_error;  // no check returns it
constexpr Code refused = Code::order_signature_invalid;

TEST(KeyAttack, D08_RsaIsPssWithOneSetOfParameters) {
  const auto pair = make_pair(KeyType::rsa3072);
  const auto sign = [&](const testkit::SignFunction& with) {
    return with(pair.secret.get(), as_bytes("an order"));
  };
  EXPECT_EQ(answer(pair.key, sign(testkit::pss(Sha2::sha256, Sha2::sha256, 32))), genuine);
  EXPECT_EQ(answer(pair.key, sign(testkit::pss(Sha2::sha256, Sha2::sha256, 20))), refused);
  EXPECT_EQ(answer(pair.key, sign(testkit::pss(Sha2::sha256, Sha2::sha512, 32))), refused);
  EXPECT_EQ(answer(pair.key, sign(testkit::pss(Sha2::sha512, Sha2::sha512, 32))), refused);
  EXPECT_EQ(answer(pair.key, sign(testkit::plain(Sha2::sha256))), refused);
  Bytes longer = sign(testkit::pss(Sha2::sha256, Sha2::sha256, 32));
  longer.insert(longer.begin(), 0);
  EXPECT_EQ(answer(pair.key, longer), refused);
}

TEST(KeyAttack, D10_EcdsaHasOneSpelling) {
  const auto pair = make_pair(KeyType::p256);
  int accepted = 0;
  for (int i = 0; i < 32; ++i) {  // half of them are low by chance
    if (answer(pair.key, testkit::plain(Sha2::sha256)(pair.secret.get(), as_bytes("an order"))) == genuine)
      ++accepted;
    EXPECT_EQ(answer(pair.key, testkit::high_s()(pair.secret.get(), as_bytes("an order"))), refused);
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 32);
  const Bytes one = der::number(1);
  const Bytes order = der::value(
      2, parse_hex("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 64).value());
  for (const auto& bad :
       {Bytes{}, Bytes(64, 1), Bytes(500, 1), der::sequence({der::number(0), one}),
        der::sequence({one, der::number(0)}), der::sequence({order, one}), der::sequence({one, order}),
        der::sequence({der::value(2, Bytes{0x81}), one}), der::sequence({one, one, one})}) {
    EXPECT_EQ(answer(pair.key, bad), refused) << hex(bad);
  }
}

TEST(KeyAttack, D10_Ed25519HasOneSpelling) {
  const auto pair = make_pair(KeyType::ed25519);
  Bytes signature = testkit::plain_ed25519()(pair.secret.get(), as_bytes("an order"));
  EXPECT_EQ(answer(pair.key, signature), genuine);
  EXPECT_EQ(answer(pair.key, BytesView(signature).first(63)), refused);
  Bytes longer = signature;
  longer.push_back(0);
  EXPECT_EQ(answer(pair.key, longer), refused);
  // The same signature with the order of the group added to its second half.
  const Bytes order =
      parse_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", 32).value();
  unsigned int carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += signature[32 + i] + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry & 0xffU);
    carry >>= 8U;
  }
  EXPECT_EQ(answer(pair.key, signature), refused);
}

TEST(KeyAttack, D12_SignatureOfAnotherKind) {
  const auto message = as_bytes("an order");
  const auto curve = make_pair(KeyType::p384);
  const auto edwards = make_pair(KeyType::ed25519);
  EXPECT_EQ(answer(curve.key, testkit::plain_ed25519()(edwards.secret.get(), message)), refused);
  EXPECT_EQ(answer(edwards.key, testkit::plain(Sha2::sha384)(curve.secret.get(), message)), refused);
  EXPECT_EQ(answer(curve.key, testkit::plain(Sha2::sha512)(curve.secret.get(), message)), refused);
}

TEST(KeyAttack, D12_KeysThatAreNotAccepted) {
  for (const auto kind : {KeyType::p521, KeyType::rsa2048, KeyType::rsa3072_e3, KeyType::rsa_pss}) {
    const auto spki = openssl::to_der(testkit::make_key(kind).get(), i2d_PUBKEY);
    EXPECT_EQ(PublicKey::from_spki(spki).error().code, Code::signature_algorithm_refused)
        << static_cast<int>(kind);
  }
}

TEST(KeyAttack, D15_OneKeyHasOneEncoding) {
  const auto secret = testkit::make_key(KeyType::p256);
  const Bytes plain = openssl::to_der(secret.get(), i2d_PUBKEY);
  EXPECT_TRUE(PublicKey::from_spki(plain).ok());
  ASSERT_EQ(EVP_PKEY_set_utf8_string_param(secret.get(), "point-format", "compressed"), 1);
  const Bytes compressed = openssl::to_der(secret.get(), i2d_PUBKEY);
  ASSERT_NE(compressed, plain);
  EXPECT_EQ(PublicKey::from_spki(compressed).error().code, Code::signature_algorithm_refused);
  Bytes off_curve = plain;
  off_curve.back() ^= 1U;
  EXPECT_EQ(PublicKey::from_spki(off_curve).error().code, Code::signature_algorithm_refused);
  Bytes longer = plain;
  longer.push_back(0);
  EXPECT_EQ(PublicKey::from_spki(longer).error().code, Code::signature_algorithm_refused);
}

}  // namespace
}  // namespace sallyport
