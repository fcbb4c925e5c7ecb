// SPDX-License-Identifier: Apache-2.0
// Raw signatures of others over a whole file, as `openssl dgst -sign` and `openssl pkeyutl -sign -rawin` make them.
// Our own statements have narrower rules (key.h). docs/spec/wrap.md.
//
//   ECDSA    DER, over SHA-256, SHA-384 or SHA-512
//   RSA      PKCS#1 v1.5, or PSS with MGF1 of the same digest and a salt of its length; over the same digests
//   Ed25519, ML-DSA    over the file itself, which is read into memory: whole_file_size_max
// The key says which of them; that the digest is not said changes nothing, since each of the three is believed.
#pragma once

#include "core/crypto/key.h"

namespace sallyport {

constexpr std::uint64_t whole_file_size_max = 64ULL << 20U;

// `mismatch` where the signature does not fit; input_refused for a file that is too large for the kind of key.
Result<void> verify_file_signature(const PublicKey& key, const ByteSource& file, BytesView signature,
                                   Code mismatch);

}  // namespace sallyport
