// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/algorithm.h"

#include "adapters/signer/der_writer.h"
#include "core/crypto/ml_dsa.h"

namespace sallyport {
namespace {

constexpr const char* oid_ed25519 = "2b6570";
constexpr const char* oid_ecdsa_sha256 = "2a8648ce3d040302";
constexpr const char* oid_ecdsa_sha384 = "2a8648ce3d040303";
constexpr const char* oid_rsassa_pss = "2a864886f70d01010a";
constexpr const char* oid_mgf1 = "2a864886f70d010108";
constexpr const char* oid_sha256 = "608648016503040201";
constexpr const char* oid_sha384 = "608648016503040202";
constexpr const char* oid_sha512 = "608648016503040203";

// RFC 4055: SHA-256 throughout, a salt of 32 bytes.
Bytes pss_parameters() {
  const Bytes sha256_null = der::sequence({der::oid(oid_sha256), der::null()});
  return der::sequence({der::context(0, sha256_null),
                        der::context(1, der::sequence({der::oid(oid_mgf1), sha256_null})),
                        der::context(2, der::number(32))});
}

}  // namespace

Bytes signature_algorithm(KeyFamily family) {
  switch (family) {
    case KeyFamily::ed25519:
      return der::sequence({der::oid(oid_ed25519)});
    case KeyFamily::ecdsa_p256:
      return der::sequence({der::oid(oid_ecdsa_sha256)});
    case KeyFamily::ecdsa_p384:
      return der::sequence({der::oid(oid_ecdsa_sha384)});
    case KeyFamily::rsa:
      return der::sequence({der::oid(oid_rsassa_pss), pss_parameters()});
    case KeyFamily::ml_dsa_44:
      return der::sequence({der::oid(ml_dsa[0].oid)});
    case KeyFamily::ml_dsa_65:
      return der::sequence({der::oid(ml_dsa[1].oid)});
    case KeyFamily::ml_dsa_87:
      return der::sequence({der::oid(ml_dsa[2].oid)});
  }
  abort_because("KeyFamily", __FILE__, __LINE__);
}

Sha2 content_digest(KeyFamily family) {
  switch (family) {
    case KeyFamily::ecdsa_p256:
    case KeyFamily::rsa:
      return Sha2::sha256;
    case KeyFamily::ecdsa_p384:
      return Sha2::sha384;
    case KeyFamily::ed25519:
    case KeyFamily::ml_dsa_44:
    case KeyFamily::ml_dsa_65:
    case KeyFamily::ml_dsa_87:
      return Sha2::sha512;
  }
  abort_because("KeyFamily", __FILE__, __LINE__);
}

Bytes digest_algorithm(Sha2 digest) {
  const char* const oid = digest == Sha2::sha256   ? oid_sha256
                          : digest == Sha2::sha384 ? oid_sha384
                                                   : oid_sha512;
  return der::sequence({der::oid(oid)});
}

}  // namespace sallyport
