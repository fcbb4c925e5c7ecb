// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/interop_key.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::TestKey;

TEST(InteropKey, EverySpellingOfAKeyIsOneKey) {
  const auto p256 = TestKey::random_p256();
  const auto key = p256.public_key();
  auto pem = key.pem();
  const auto from_pem = InteropKey::from_pem(pem).value();
  EXPECT_EQ(from_pem.id().text(), key.id().text());
  EXPECT_EQ(InteropKey::of(key).id(), from_pem.id());
  EXPECT_EQ(InteropKey::from_point(key.spki().last(65)).value().id(), from_pem.id());
  std::string windows;
  for (const char c : pem) windows += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(InteropKey::from_pem(windows).value().id(), from_pem.id());
  pem.pop_back();
  EXPECT_EQ(InteropKey::from_pem("\n" + pem).value().id(), from_pem.id());
  const auto edwards = TestKey("alice-1").public_key();
  EXPECT_EQ(InteropKey::from_ed25519(edwards.spki().last(32)).value().id().text(), edwards.id().text());
}

TEST(InteropKey, ChecksBySchemeAndBytes) {
  const TestKey key("alice-1");
  const auto interop = InteropKey::of(key.public_key());
  const auto signature = key.sign(as_bytes("message"));
  EXPECT_EQ(interop.check(SignatureScheme::ed25519, as_bytes("message"), signature), Fit::fits);
  EXPECT_EQ(interop.check(SignatureScheme::ed25519, as_bytes("massage"), signature), Fit::does_not);
  EXPECT_EQ(interop.check(SignatureScheme::ecdsa_p256_sha256, as_bytes("message"), signature), Fit::does_not);
  EXPECT_EQ(interop.check(SignatureScheme::ed25519, as_bytes("message"), {}), Fit::does_not);
}

// Others do not halve s; what we refuse for our own statements is valid for theirs.
TEST(InteropKey, AcceptsBothHalvesOfEcdsa) {
  const auto key = TestKey::random_p256();
  const auto interop = InteropKey::of(key.public_key());
  const auto signature = key.sign(as_bytes("message"));
  EXPECT_EQ(interop.check(SignatureScheme::ecdsa_p256_sha256, as_bytes("message"), signature), Fit::fits);
  EXPECT_EQ(
      interop.check(SignatureScheme::ecdsa_p256_sha256, as_bytes("message"), testkit::twin_of(signature)),
      Fit::fits);
}

TEST(InteropKey, RefusesWhatIsNoKey) {
  const Bytes zeros(65, 0);
  EXPECT_FALSE(InteropKey::from_point(zeros).ok());
  EXPECT_FALSE(InteropKey::from_ed25519(zeros).ok());
  for (const auto* pem :
       {"", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n"}) {
    EXPECT_EQ(InteropKey::from_pem(pem).error().code, Code::signature_algorithm_refused) << pem;
  }
  EXPECT_FALSE(InteropKey::from_pem(TestKey("alice-1").public_pem() + "more").ok());
  EXPECT_FALSE(InteropKey::from_pem(std::string(9000, 'a')).ok());
}

}  // namespace
}  // namespace sallyport
