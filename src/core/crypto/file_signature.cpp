// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/file_signature.h"

#include <openssl/rsa.h>

#include <algorithm>
#include <array>

#include "core/crypto/openssl.h"

namespace sallyport {
namespace {

constexpr std::uint64_t part_size = 1U << 20U;
constexpr std::array<Sha2, 3> digests{Sha2::sha256, Sha2::sha384, Sha2::sha512};

const EVP_MD* digest_of(Sha2 digest) {
  return digest == Sha2::sha256 ? EVP_sha256() : digest == Sha2::sha384 ? EVP_sha384() : EVP_sha512();
}

Result<std::array<Bytes, digests.size()>> digest_file(const ByteSource& file) {
  std::array<Hasher, digests.size()> hashers{Hasher(digests[0]), Hasher(digests[1]), Hasher(digests[2])};
  for (std::uint64_t done = 0; done < file.size();) {
    const auto size = std::min(part_size, file.size() - done);
    const auto part = TRY(file.read(done, size, part_size));
    for (auto& hasher : hashers) hasher.update(part);
    done += size;
  }
  return std::array<Bytes, digests.size()>{hashers[0].finish(), hashers[1].finish(), hashers[2].finish()};
}

openssl::Key key_of(const PublicKey& key) {
  const auto* at = key.spki().data();
  return openssl::Key(d2i_PUBKEY(nullptr, &at, static_cast<long>(key.spki().size())));
}

// Padding: of RSA; 0 for none.
bool fits(EVP_PKEY* key, Sha2 algorithm, int padding, BytesView digest, BytesView signature) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr || EVP_PKEY_verify_init(context.get()) != 1) return false;
  if (padding != 0 && EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1) return false;
  if (EVP_PKEY_CTX_set_signature_md(context.get(), digest_of(algorithm)) != 1) return false;
  if (padding == RSA_PKCS1_PSS_PADDING &&
      EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST) != 1)
    return false;
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) ==
         1;
}

bool fits_any(const PublicKey& key, const std::array<Bytes, digests.size()>& of_file, BytesView signature) {
  const openssl::ErrorQueue queue;
  const auto opened = key_of(key);
  CHECK(opened != nullptr);
  const bool rsa = key.family() == KeyFamily::rsa;
  for (std::size_t i = 0; i < digests.size(); ++i) {
    if (!rsa && fits(opened.get(), digests.at(i), 0, of_file.at(i), signature)) return true;
    if (rsa && (fits(opened.get(), digests.at(i), RSA_PKCS1_PADDING, of_file.at(i), signature) ||
                fits(opened.get(), digests.at(i), RSA_PKCS1_PSS_PADDING, of_file.at(i), signature)))
      return true;
  }
  return false;
}

}  // namespace

Result<void> verify_file_signature(const PublicKey& key, const ByteSource& file, BytesView signature,
                                   Code mismatch) {
  const auto family = key.family();
  if (family == KeyFamily::rsa || family == KeyFamily::ecdsa_p256 || family == KeyFamily::ecdsa_p384) {
    const auto of_file = TRY(digest_file(file));
    if (fits_any(key, of_file, signature)) return {};
    return Error(mismatch, "signature", "one by " + key.algorithm() + " over the file", "another one");
  }
  if (file.size() > whole_file_size_max)
    return Error(Code::input_refused, "signature",
                 "a file of at most 64 MiB, which " + key.algorithm() + " takes in one piece",
                 std::to_string(file.size()) + " bytes");
  const auto whole = TRY(file.read(0, file.size(), whole_file_size_max));
  return key.verify(whole, signature, mismatch);
}

}  // namespace sallyport
