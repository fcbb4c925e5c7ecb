// SPDX-License-Identifier: Apache-2.0
// What holds where the library has ML-DSA, and what is said where it has not: each test states both.
#include "core/crypto/ml_dsa.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/signer/file.h"
#include "adapters/signer/memory.h"
#include "core/crypto/key.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

bool available() {
  return testkit::library_has_ml_dsa();
}

const Bytes message{'a', ' ', 'm', 'e', 's', 's', 'a', 'g', 'e'};

// Any bytes behind the prefix are a key.
PublicKey some_key(const MlDsa& algorithm, std::uint8_t filling = 7) {
  Bytes spki = parse_hex(algorithm.prefix, 64).value();
  spki.resize(algorithm.spki_size, filling);
  return PublicKey::from_spki(spki).value();
}

TEST(MlDsa, KeysAreToldApartByAnyLibrary) {
  constexpr std::array<KeyFamily, 3> families{KeyFamily::ml_dsa_44, KeyFamily::ml_dsa_65,
                                              KeyFamily::ml_dsa_87};
  for (std::size_t i = 0; i < ml_dsa.size(); ++i) {
    const auto key = some_key(ml_dsa.at(i));
    EXPECT_EQ(key.family(), families.at(i));
    EXPECT_EQ(key.algorithm(), ml_dsa.at(i).name);
    EXPECT_EQ(key.kind(), SignatureKind::post_quantum);
    EXPECT_EQ(PublicKey::from_pem(key.pem()).value().id(), key.id());
    EXPECT_NE(some_key(ml_dsa.at(i), 8).id(), key.id());
  }
  EXPECT_EQ(testkit::TestKey("alice-1").public_key().kind(), SignatureKind::classical);
}

TEST(MlDsa, AKeyHasOneSpelling) {
  for (const auto& algorithm : ml_dsa) {
    const Bytes good = copy(some_key(algorithm).spki());
    for (const std::size_t size : {good.size() - 1, good.size() + 1}) {
      Bytes other = good;
      other.resize(size);
      EXPECT_EQ(PublicKey::from_spki(other).error().code, Code::signature_algorithm_refused) << size;
    }
    for (std::size_t i = 0; i < algorithm.prefix.size() / 2; ++i) {
      Bytes other = good;
      other[i] ^= 0x40U;
      EXPECT_EQ(PublicKey::from_spki(other).error().code, Code::signature_algorithm_refused) << i;
    }
  }
}

TEST(MlDsa, SignsAndVerifiesWhereTheLibraryHasIt) {
  for (const auto kind : {KeyKind::ml_dsa_44, KeyKind::ml_dsa_65, KeyKind::ml_dsa_87}) {
    const auto made = memory_signer(kind);
    ASSERT_EQ(made.ok(), available());
    if (!available()) {
      EXPECT_EQ(made.error().code, Code::algorithm_unavailable);
      continue;
    }
    const auto& signer = made.value();
    const auto key = signer->public_key();
    const auto signature = signer->sign(message).value();
    const auto judged = [&](BytesView text, BytesView value) {
      const auto verified = key.verify(text, value, Code::order_signature_invalid);
      return verified.ok() ? "fits" : std::string(name(verified.error().code));
    };
    EXPECT_EQ(judged(message, signature), "fits");
    EXPECT_EQ(judged({}, signature), "order-signature-invalid");
    for (const std::size_t at : {std::size_t{0}, signature.size() / 2, signature.size() - 1}) {
      Bytes flipped = signature;
      flipped[at] ^= 1U;
      EXPECT_EQ(judged(message, flipped), "order-signature-invalid") << at;
    }
    Bytes longer = signature;
    longer.push_back(0);
    EXPECT_EQ(judged(message, longer), "order-signature-invalid");
    EXPECT_EQ(judged(message, BytesView(signature).first(100)), "order-signature-invalid");
  }
}

// Of the right length, so that only the library could tell.
TEST(MlDsa, WithoutTheLibraryNothingIsFoundOut) {
  for (const auto& algorithm : ml_dsa) {
    const auto verified =
        some_key(algorithm).verify(message, Bytes(algorithm.signature_size), Code::order_signature_invalid);
    ASSERT_FALSE(verified.ok());
    EXPECT_EQ(verified.error().code,
              available() ? Code::order_signature_invalid : Code::algorithm_unavailable);
    EXPECT_EQ(check_available(algorithm).ok(), available());
  }
}

// RFC 9881, appendix C: the private key of the seed 00 01 … 1f, as a file, and how its public key begins.
TEST(MlDsa, ReadsThePublishedKey) {
  const std::string path = ::testing::TempDir() + "rfc9881.key";
  std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\n"
                         "MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ\n"
                         "GhscHR4f\n-----END PRIVATE KEY-----\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  const auto signer = file_signer(path);
  std::filesystem::remove(path);
  if (!available()) {
    EXPECT_EQ(signer.error().code, Code::algorithm_unavailable);
    return;
  }
  ASSERT_TRUE(signer.ok()) << signer.error().where;
  const auto spki = copy(signer.value()->public_key().spki());
  EXPECT_EQ(hex(BytesView(spki).subspan(22, 32)),
            "d7b2b47254aae0db45e7930d4a98d2c97d8f1397d1789dafa17024b316e9bec9");
}

}  // namespace
}  // namespace sallyport
