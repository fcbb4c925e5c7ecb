// SPDX-License-Identifier: Apache-2.0
#include "testkit/pki.h"

#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <map>

#include "adapters/signer/evp_signer.h"
#include "adapters/signer/memory.h"

namespace sallyport::testkit {
namespace {

openssl::Key make_rsa(const char* type, unsigned int bits, unsigned int exponent) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  const openssl::Number number(BN_new());
  CHECK(BN_set_word(number.get(), exponent) == 1);
  CHECK(EVP_PKEY_keygen_init(context.get()) == 1);
  CHECK(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(bits)) == 1);
  CHECK(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), number.get()) == 1);
  EVP_PKEY* key = nullptr;
  CHECK(EVP_PKEY_generate(context.get(), &key) == 1);
  return openssl::Key(key);
}

openssl::Key make_new_key(KeyType kind) {
  switch (kind) {
    case KeyType::ed25519:
      return openssl::Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    case KeyType::p256:
      return openssl::Key(EVP_EC_gen("P-256"));
    case KeyType::p384:
      return openssl::Key(EVP_EC_gen("P-384"));
    case KeyType::p521:
      return openssl::Key(EVP_EC_gen("P-521"));
    case KeyType::rsa2048:
      return make_rsa("RSA", 2048, 65537);
    case KeyType::rsa3072:
      return make_rsa("RSA", 3072, 65537);
    case KeyType::rsa3072_e3:
      return make_rsa("RSA", 3072, 3);
    case KeyType::rsa_pss:
      return make_rsa("RSA-PSS", 3072, 65537);
  }
  return nullptr;
}

bool is_slow(KeyType kind) {
  return kind == KeyType::rsa2048 || kind == KeyType::rsa3072 || kind == KeyType::rsa3072_e3 ||
         kind == KeyType::rsa_pss;
}

std::shared_ptr<EVP_PKEY> share(openssl::Key key) {
  return {key.release(), EVP_PKEY_free};
}

void add_text(X509_NAME* name, const char* field, const std::string& text) {
  if (text.empty()) return;
  CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, as_bytes(text).data(),
                                   static_cast<int>(text.size()), -1, 0) == 1);
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  if (value.empty()) return;
  const openssl::Owned<CONF, NCONF_free> database(NCONF_new(nullptr));
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509V3_set_nconf(&context, database.get());
  const openssl::Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_nconf_nid(database.get(), &context, nid, value.c_str()));
  CHECK(extension != nullptr);
  CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

// `issuer` is null for a self-signed certificate.
Certificate issue_certificate(EVP_PKEY* subject_key, const CertificateOptions& options, EVP_PKEY* issuer_key,
                              const Certificate* issuer) {
  static int last_serial = 4096;
  const openssl::Certificate made(X509_new());
  X509* const x509 = made.get();
  CHECK(x509 != nullptr);
  CHECK(X509_set_version(x509, 2) == 1);
  CHECK(ASN1_INTEGER_set(X509_get_serialNumber(x509), options.serial != 0 ? options.serial : ++last_serial) ==
        1);
  CHECK(ASN1_TIME_set_string_X509(X509_getm_notBefore(x509), options.not_before.c_str()) == 1);
  CHECK(ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), options.not_after.c_str()) == 1);
  add_text(X509_get_subject_name(x509), "O", options.organisation);
  add_text(X509_get_subject_name(x509), "CN", options.common_name);
  CHECK(X509_set_pubkey(x509, subject_key) == 1);
  openssl::Certificate issuer_x509;
  if (issuer != nullptr) {
    const unsigned char* at = issuer->der().data();
    issuer_x509.reset(d2i_X509(nullptr, &at, static_cast<long>(issuer->der().size())));
  }
  X509* const issued_by = issuer == nullptr ? x509 : issuer_x509.get();
  CHECK(X509_set_issuer_name(x509, X509_get_subject_name(issued_by)) == 1);
  add_extension(x509, issued_by, NID_basic_constraints, options.basic_constraints);
  add_extension(x509, issued_by, NID_key_usage, options.key_usage);
  add_extension(x509, issued_by, NID_ext_key_usage, options.extended_key_usage);
  for (const auto& [nid, value] : options.extensions) add_extension(x509, issued_by, nid, value);
  const bool is_ed25519 = EVP_PKEY_get_base_id(issuer_key) == EVP_PKEY_ED25519;
  const EVP_MD* const digest = is_ed25519 ? nullptr : EVP_get_digestbyname(options.digest.c_str());
  CHECK(X509_sign(x509, issuer_key, digest) > 0);
  return Certificate::from_der(openssl::to_der(x509, i2d_X509)).value();
}

}  // namespace

Instant noon() {
  return Instant::parse("2026-06-15T12:00:00Z").value();
}

openssl::Key make_key(KeyType kind) {
  static std::map<KeyType, openssl::Key> slow_ones;
  if (!is_slow(kind)) {
    auto key = make_new_key(kind);
    CHECK(key != nullptr);
    return key;
  }
  auto& kept = slow_ones[kind];
  if (kept == nullptr) kept = make_new_key(kind);
  CHECK(kept != nullptr && EVP_PKEY_up_ref(kept.get()) == 1);
  return openssl::Key(kept.get());
}

CertificateOptions authority_options(std::string common_name) {
  CertificateOptions options;
  options.common_name = std::move(common_name);
  options.basic_constraints = "critical,CA:TRUE";
  options.key_usage = "critical,keyCertSign,cRLSign";
  options.extended_key_usage = "";
  return options;
}

Authority Authority::root(const std::string& common_name, KeyType kind) {
  return root(authority_options(common_name), kind);
}

Authority Authority::root(const CertificateOptions& options, KeyType kind) {
  auto key = share(make_key(kind));
  auto certificate = issue_certificate(key.get(), options, key.get(), nullptr);
  return {std::move(key), std::move(certificate)};
}

Authority Authority::intermediate(const CertificateOptions& options, KeyType kind) const {
  auto key = share(make_key(kind));
  auto certificate = issue(key.get(), options);
  return {std::move(key), std::move(certificate)};
}

Certificate Authority::issue(const PublicKey& key, const CertificateOptions& options) const {
  const unsigned char* at = key.spki().data();
  const openssl::Key decoded(d2i_PUBKEY(nullptr, &at, static_cast<long>(key.spki().size())));
  CHECK(decoded != nullptr);
  return issue(decoded.get(), options);
}

Certificate Authority::issue(EVP_PKEY* key, const CertificateOptions& options) const {
  return issue_certificate(key, options, key_.get(), &certificate_);
}

Certificate self_signed(EVP_PKEY* key, const CertificateOptions& options) {
  return issue_certificate(key, options, key, nullptr);
}

Identity make_identity(const Authority& authority, KeyType kind, const CertificateOptions& options) {
  auto key = share(make_key(kind));
  auto certificate = authority.issue(key.get(), options);
  return {std::move(key), std::move(certificate)};
}

Vendor make_vendor(const std::string& name) {
  auto authority = Authority::root(name + " CA");
  std::shared_ptr<Signer> signer = memory_signer(KeyKind::p256).value();
  CertificateOptions options;
  options.organisation = name;
  auto certificate = authority.issue(signer->public_key(), options);
  return {std::move(authority), std::move(certificate), std::move(signer)};
}

std::shared_ptr<Signer> make_signer() {
  return memory_signer(KeyKind::ed25519).value();
}

}  // namespace sallyport::testkit
