// SPDX-License-Identifier: Apache-2.0
#include "testkit/revocation.h"

#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "adapters/signer/der_writer.h"
#include "core/crypto/x509.h"

namespace sallyport::testkit {
namespace {

constexpr std::string_view oid_info = "2a864886f70d0109100104";
constexpr std::string_view oid_signing_certificate_v2 = "2a864886f70d010910022f";
constexpr std::uint8_t generalized_time = 0x18;

Bytes digest_bytes(BytesView of) {
  const auto digest = sha256(of);
  return {digest.bytes().begin(), digest.bytes().end()};
}

Bytes time_stamp_info(BytesView signature, const StampOptions& options) {
  const Bytes imprint = options.imprint.value_or(digest_bytes(signature));
  return der::sequence({der::number(options.info_version), der::oid("2a0304"),
                        der::sequence({options.imprint_algorithm, der::octets(imprint)}), der::number(7),
                        der::value(generalized_time, as_bytes(options.time)), options.accuracy,
                        options.nonce ? der::value(0x02, *options.nonce) : Bytes(), options.tail});
}

ASN1_TIME* time_of(const std::string& text) {
  ASN1_TIME* const time = ASN1_TIME_new();
  CHECK(ASN1_TIME_set_string_X509(time, text.c_str()) == 1);
  return time;
}

// OpenSSL has no text for the number of the list that a delta is of.
openssl::Owned<X509_EXTENSION, X509_EXTENSION_free> delta_of(long base, int is_critical) {
  const openssl::Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
  CHECK(ASN1_INTEGER_set(number.get(), base) == 1);
  return openssl::Owned<X509_EXTENSION, X509_EXTENSION_free>(
      X509V3_EXT_i2d(NID_delta_crl, is_critical, number.get()));
}

// NOLINTNEXTLINE(misc-no-recursion): once, by another name
openssl::Owned<X509_EXTENSION, X509_EXTENSION_free> extension_of(int nid, const std::string& value) {
  if (nid == NID_delta_crl) return delta_of(1, value.starts_with("critical") ? 1 : 0);
  if (nid == NID_certificate_issuer) {  // the same names, for which OpenSSL reads no text
    auto names = extension_of(NID_subject_alt_name, value);
    CHECK(X509_EXTENSION_set_object(names.get(), OBJ_nid2obj(nid)) == 1);
    return names;
  }
  const openssl::Owned<CONF, NCONF_free> database(NCONF_new(nullptr));
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, nullptr, 0);
  X509V3_set_nconf(&context, database.get());
  openssl::Owned<X509_EXTENSION, X509_EXTENSION_free> made(
      X509V3_EXT_nconf_nid(database.get(), &context, nid, value.c_str()));
  CHECK(made != nullptr);
  return made;
}

void add_entry(X509_CRL* crl, const ListedCertificate& listed,
               const std::vector<std::pair<int, std::string>>& extensions) {
  X509_REVOKED* const entry = X509_REVOKED_new();
  const auto x509 = openssl::to_x509(listed.certificate);
  auto* const serial = const_cast<ASN1_INTEGER*>(X509_get0_serialNumber(x509.get()));
  CHECK(X509_REVOKED_set_serialNumber(entry, serial) == 1);
  const openssl::Owned<ASN1_TIME, ASN1_TIME_free> at(time_of(listed.at));
  CHECK(X509_REVOKED_set_revocationDate(entry, at.get()) == 1);
  if (listed.reason >= 0) {
    const openssl::Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
    CHECK(ASN1_ENUMERATED_set(reason.get(), listed.reason) == 1);
    CHECK(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0) == 1);
  }
  for (const auto& [nid, value] : extensions)
    CHECK(X509_REVOKED_add_ext(entry, extension_of(nid, value).get(), -1) == 1);
  CHECK(X509_CRL_add0_revoked(crl, entry) == 1);
}

}  // namespace

CertificateOptions stamper_options(std::string common_name) {
  CertificateOptions options;
  options.common_name = std::move(common_name);
  options.extended_key_usage = "critical,timeStamping";
  return options;
}

Bytes signing_certificate_v2(const Certificate& certificate) {
  const Bytes hash = digest_bytes(certificate.der());
  return attribute(oid_signing_certificate_v2,
                   {der::sequence({der::sequence({der::sequence({der::octets(hash)})})})});
}

Bytes make_time_stamp(const Identity& authority, BytesView signature, StampOptions options) {
  const Bytes info = time_stamp_info(signature, options);
  ForgedSigner signer{authority,   digest_identifier(Sha2::sha256), options.algorithm, options.sign, {},
                      Sha2::sha256};
  const auto digest = message_digest_attribute(signer.content_digest, info);
  signer.attributes = options.attributes.value_or(std::vector<Bytes>{});
  if (!options.attributes)
    signer.attributes = {content_type_attribute(oid_info), digest,
                         signing_certificate_v2(authority.certificate)};
  ForgedCms cms;
  cms.signers = {signer};
  cms.embedded = info;
  cms.content_type = oid_info;
  cms.version = 3;
  cms.certificates = {copy(authority.certificate.der())};
  for (const auto& other : options.others) cms.certificates->push_back(copy(other.der()));
  return forge_cms(info, cms);
}

