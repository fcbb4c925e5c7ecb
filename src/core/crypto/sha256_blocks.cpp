// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/sha256_blocks.h"

#include "core/crypto/openssl.h"
#include "core/crypto/sha256_blocks_x86.h"

namespace sallyport {
namespace {

const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  openssl::must(method != nullptr ? 1 : 0, "EVP_MD_fetch");
  return method;
}

}  // namespace

struct BlockHasher::State {
  openssl::MdContext context{EVP_MD_CTX_new()};
};

BlockHasher::BlockHasher() : state_(std::make_unique<State>()) {
  openssl::must(state_->context != nullptr ? 1 : 0, "EVP_MD_CTX_new");
}
BlockHasher::~BlockHasher() = default;

void BlockHasher::digest(const std::uint8_t* blocks, std::size_t count, std::uint8_t* out) {
  if (has_sha_extensions()) return sha256_blocks_x86(blocks, count, out);
  for (std::size_t i = 0; i < count; ++i) {
    digest_one(blocks + i * block_size, block_size, out + i * digest_size);
  }
}

void BlockHasher::digest_one(const std::uint8_t* bytes, std::size_t size, std::uint8_t* out) {
  EVP_MD_CTX* const context = state_->context.get();
  unsigned int written = 0;
  openssl::must(EVP_DigestInit_ex(context, sha256_method(), nullptr), "EVP_DigestInit_ex");
  openssl::must(EVP_DigestUpdate(context, bytes, size), "EVP_DigestUpdate");
  openssl::must(EVP_DigestFinal_ex(context, out, &written), "EVP_DigestFinal_ex");
  CHECK(written == digest_size);
}

}  // namespace sallyport
