// SPDX-License-Identifier: Apache-2.0
// Public keys, and raw signatures over our own statements. Private keys live in adapters/signer.
//
// The algorithm follows from the key alone, nobody chooses it per signature:
//   Ed25519          pure Ed25519 (RFC 8032)
//   ECDSA P-256      SHA-256, DER r and s, s in the lower half (one signature has one encoding)
//   ECDSA P-384      SHA-384, likewise
//   RSA >= 3072      PSS, SHA-256, MGF1-SHA-256, salt of 32 bytes
//   ML-DSA           pure ML-DSA-44, -65 or -87 (FIPS 204), empty context
// Any other key is refused (signature_algorithm_refused).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/crypto/digest.h"
#include "core/crypto/signature_kind.h"

namespace sallyport {

// SHA-256 of the DER SubjectPublicKeyInfo: two names for one key are one key.
using KeyId = Digest<struct KeyIdTag>;

enum class KeyFamily : std::uint8_t { ed25519, ecdsa_p256, ecdsa_p384, rsa, ml_dsa_44, ml_dsa_65, ml_dsa_87 };

class PublicKey {
 public:
  // One PEM block "PUBLIC KEY" of canonical DER, nothing before or after it but line ends.
  static Result<PublicKey> from_pem(std::string_view pem);
  static Result<PublicKey> from_spki(BytesView der);

  const KeyId& id() const;
  KeyFamily family() const;
  SignatureKind kind() const;
  std::string algorithm() const;  // "Ed25519", "ECDSA P-256", "RSA 3072": for people
  std::string pem() const;
  BytesView spki() const;

  // Refuses with `mismatch` when the signature is well formed but does not fit, or is malformed. Fails with
  // algorithm_unavailable where the library does not have the key's algorithm: such a key can be read and named.
  Result<void> verify(BytesView message, BytesView signature, Code mismatch) const;

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace sallyport
