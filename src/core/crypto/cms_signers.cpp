// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/cms_signers.h"

#include <openssl/cms.h>

#include "core/crypto/der.h"
#include "core/crypto/signature_scheme.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

using Cms = openssl::Owned<CMS_ContentInfo, CMS_ContentInfo_free>;

struct SignerCheck {
  CMS_SignerInfo* info;
  const CmsSignerOutline* outline;
  Certificate leaf;
  SignatureMethod method;
};

// OpenSSL compares names as people do (case, spaces); here one signer has one spelling.
bool is_named_by(const CmsSignerOutline& outline, CMS_SignerInfo* info, X509* x509) {
  if (CMS_SignerInfo_cert_cmp(info, x509) != 0) return false;
  if (outline.who.front() != der::sequence) return true;
  Bytes name = openssl::to_der(X509_get_issuer_name(x509), i2d_X509_NAME);
  const Bytes serial = openssl::to_der(X509_get0_serialNumber(x509), i2d_ASN1_INTEGER);
  name.insert(name.end(), serial.begin(), serial.end());
  return outline.who.size() > name.size() && copy(outline.who.last(name.size())) == name;
}

// The one certificate that the SignerInfo names, of those in the CMS or of the anchors.
Result<Certificate> find_leaf(CMS_SignerInfo* info, const CmsSignerOutline& outline,
                              const std::vector<Certificate>& embedded,
                              const std::vector<Certificate>& anchors) {
  std::optional<Certificate> found;
  for (const auto* const list : {&embedded, &anchors}) {
    for (const auto& certificate : *list) {
      const auto x509 = openssl::to_x509(certificate);
      if (!is_named_by(outline, info, x509.get())) continue;
      if (found.has_value() && found->fingerprint() != certificate.fingerprint()) {
        return Error(Code::signature_malformed, "signer", "one certificate", "two that claim to be it");
      }
      found = certificate;
    }
  }
  if (!found.has_value()) return Error(Code::signer_unknown, "signer", "its certificate", "none");
  return *found;
}

Result<SignerCheck> prepare(CMS_SignerInfo* info, const CmsSignerOutline& outline,
                            const std::vector<Certificate>& embedded,
                            const std::vector<Certificate>& anchors) {
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* algorithm = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, nullptr, &digest, &algorithm);
  if (digest == nullptr || algorithm == nullptr || nid_of(digest) != nid_of(outline.digest)) {
    return Error(Code::internal_error, "signer");
  }
  const auto method = TRY(check_algorithm(algorithm, outline.digest));
  auto leaf = TRY(find_leaf(info, outline, embedded, anchors));
  const auto x509 = openssl::to_x509(leaf);
  TRY(check_key(x509.get(), method));
  CMS_SignerInfo_set1_signer_cert(info, x509.get());
  return SignerCheck{info, &outline, std::move(leaf), method};
}

// OpenSSL 3.0 has no Ed25519 in CMS, so these few bytes are verified as the plain signature that they are; so are those
// of ML-DSA (RFC 9882).
Result<void> verify_plain(const SignerCheck& signer) {
  const auto x509 = openssl::to_x509(signer.leaf);
  const auto key = TRY(PublicKey::from_spki(openssl::spki_of(x509.get())));
  return key.verify(signer.outline->signed_attributes, signer.outline->signature, Code::signature_invalid);
}

bool looked_at_signature() {
  const auto last = ERR_peek_last_error();
  return ERR_GET_LIB(last) == ERR_LIB_CMS && ERR_GET_REASON(last) == CMS_R_VERIFICATION_FAILURE;
}

Result<void> verify_signature(const SignerCheck& signer, const ContentDigest& content) {
  if (TRY(content(signer.outline->digest)) != copy(signer.outline->message_digest)) {
    return Error(Code::signature_invalid, signer.leaf.subject(), "a signature over this content",
                 "over another");
  }
  if (is_plain(signer.method)) return verify_plain(signer);
  const int answer = CMS_SignerInfo_verify(signer.info);
  if (answer == 1) return {};
  // -1 is said of a signature that is no signature at all, and of whatever went wrong before it was looked at.
  if (answer == 0 || (answer == -1 && looked_at_signature())) {
    return Error(Code::signature_invalid, signer.leaf.subject(), "a signature by this signer's key",
                 "another");
  }
  return Error(Code::internal_error, "CMS signature verification", "1 or 0", std::to_string(answer));
}

