// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/file_signature.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "core/crypto/openssl.h"
#include "testkit/pki.h"

namespace sallyport {
namespace {

using testkit::KeyType;

PublicKey public_key(EVP_PKEY* key) {
  return PublicKey::from_spki(openssl::to_der(key, i2d_PUBKEY)).value();
}

enum class Padding : std::uint8_t { none, pkcs1, pss, pss_salt_20 };

// As `openssl dgst -sign` and `openssl pkeyutl -sign -rawin` do it.
Bytes sign(EVP_PKEY* key, BytesView message, const EVP_MD* digest, Padding padding = Padding::none) {
  const openssl::MdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  CHECK(EVP_DigestSignInit(context.get(), &options, digest, nullptr, key) == 1);
  if (padding == Padding::pss || padding == Padding::pss_salt_20) {
    CHECK(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, padding == Padding::pss ? RSA_PSS_SALTLEN_DIGEST : 20) ==
          1);
  }
  std::size_t size = 0;
  CHECK(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1);
  Bytes signature(size);
  CHECK(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1);
  signature.resize(size);
  return signature;
}

Code answer(EVP_PKEY* key, BytesView message, BytesView signature) {
  const auto done = verify_file_signature(public_key(key), MemorySource(message), signature,
                                          Code::publisher_signature_invalid);
  return done.ok() ? Code::internal_error : done.error().code;
}
constexpr auto accepted = Code::internal_error;
constexpr auto refused = Code::publisher_signature_invalid;

const Bytes message = copy(as_bytes("what was published"));
const Bytes other = copy(as_bytes("what was not"));

TEST(FileSignature, EachKindOfKeyAndDigest) {
  for (const auto type : {KeyType::p256, KeyType::p384, KeyType::rsa3072}) {
    const auto key = testkit::make_key(type);
    for (const auto* digest : {EVP_sha256(), EVP_sha384(), EVP_sha512()}) {
      EXPECT_EQ(answer(key.get(), message, sign(key.get(), message, digest)), accepted);
      EXPECT_EQ(answer(key.get(), other, sign(key.get(), message, digest)), refused);
    }
    for (const auto* digest : {EVP_sha1(), EVP_sha224()})
      EXPECT_EQ(answer(key.get(), message, sign(key.get(), message, digest)), refused);
  }
  const auto key = testkit::make_key(KeyType::ed25519);
  EXPECT_EQ(answer(key.get(), message, sign(key.get(), message, nullptr)), accepted);
  EXPECT_EQ(answer(key.get(), other, sign(key.get(), message, nullptr)), refused);
}

TEST(FileSignature, SaltOfTheDigestsLengthAlone) {
  const auto key = testkit::make_key(KeyType::rsa3072);
  EXPECT_EQ(answer(key.get(), message, sign(key.get(), message, EVP_sha256(), Padding::pss)), accepted);
  EXPECT_EQ(answer(key.get(), message, sign(key.get(), message, EVP_sha256(), Padding::pss_salt_20)),
            refused);
}

TEST(FileSignature, AnotherKeyAndNoSignature) {
  for (const auto type : {KeyType::ed25519, KeyType::p256, KeyType::rsa3072}) {
    const auto key = testkit::make_key(type);
    EXPECT_EQ(answer(key.get(), message, {}), refused);
    EXPECT_EQ(answer(key.get(), message, Bytes(64, 0)), refused);
    EXPECT_EQ(answer(key.get(), message, Bytes(384, 0)), refused);
    const auto another = testkit::make_key(KeyType::p256);
    EXPECT_EQ(answer(key.get(), message, sign(another.get(), message, EVP_sha256())), refused);
  }
}

class Large final : public ByteSource {
 public:
  std::uint64_t size() const override { return whole_file_size_max + 1; }
  Result<void> read_at(std::uint64_t, std::span<std::uint8_t> into) const override {
    std::fill(into.begin(), into.end(), std::uint8_t{0});
    return {};
  }
};

TEST(FileSignature, WhatTakesTheFileInOnePieceIsBounded) {
  const auto key = testkit::make_key(KeyType::ed25519);
  EXPECT_EQ(verify_file_signature(public_key(key.get()), Large(), Bytes(64), refused).error().code,
            Code::input_refused);
}

}  // namespace
}  // namespace sallyport
