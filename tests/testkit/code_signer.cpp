// SPDX-License-Identifier: Apache-2.0
#include "testkit/code_signer.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/base/result.h"

namespace sallyport::testkit {
namespace {

constexpr std::int64_t year_seconds = 365 * 86400;
constexpr std::int64_t not_before = 1795298400 - year_seconds;  // test_time() less a year
constexpr std::int64_t not_after = not_before + 11 * year_seconds;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

template <class Write>
std::string written(const Write& write) {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  CHECK(write(bio.get()) == 1);
  return text_of(bio.get());
}

const EVP_MD* digest_for(EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "EC") == 1 ? EVP_sha256() : nullptr;
}

Key new_key(const char* algorithm) {
  Key key(algorithm == nullptr ? EVP_EC_gen("P-256") : EVP_PKEY_Q_keygen(nullptr, nullptr, algorithm),
          &EVP_PKEY_free);
  CHECK(key != nullptr);
  return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value), &X509_EXTENSION_free);
  CHECK(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate blank(const std::string& name, EVP_PKEY* key, long serial) {
  Certificate made(X509_new(), &X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), not_before);
  ASN1_TIME_set(X509_getm_notAfter(made.get()), not_after);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.data()),
                             static_cast<int>(name.size()), -1, 0);
  X509_set_pubkey(made.get(), key);
  return made;
}

Certificate make_ca(const std::string& name, EVP_PKEY* key) {
  Certificate made = blank(name, key, 1);
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(made.get(), made.get(), NID_subject_key_identifier, "hash");
  CHECK(X509_sign(made.get(), key, digest_for(key)) > 0);
  return made;
}

Certificate make_leaf(const std::string& name, EVP_PKEY* key, X509* ca, EVP_PKEY* ca_key) {
  Certificate made = blank(name, key, 2);
  X509_set_issuer_name(made.get(), X509_get_subject_name(ca));
  add_extension(made.get(), ca, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made.get(), ca, NID_key_usage, "critical,digitalSignature");
  add_extension(made.get(), ca, NID_ext_key_usage, "codeSigning");
  add_extension(made.get(), ca, NID_subject_key_identifier, "hash");
  add_extension(made.get(), ca, NID_authority_key_identifier, "keyid");
  CHECK(X509_sign(made.get(), ca_key, digest_for(ca_key)) > 0);
  return made;
}

}  // namespace

struct CodeSigner::State {
  explicit State(const std::string& vendor, const char* algorithm = nullptr)
      : ca_key(new_key(algorithm)),
        key(new_key(algorithm)),
        ca(make_ca(vendor + " root", ca_key.get())),
        leaf(make_leaf(vendor + " code signing", key.get(), ca.get(), ca_key.get())) {}
  State(const std::string& vendor, const State& issuer)
      : ca_key(nullptr, &EVP_PKEY_free),
        key(new_key(nullptr)),
        ca(X509_dup(issuer.ca.get()), &X509_free),
        leaf(make_leaf(vendor + " code signing", key.get(), ca.get(), issuer.ca_key.get())) {}
  Key ca_key;
  Key key;
  Certificate ca;
  Certificate leaf;
};

CodeSigner::CodeSigner(const std::string& vendor) : state_(std::make_shared<State>(vendor)) {}

CodeSigner::CodeSigner(const std::string& vendor, const char* algorithm)
    : state_(std::make_shared<State>(vendor, algorithm)) {}
CodeSigner::CodeSigner(const std::string& vendor, const CodeSigner& issuer)
    : state_(std::make_shared<State>(vendor, *issuer.state_)) {}

std::string CodeSigner::anchor_pem() const {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, state_->ca.get()); });
}

std::string CodeSigner::certificate_pem() const {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, state_->leaf.get()); });
}

std::string CodeSigner::private_pem() const {
  return written([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, state_->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Bytes CodeSigner::revocation_list(long number, Lists lists) const {
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(X509_CRL_new(), &X509_CRL_free);
  const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> serial(ASN1_INTEGER_new(),
                                                                           &ASN1_INTEGER_free);
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> time(ASN1_TIME_new(), &ASN1_TIME_free);
  const std::int64_t issued = not_before + year_seconds - 3600;
  CHECK(X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1);
  CHECK(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(state_->ca.get())) == 1);
  CHECK(X509_CRL_set1_lastUpdate(crl.get(), ASN1_TIME_set(time.get(), issued)) == 1);
  CHECK(X509_CRL_set1_nextUpdate(crl.get(), ASN1_TIME_set(time.get(), issued + 10 * year_seconds)) == 1);
  CHECK(ASN1_INTEGER_set(serial.get(), number) == 1);
  CHECK(X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, serial.get(), 0, 0) == 1);
  if (lists == Lists::the_leaf) {
    X509_REVOKED* const entry = X509_REVOKED_new();
    CHECK(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(state_->leaf.get())) == 1);
    CHECK(X509_REVOKED_set_revocationDate(entry, ASN1_TIME_set(time.get(), issued - 86400)) == 1);
    const std::unique_ptr<ASN1_ENUMERATED, decltype(&ASN1_ENUMERATED_free)> reason(ASN1_ENUMERATED_new(),
                                                                                   &ASN1_ENUMERATED_free);
    CHECK(ASN1_ENUMERATED_set(reason.get(), 1) == 1);
    CHECK(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0) == 1);
    CHECK(X509_CRL_add0_revoked(crl.get(), entry) == 1);
  }
  CHECK(X509_CRL_sign(crl.get(), state_->ca_key.get(), EVP_sha256()) > 0);
  unsigned char* der = nullptr;
  const int size = i2d_X509_CRL(crl.get(), &der);
  CHECK(size > 0);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Bytes sign_cms(BytesView content, const std::vector<const CodeSigner*>& signers) {
  constexpr unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
  const Bio in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())), &BIO_free_all);
  const std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)> cms(
      CMS_sign(nullptr, nullptr, nullptr, nullptr, flags), &CMS_ContentInfo_free);
  CHECK(cms != nullptr);
  for (const auto* signer : signers) {
    const auto& state = *signer->state_;
    const auto* digest = digest_for(state.key.get()) == nullptr ? EVP_sha512() : EVP_sha256();
    CHECK(CMS_add1_signer(cms.get(), state.leaf.get(), state.key.get(), digest, flags) != nullptr);
  }
  CHECK(CMS_final(cms.get(), in.get(), nullptr, flags) == 1);
  const std::string der = written([&](BIO* bio) { return i2d_CMS_bio(bio, cms.get()); });
  return copy(as_bytes(der));
}

const CodeSigner& acme() {
  static const CodeSigner signer("Acme");
  return signer;
}

const CodeSigner& stranger() {
  static const CodeSigner signer("Stranger");
  return signer;
}

}  // namespace sallyport::testkit
