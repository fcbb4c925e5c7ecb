// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key.h"

// The first byte is the size of the key, or 0 for PEM; what follows it is the signature.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  if (data[0] == 0) {
    const auto key = PublicKey::from_pem(as_text(rest));
    if (key.ok()) CHECK(PublicKey::from_pem(key.value().pem()).value().id() == key.value().id());
    return 0;
  }
  const std::size_t key_size = std::min<std::size_t>(data[0], rest.size());
  const auto key = PublicKey::from_spki(rest.first(key_size));
  if (key.ok())
    (void)key.value().verify(as_bytes("message"), rest.subspan(key_size), Code::order_signature_invalid);
  return 0;
}
