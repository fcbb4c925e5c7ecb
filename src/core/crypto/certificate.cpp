// SPDX-License-Identifier: Apache-2.0
#include <openssl/bio.h>

#include <algorithm>
#include <ctime>

#include "core/base/text.h"
#include "core/crypto/certificate.h"
#include "core/crypto/der.h"
#include "core/crypto/openssl.h"
#include "core/crypto/pem.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

constexpr std::size_t certificate_size_max = 16384;
constexpr std::size_t chain_count_max = 16;
constexpr auto malformed = Code::certificate_malformed;

Error not_a_certificate(const char* found) {
  return Error(malformed, "certificate", "an X.509 certificate in strict DER", found);
}

std::string print_serial(const X509* certificate) {
  const openssl::Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (number == nullptr) return "(unreadable)";
  Bytes bytes(static_cast<std::size_t>(std::max(BN_num_bytes(number.get()), 1)));
  CHECK(BN_bn2binpad(number.get(), bytes.data(), static_cast<int>(bytes.size())) >= 0);
  return (BN_is_negative(number.get()) != 0 ? "-" : "") + hex(bytes);
}

// Times before 1970 count as 1970: both are in the past.
Result<Instant> read_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
    return not_a_certificate("a time that cannot be read");
  return Instant::from_seconds(std::max<std::int64_t>(0, ::timegm(&parts)));
}

}  // namespace

struct Certificate::State {
  openssl::Certificate x509;
  Bytes der;
  KeyId key_id;
  Instant not_before;
  Instant not_after;
};

Result<Certificate> Certificate::from_der(BytesView der) {
  const openssl::ErrorQueue queue;
  if (der.size() > certificate_size_max) return not_a_certificate("more than 16 KiB");
  TRY(check_der(der, malformed));
  const unsigned char* at = der.data();
  openssl::Certificate x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (x509 == nullptr || at != der.data() + der.size() ||
      openssl::to_der(x509.get(), i2d_X509) != copy(der)) {
    return not_a_certificate("something else");
  }
  const Bytes spki = openssl::spki_of(x509.get());
  if (spki.empty()) return not_a_certificate("a key that cannot be read");
  std::array<std::uint8_t, KeyId::size> id{};
  std::copy_n(sha256(spki).bytes().begin(), id.size(), id.begin());
  const auto not_before = TRY(read_time(X509_get0_notBefore(x509.get())));
  const auto not_after = TRY(read_time(X509_get0_notAfter(x509.get())));
  return Certificate(
      std::make_shared<const State>(State{std::move(x509), copy(der), KeyId(id), not_before, not_after}));
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  return from_der(TRY(parse_pem(pem, "CERTIFICATE", certificate_size_max, malformed)));
}

Result<std::vector<Certificate>> Certificate::chain_from_pem(std::string_view pem) {
  std::vector<Certificate> chain;
  const auto blocks =
      TRY(parse_pem_blocks(pem, "CERTIFICATE", certificate_size_max, chain_count_max, malformed));
  for (const auto& der : blocks) chain.push_back(TRY(from_der(der)));
  return chain;
}

std::string Certificate::subject() const {
  return openssl::print_name(X509_get_subject_name(state_->x509.get()));
}
std::string Certificate::issuer() const {
  return openssl::print_name(X509_get_issuer_name(state_->x509.get()));
}
std::string Certificate::serial() const {
  return print_serial(state_->x509.get());
}
Instant Certificate::not_before() const {
  return state_->not_before;
}
Instant Certificate::not_after() const {
  return state_->not_after;
}
const KeyId& Certificate::key_id() const {
  return state_->key_id;
}
SignatureKind Certificate::key_kind() const {
  return kind_of_spki(openssl::spki_of(state_->x509.get()));
}
Sha256Digest Certificate::fingerprint() const {
  return sha256(state_->der);
}
BytesView Certificate::der() const {
  return state_->der;
}
std::string Certificate::pem() const {
  return print_pem(state_->der, "CERTIFICATE");
}

namespace openssl {

std::string print_name(const X509_NAME* name) {
  const openssl::Owned<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  CHECK(out != nullptr);
  // UTF-8 is kept as it is; printable() has the last word on what may be shown.
  constexpr unsigned long flags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (X509_NAME_print_ex(out.get(), name, 0, flags) < 0) return "(unprintable name)";
  const char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return printable(std::string_view(text, static_cast<std::size_t>(std::max(size, 0L))));
}

Certificate to_x509(const sallyport::Certificate& certificate) {
  const unsigned char* at = certificate.der().data();
  Certificate x509(d2i_X509(nullptr, &at, static_cast<long>(certificate.der().size())));
  CHECK(x509 != nullptr);  // it was read before, by from_der
  return x509;
}

Bytes spki_of(const X509* certificate) {
  return to_der(X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY);
}

}  // namespace openssl
}  // namespace sallyport
