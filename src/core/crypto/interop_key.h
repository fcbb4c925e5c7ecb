// SPDX-License-Identifier: Apache-2.0
// Public keys and signatures as other systems write them. Our own statements have one spelling for a key and one for a
// signature (key.h); formats that others write, TUF above all, have several. Whatever the spelling, a key has
// one identity here: two spellings of one key are the same key.
//
// Ed25519, ECDSA P-256 with SHA-256 and P-384 with SHA-384, RSA of 2048 to 8192 bits (exponent 65537 or more)
// with SHA-256 and PSS or PKCS #1 v1.5 padding. Any other key is refused (signature_algorithm_refused).
#pragma once

#include <memory>
#include <string_view>

#include "core/crypto/key.h"

namespace sallyport {

enum class SignatureScheme : std::uint8_t {
  ed25519,
  ecdsa_p256_sha256,
  ecdsa_p384_sha384,
  rsa_pss_sha256,
  rsa_pkcs1_sha256,
};

enum class Fit : std::uint8_t { fits, does_not };

class InteropKey {
 public:
  // A PEM block "PUBLIC KEY", or "RSA PUBLIC KEY" of PKCS #1; lines of any length.
  static Result<InteropKey> from_pem(std::string_view pem);
  static Result<InteropKey> from_ed25519(BytesView raw);  // 32 bytes
  static Result<InteropKey> from_point(BytesView sec1);   // uncompressed, of P-256 or P-384 by its size
  static InteropKey of(const PublicKey& key);

  const KeyId& id() const;  // of the canonical SubjectPublicKeyInfo, as PublicKey::id()
  KeyFamily family() const;

  // A scheme for another family of keys does not fit; neither does what is no signature at all.
  Fit check(SignatureScheme scheme, BytesView message, BytesView signature) const;

 private:
  struct State;
  explicit InteropKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static Result<InteropKey> from_der(BytesView spki);
  std::shared_ptr<const State> state_;
};

}  // namespace sallyport
