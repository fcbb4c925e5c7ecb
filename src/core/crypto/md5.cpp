// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/md5.h"

#include <array>
#include <span>

#include "core/crypto/openssl.h"

namespace sallyport {

struct Md5::State {
  openssl::MdContext context{EVP_MD_CTX_new()};
};

Md5::Md5() : state_(std::make_unique<State>()) {
  openssl::must(state_->context != nullptr ? 1 : 0, "EVP_MD_CTX_new");
  // Where the library takes no MD5 for security, this is none.
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "MD5", "-fips");
  openssl::must(method != nullptr ? 1 : 0, "EVP_MD_fetch");
  openssl::must(EVP_DigestInit_ex(state_->context.get(), method, nullptr), "EVP_DigestInit_ex");
}

Md5::~Md5() = default;

void Md5::update(BytesView bytes) {
  openssl::must(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()), "EVP_DigestUpdate");
}

std::string Md5::finish() {
  std::array<std::uint8_t, 16> out{};
  unsigned int size = 0;
  openssl::must(EVP_DigestFinal_ex(state_->context.get(), out.data(), &size), "EVP_DigestFinal_ex");
  CHECK(size == out.size());
  return hex(out);
}

}  // namespace sallyport
