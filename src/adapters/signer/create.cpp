// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/create.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "adapters/signer/algorithm.h"
#include "adapters/signer/der_writer.h"
#include "adapters/signer/generate.h"
#include "core/base/text.h"
#include "core/crypto/ml_dsa.h"
#include "core/crypto/pem.h"

namespace sallyport {
namespace {

constexpr std::size_t name_size_max = 64;  // ub-common-name of X.520
constexpr const char* oid_common_name = "550403";
constexpr const char* oid_organisation = "55040a";
constexpr const char* oid_extension_request = "2a864886f70d01090e";
constexpr const char* oid_key_usage = "551d0f";
constexpr const char* oid_extended_key_usage = "551d25";
constexpr const char* oid_code_signing = "2b06010505070303";

Error from_errno(const std::string& path, int number) {
  if (number == EEXIST)
    return Error(Code::file_exists, path, "a name that nothing has", "something of this name");
  if (number == ENOENT || number == ENOTDIR)
    return Error(Code::file_missing, path, "a folder to write it in", "none");
  if (number == EACCES || number == EPERM || number == EROFS) return Error(Code::permission_missing, path);
  if (number == ENOSPC || number == EDQUOT) return Error(Code::disk_full, path);
  return Error(Code::io_failed, path, "a key file that can be written",
               std::generic_category().message(number));
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

Result<void> write_secret(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return from_errno(path, errno);
  const bool written = write_all(fd, text) && ::fsync(fd) == 0;
  const int number = errno;
  const bool closed = ::close(fd) == 0;
  if (written && closed && sync_folder_of(path)) return {};
  ::unlink(path.c_str());
  return from_errno(path, written ? errno : number);
}

Result<void> check_name(std::string_view text, const char* what) {
  if (text.empty() || text.size() > name_size_max || !is_plain_text(text)) {
    return Error(Code::usage_error, what, "1 to 64 characters of plain text", printable(text.substr(0, 80)));
  }
  return {};
}

Bytes name_part(const char* oid, std::string_view text) {
  return der::set_of({der::sequence({der::oid(oid), der::utf8(text)})});
}

Bytes extension(const char* oid, const Bytes& content) {
  return der::sequence({der::oid(oid), der::value(0x01, Bytes{0xff}), der::octets(content)});  // critical
}

Bytes code_signing_extensions() {
  const Bytes digital_signature = der::value(0x03, Bytes{7, 0x80});
  return der::sequence({extension(oid_key_usage, digital_signature),
                        extension(oid_extended_key_usage, der::sequence({der::oid(oid_code_signing)}))});
}

Bytes requested_extensions() {
  return der::sequence({der::oid(oid_extension_request), der::set_of({code_signing_extensions()})});
}

// UTCTime until 2049, GeneralizedTime after it (RFC 5280 4.1.2.5).
Bytes time(Instant instant) {
  std::string digits;
  for (const char c : instant.print()) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  digits.push_back('Z');
  const bool short_year = digits < "2050";
  const std::string text = short_year ? digits.substr(2) : digits;
  return der::value(short_year ? 0x17 : 0x18, as_bytes(text));
}

// Positive, and different for different keys.
Bytes serial_of(const KeyId& key) {
  Bytes serial = copy(key.bytes().first(8));
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3fU) | 0x40U);
  return der::value(0x02, serial);
}

const MlDsa* ml_dsa_of(KeyKind kind) {
  constexpr std::array<KeyKind, ml_dsa.size()> kinds{KeyKind::ml_dsa_44, KeyKind::ml_dsa_65,
                                                     KeyKind::ml_dsa_87};
  const auto* const found = std::find(kinds.begin(), kinds.end(), kind);
  return found == kinds.end() ? nullptr : &ml_dsa.at(static_cast<std::size_t>(found - kinds.begin()));
}

Result<openssl::Key> generate_ml_dsa(const MlDsa& algorithm) {
  TRY(check_available(algorithm));
  const openssl::ErrorQueue queue;
  openssl::Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, std::string(algorithm.name).c_str()));
  if (key == nullptr) return Error(Code::internal_error, "key generation");
  return key;
}

}  // namespace

Result<openssl::Key> generate_key(KeyKind kind) {
  if (const auto* const post_quantum = ml_dsa_of(kind); post_quantum != nullptr)
    return generate_ml_dsa(*post_quantum);
  const openssl::ErrorQueue queue;
  EVP_PKEY* key = nullptr;
  switch (kind) {
    case KeyKind::ed25519:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
      break;
    case KeyKind::p256:
      key = EVP_EC_gen("P-256");
      break;
    case KeyKind::p384:
      key = EVP_EC_gen("P-384");
      break;
    case KeyKind::rsa3072:
      key = EVP_RSA_gen(3072U);
      break;
    case KeyKind::ml_dsa_44:
    case KeyKind::ml_dsa_65:
    case KeyKind::ml_dsa_87:
      break;
  }
  if (key == nullptr) return Error(Code::internal_error, "key generation");
  return openssl::Key(key);
}

Result<PublicKey> create_key_file(const std::string& path, KeyKind kind) {
  const auto key = TRY(generate_key(kind));
  const openssl::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(key.get()));
  if (info == nullptr) return Error(Code::internal_error, "PKCS#8");
  Bytes der = openssl::to_der(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
  std::string pem = print_pem(der, "PRIVATE KEY");
  OPENSSL_cleanse(der.data(), der.size());
  const auto written = write_secret(path, pem);
  OPENSSL_cleanse(pem.data(), pem.size());
  TRY(written);
  return PublicKey::from_spki(openssl::to_der(key.get(), i2d_PUBKEY));
}

Result<std::string> certification_request(Signer& signer, std::string_view common_name,
                                          std::string_view organisation) {
  TRY(check_name(common_name, "common name"));
  if (!organisation.empty()) TRY(check_name(organisation, "organisation"));
  const Bytes name = organisation.empty() ? der::sequence({name_part(oid_common_name, common_name)})
                                          : der::sequence({name_part(oid_organisation, organisation),
                                                           name_part(oid_common_name, common_name)});
  const auto key = signer.public_key();
  const Bytes request =
      der::sequence({der::number(0), name, copy(key.spki()), der::context(0, requested_extensions())});
  const auto signature = TRY(signer.sign(request));
  return print_pem(der::sequence({request, signature_algorithm(key.family()), der::bits(signature)}),
                   "CERTIFICATE REQUEST");
}

Result<Certificate> self_signed_certificate(Signer& signer, std::string_view common_name, Instant from,
                                            Instant until) {
  TRY(check_name(common_name, "common name"));
  const auto key = signer.public_key();
  const Bytes name = der::sequence({name_part(oid_common_name, common_name)});
  const Bytes algorithm = signature_algorithm(key.family());
  const Bytes content = der::sequence({der::context(0, der::number(2)), serial_of(key.id()), algorithm, name,
                                       der::sequence({time(from), time(until)}), name, copy(key.spki()),
                                       der::context(3, code_signing_extensions())});
  const auto signature = TRY(signer.sign(content));
  return Certificate::from_der(der::sequence({content, algorithm, der::bits(signature)}));
}

}  // namespace sallyport
