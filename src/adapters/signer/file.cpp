// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "adapters/signer/evp_signer.h"
#include "adapters/signer/secret.h"
#include "core/crypto/ml_dsa.h"
#include "core/crypto/pem.h"

namespace sallyport {
namespace {

constexpr std::size_t key_size_max = 16384;

// So that a key which the library does not know is not taken for one that is damaged.
Result<void> check_algorithm(const PKCS8_PRIV_KEY_INFO* info) {
  const ASN1_OBJECT* object = nullptr;
  if (PKCS8_pkey_get0(&object, nullptr, nullptr, nullptr, info) != 1) return {};
  const auto* const found = ml_dsa_of_oid(hex(BytesView(OBJ_get0_data(object), OBJ_length(object))));
  return found == nullptr ? Result<void>() : check_available(*found);
}

Result<openssl::Key> decode(const Secret& secret, const std::string& path) {
  const Error unusable(Code::key_unusable, path, "one unencrypted PKCS#8 key in PEM (PRIVATE KEY)",
                       "something else");
  auto der = parse_pem(secret.text(), "PRIVATE KEY", key_size_max, Code::key_unusable);
  if (!der.ok()) return unusable;
  Bytes& bytes = der.value();
  const unsigned char* at = bytes.data();
  const openssl::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(bytes.size())));
  const bool exact = at == bytes.data() + bytes.size();
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (info == nullptr || !exact) return unusable;
  TRY(check_algorithm(info.get()));
  openssl::Key key(EVP_PKCS82PKEY(info.get()));
  if (key == nullptr) return unusable;
  return key;
}

// A public key in the place of a private one is told as such, and not as a secret that many can read.
bool is_public_key(const std::string& path) {
  constexpr std::string_view mark = "-----BEGIN PUBLIC KEY-----";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0) return false;
  std::array<char, mark.size()> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);  // of a pipe nothing is read
  ::close(file);
  return size == static_cast<ssize_t>(mark.size()) && std::string_view(text.data(), text.size()) == mark;
}

}  // namespace

Result<std::unique_ptr<Signer>> file_signer(const std::string& path) {
  const openssl::ErrorQueue queue;
  if (is_public_key(path))
    return Error(Code::key_unusable, path, "the file of a private key",
                 "a public key: give its file by name alone, without file:, where a public key is asked for");
  const auto secret = TRY(read_secret(path, key_size_max));
  return evp_signer(TRY(decode(secret, path)));
}

}  // namespace sallyport