Result<Cms> decode(BytesView der) {
  const unsigned char* at = der.data();
  Cms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  const bool exact = cms != nullptr && at == der.data() + der.size();
  if (!exact || openssl::to_der(cms.get(), i2d_CMS_ContentInfo) != copy(der)) {
    return Error(Code::signature_malformed, "signature", "CMS SignedData in strict DER", "something else");
  }
  return cms;
}

Result<std::vector<Certificate>> read_certificates(const CmsOutline& outline) {
  std::vector<Certificate> certificates;
  for (const auto& der : outline.certificates) {
    auto certificate = Certificate::from_der(der);
    if (!certificate.ok())
      return Error(Code::signature_malformed, "certificates", "X.509 certificates", "something else");
    certificates.push_back(std::move(certificate).value());
  }
  return certificates;
}

// The structure, by OpenSSL; and the certificates that came with it, of the CMS and of beside it.
struct Opened {
  Cms cms;
  STACK_OF(CMS_SignerInfo) * infos;
  std::vector<Certificate> certificates;

  CMS_SignerInfo* info(std::size_t index) const {
    return sk_CMS_SignerInfo_value(infos, static_cast<int>(index));
  }
};

Result<Opened> open_cms(BytesView cms_der, const CmsOutline& outline,
                        const std::vector<Certificate>& beside) {
  auto certificates = TRY(read_certificates(outline));
  certificates.insert(certificates.end(), beside.begin(), beside.end());
  auto cms = TRY(decode(cms_der));
  STACK_OF(CMS_SignerInfo)* const infos = CMS_get0_SignerInfos(cms.get());
  if (infos == nullptr || static_cast<std::size_t>(sk_CMS_SignerInfo_num(infos)) != outline.signers.size()) {
    return Error(Code::signature_malformed, "signers", std::to_string(outline.signers.size()),
                 "another number");
  }
  return Opened{std::move(cms), infos, std::move(certificates)};
}

}  // namespace

Result<VerifiedSigners> verify_signers(BytesView cms_der, const CmsOutline& outline,
                                       const ContentDigest& content, const std::vector<Certificate>& beside,
                                       const std::vector<Certificate>& anchors) {
  const openssl::ErrorQueue queue;
  auto opened = TRY(open_cms(cms_der, outline, beside));
  std::vector<SignerCheck> checks;
  for (std::size_t i = 0; i < outline.signers.size(); ++i)
    checks.push_back(TRY(prepare(opened.info(i), outline.signers[i], opened.certificates, anchors)));
  VerifiedSigners verified{std::move(opened.certificates), {}};
  for (const auto& check : checks) {
    TRY(verify_signature(check, content));
    verified.leaves.push_back(check.leaf);
  }
  return verified;
}

Result<SignersLook> look_at_signers(BytesView cms_der, const CmsOutline& outline,
                                    const ContentDigest& content, const std::vector<Certificate>& beside,
                                    const std::vector<Certificate>& anchors) {
  const openssl::ErrorQueue queue;
  auto opened = TRY(open_cms(cms_der, outline, beside));
  SignersLook look{opened.certificates, {}};
  for (std::size_t i = 0; i < outline.signers.size(); ++i) {
    SignerLook signer;
    const auto leaf = find_leaf(opened.info(i), outline.signers[i], opened.certificates, anchors);
    if (leaf.ok()) signer.leaf = leaf.value();
    const auto check = prepare(opened.info(i), outline.signers[i], opened.certificates, anchors);
    const auto made = check.ok() ? verify_signature(check.value(), content) : Result<void>(check.error());
    if (!made.ok()) signer.wrong.push_back(made.error());
    look.signers.push_back(std::move(signer));
  }
  return look;
}

}  // namespace sallyport