Bytes time_stamp_reply(const Bytes& token, std::uint8_t status) {
  const Bytes words = der::sequence({der::utf8("said no")});
  return der::sequence({der::sequence({der::number(status), status == 0 ? Bytes() : words}), token});
}

Bytes make_list(const Authority& authority, const ListOptions& options) {
  const openssl::Owned<X509_CRL, X509_CRL_free> crl(X509_CRL_new());
  const auto issuer = openssl::to_x509(authority.certificate());
  if (options.version != 0) CHECK(X509_CRL_set_version(crl.get(), options.version) == 1);
  CHECK(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.get())) == 1);
  const openssl::Owned<ASN1_TIME, ASN1_TIME_free> issued(time_of(options.issued));
  CHECK(X509_CRL_set1_lastUpdate(crl.get(), issued.get()) == 1);
  if (!options.next.empty()) {
    const openssl::Owned<ASN1_TIME, ASN1_TIME_free> next(time_of(options.next));
    CHECK(X509_CRL_set1_nextUpdate(crl.get(), next.get()) == 1);
  }
  for (const auto& entry : options.entries) add_entry(crl.get(), entry, options.entry_extensions);
  if (options.number) {
    const openssl::Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
    CHECK(ASN1_INTEGER_set_int64(number.get(), *options.number) == 1);
    CHECK(X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, number.get(), 0, 0) == 1);
  }
  for (const auto& [nid, value] : options.extensions)
    CHECK(X509_CRL_add_ext(crl.get(), extension_of(nid, value).get(), -1) == 1);
  const bool is_ed25519 = EVP_PKEY_get_base_id(authority.key()) == EVP_PKEY_ED25519;
  CHECK(X509_CRL_sign(crl.get(), authority.key(),
                      is_ed25519 ? nullptr : EVP_get_digestbyname(options.digest.c_str())) > 0);
  return openssl::to_der(crl.get(), i2d_X509_CRL);
}

std::string list_pem(const Bytes& der) {
  const openssl::Owned<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio(out.get(), "X509 CRL", "", der.data(), static_cast<long>(der.size())) > 0);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Bytes make_ocsp_response(const Certificate& certificate, const Authority& authority, EVP_PKEY* responder_key,
                         const Certificate& responder, const ResponseOptions& options) {
  const auto subject = openssl::to_x509(certificate);
  const auto issuer = openssl::to_x509(authority.certificate());
  const auto signer = openssl::to_x509(responder);
  const openssl::Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
  const openssl::Owned<OCSP_CERTID, OCSP_CERTID_free> id(
      OCSP_cert_to_id(EVP_sha256(), subject.get(), issuer.get()));
  const openssl::Owned<ASN1_TIME, ASN1_TIME_free> issued(time_of(options.issued));
  const openssl::Owned<ASN1_TIME, ASN1_TIME_free> next(options.next.empty() ? nullptr
                                                                            : time_of(options.next));
  openssl::Owned<ASN1_TIME, ASN1_TIME_free> revoked;
  int reason = OCSP_REVOKED_STATUS_NOSTATUS;
  if (options.revoked) {
    revoked.reset(time_of(options.revoked->at));
    reason = static_cast<int>(options.revoked->reason);
  }
  const auto generalized = [](ASN1_TIME* time) {
    return time == nullptr ? nullptr : ASN1_TIME_to_generalizedtime(time, nullptr);
  };
  const openssl::Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> issued_at(generalized(issued.get()));
  const openssl::Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> next_at(generalized(next.get()));
  const openssl::Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> revoked_at(
      generalized(revoked.get()));
  const int status = options.status == ResponseOptions::Status::good      ? V_OCSP_CERTSTATUS_GOOD
                     : options.status == ResponseOptions::Status::revoked ? V_OCSP_CERTSTATUS_REVOKED
                                                                          : V_OCSP_CERTSTATUS_UNKNOWN;
  CHECK(OCSP_basic_add1_status(basic.get(), id.get(), status, reason, revoked_at.get(), issued_at.get(),
                               next_at.get()) != nullptr);
  if (options.and_good)
    CHECK(OCSP_basic_add1_status(basic.get(), id.get(), V_OCSP_CERTSTATUS_GOOD, 0, nullptr, issued_at.get(),
                                 next_at.get()) != nullptr);
  // What nobody needs nobody signed: an authority's own certificate is known.
  const bool is_own = responder.fingerprint() == authority.certificate().fingerprint();
  const unsigned long flags = is_own ? OCSP_NOCERTS : 0;
  CHECK(OCSP_basic_sign(basic.get(), signer.get(), responder_key, EVP_sha256(), nullptr, flags) == 1);
  const openssl::Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  return openssl::to_der(response.get(), i2d_OCSP_RESPONSE);
}

}  // namespace sallyport::testkit
