// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/digest.h"

#include <algorithm>

#include "core/crypto/openssl.h"

namespace sallyport {
namespace {

// Fetched once and kept for the life of the process: a fetch costs more than the digest of a small file.
const EVP_MD* method(Sha2 algorithm) {
  static const EVP_MD* const sha256_method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const sha384_method = EVP_MD_fetch(nullptr, "SHA384", nullptr);
  static const EVP_MD* const sha512_method = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  const EVP_MD* const chosen = algorithm == Sha2::sha256   ? sha256_method
                               : algorithm == Sha2::sha384 ? sha384_method
                                                           : sha512_method;
  openssl::must(chosen != nullptr ? 1 : 0, "EVP_MD_fetch");
  return chosen;
}

std::size_t size_of(Sha2 algorithm) {
  return algorithm == Sha2::sha256 ? 32 : algorithm == Sha2::sha384 ? 48 : 64;
}

}  // namespace

Sha256Digest sha256(BytesView bytes) {
  std::array<std::uint8_t, Sha256Digest::size> out{};
  unsigned int size = 0;
  const int answer = EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, method(Sha2::sha256), nullptr);
  openssl::must(answer, "EVP_Digest");
  CHECK(size == out.size());
  return Sha256Digest(out);
}

struct Hasher::State {
  openssl::MdContext context{EVP_MD_CTX_new()};
  Sha2 algorithm = Sha2::sha256;
};

Hasher::Hasher(Sha2 algorithm) : state_(std::make_unique<State>()) {
  openssl::must(state_->context != nullptr ? 1 : 0, "EVP_MD_CTX_new");
  state_->algorithm = algorithm;
  openssl::must(EVP_DigestInit_ex(state_->context.get(), method(algorithm), nullptr), "EVP_DigestInit_ex");
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(BytesView bytes) {
  CHECK(state_ != nullptr);
  openssl::must(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()), "EVP_DigestUpdate");
}

Bytes Hasher::finish() {
  CHECK(state_ != nullptr);
  Bytes out(size_of(state_->algorithm));
  unsigned int size = 0;
  openssl::must(EVP_DigestFinal_ex(state_->context.get(), out.data(), &size), "EVP_DigestFinal_ex");
  CHECK(size == out.size());
  state_.reset();
  return out;
}

Sha256Digest Hasher::finish_sha256() {
  CHECK(state_ != nullptr && state_->algorithm == Sha2::sha256);
  const Bytes bytes = finish();
  std::array<std::uint8_t, Sha256Digest::size> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return Sha256Digest(out);
}

}  // namespace sallyport
