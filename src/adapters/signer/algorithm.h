// SPDX-License-Identifier: Apache-2.0
// What a key of each family signs with, as DER AlgorithmIdentifiers. It follows core/crypto/key.h.
#pragma once

#include "core/crypto/key.h"

namespace sallyport {

Bytes signature_algorithm(KeyFamily family);
// The digest of the content in CMS: SHA-256; P-384: SHA-384; Ed25519 (RFC 8419) and ML-DSA (RFC 9882): SHA-512.
Sha2 content_digest(KeyFamily family);
Bytes digest_algorithm(Sha2 digest);

}  // namespace sallyport
