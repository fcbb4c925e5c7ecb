// SPDX-License-Identifier: Apache-2.0
// Which algorithms and keys X.509 structures may be signed with: manifests (CMS), time stamps, revocation lists, OCSP.
#pragma once

#include "core/crypto/certificate.h"
#include "core/crypto/openssl.h"

namespace sallyport {

enum class SignatureMethod : std::uint8_t {
  rsa_pkcs1,
  rsa_pss,
  ecdsa,
  ed25519,
  ml_dsa_44,
  ml_dsa_65,
  ml_dsa_87
};

// The structure says no more than what was signed by the key itself: no digest that the method takes part in.
bool is_plain(SignatureMethod method);

int nid_of(const X509_ALGOR* algorithm);
int nid_of(Sha2 digest);

// The method, if it goes with this digest (Ed25519, ML-DSA: SHA-512); signature_algorithm_refused.
Result<SignatureMethod> check_algorithm(const X509_ALGOR* algorithm, Sha2 digest);

// The key has the type that the method needs, and is strong enough; signature_algorithm_refused. The library has the
// method; algorithm_unavailable.
Result<void> check_key(X509* certificate, SignatureMethod method);

// The same for a structure that names its digest in the algorithm alone.
Result<void> check_algorithm_and_key(const X509_ALGOR* algorithm, X509* certificate);

}  // namespace sallyport
