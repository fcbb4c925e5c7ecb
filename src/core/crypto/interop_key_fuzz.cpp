// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/interop_key.h"

// The first byte chooses the spelling. Whatever key is read, nothing that was not signed fits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  const auto key = data[0] % 3 == 0   ? InteropKey::from_pem(as_text(rest))
                   : data[0] % 3 == 1 ? InteropKey::from_ed25519(rest)
                                      : InteropKey::from_point(rest);
  if (!key.ok()) return 0;
  for (const auto scheme : {SignatureScheme::ecdsa_p256_sha256, SignatureScheme::ecdsa_p384_sha384,
                            SignatureScheme::rsa_pss_sha256, SignatureScheme::rsa_pkcs1_sha256}) {
    CHECK(key.value().check(scheme, as_bytes("message"), rest) == Fit::does_not);
  }
  return 0;
}
