// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/sha1.h"

#include <array>

#include "core/crypto/openssl.h"

namespace sallyport {

std::string sha1_fingerprint(BytesView bytes) {
  // Where the library takes no SHA-1 for security, this is none.
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA1", "-fips");
  openssl::must(method != nullptr ? 1 : 0, "EVP_MD_fetch");
  std::array<std::uint8_t, 20> out{};
  unsigned int size = 0;
  openssl::must(EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, method, nullptr), "EVP_Digest");
  CHECK(size == out.size());
  return hex(out);
}

}  // namespace sallyport
