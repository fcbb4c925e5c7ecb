// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/ml_dsa.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "core/crypto/openssl.h"
#include "core/crypto/signature_kind.h"

namespace sallyport {

std::string_view name(SignatureKind kind) {
  return kind == SignatureKind::classical ? "classical" : "post-quantum";
}

const MlDsa* ml_dsa_of_oid(std::string_view oid) {
  const auto* const found =
      std::find_if(ml_dsa.begin(), ml_dsa.end(), [&](const MlDsa& one) { return one.oid == oid; });
  return found == ml_dsa.end() ? nullptr : found;
}

const MlDsa* ml_dsa_of_spki(BytesView spki) {
  const auto* const found = std::find_if(ml_dsa.begin(), ml_dsa.end(), [&](const MlDsa& one) {
    return spki.size() == one.spki_size && hex(spki.first(one.prefix.size() / 2)) == one.prefix;
  });
  return found == ml_dsa.end() ? nullptr : found;
}

SignatureKind kind_of_spki(BytesView spki) {
  return ml_dsa_of_spki(spki) == nullptr ? SignatureKind::classical : SignatureKind::post_quantum;
}

Result<void> check_available(const MlDsa& algorithm) {
  const openssl::ErrorQueue queue;
  const openssl::Owned<EVP_SIGNATURE, EVP_SIGNATURE_free> found(
      EVP_SIGNATURE_fetch(nullptr, std::string(algorithm.name).c_str(), nullptr));
  if (found != nullptr) return {};
  return Error(Code::algorithm_unavailable, "signature", "a library that has " + std::string(algorithm.name),
               OpenSSL_version(OPENSSL_VERSION));
}

}  // namespace sallyport
