// SPDX-License-Identifier: Apache-2.0
// A private key that somebody or something holds: a file, a token, a test. The key itself is never handed
// out.
#pragma once

#include <vector>

#include "core/crypto/cms.h"
#include "core/crypto/key.h"

namespace sallyport {

// Every signature is verified with core/crypto before it is returned: a fault of the key or the token is an
// error here (key_unusable), never a signature that others refuse. Not thread-safe.
class Signer {
 public:
  virtual ~Signer() = default;

  virtual PublicKey public_key() const = 0;

  // A raw signature by the rules of core/crypto/key.h.
  virtual Result<Bytes> sign(BytesView message) = 0;

  // A detached CMS signature over the content as core/crypto/cms.h accepts it: DER, signed attributes,
  // SHA-256 (P-384: SHA-384, Ed25519 and ML-DSA: SHA-512). The first certificate of the chain is this key's own (else
  // key_unusable), the others are intermediates. There is no signingTime: nobody would believe it.
  virtual Result<Bytes> sign_cms(BytesView content, const std::vector<Certificate>& chain) = 0;
};

}  // namespace sallyport
