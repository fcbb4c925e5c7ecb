// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/cms.h"

#include <openssl/cms.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <optional>

#include "core/crypto/cms_chain.h"
#include "core/crypto/cms_outline.h"
#include "core/crypto/der.h"
#include "core/crypto/key_rules.h"
#include "core/crypto/pem.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

constexpr std::size_t cms_size_max = 262144;

using Cms = openssl::Owned<CMS_ContentInfo, CMS_ContentInfo_free>;
using PssParameters = openssl::Owned<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;

enum class Method : std::uint8_t { rsa_pkcs1, rsa_pss, ecdsa, ed25519 };

struct Scheme {
  int nid;
  Method method;
  std::optional<Sha2> digest;  // that the identifier itself names
};

constexpr std::array<Scheme, 9> schemes{{
    {NID_rsaEncryption, Method::rsa_pkcs1, std::nullopt},
    {NID_sha256WithRSAEncryption, Method::rsa_pkcs1, Sha2::sha256},
    {NID_sha384WithRSAEncryption, Method::rsa_pkcs1, Sha2::sha384},
    {NID_sha512WithRSAEncryption, Method::rsa_pkcs1, Sha2::sha512},
    {NID_rsassaPss, Method::rsa_pss, std::nullopt},
    {NID_ecdsa_with_SHA256, Method::ecdsa, Sha2::sha256},
    {NID_ecdsa_with_SHA384, Method::ecdsa, Sha2::sha384},
    {NID_ecdsa_with_SHA512, Method::ecdsa, Sha2::sha512},
    {NID_ED25519, Method::ed25519, Sha2::sha512},  // RFC 8419, section 3
}};

Error algorithm_refused(const char* expected, std::string found) {
  return Error(Code::signature_algorithm_refused, "signature", expected, std::move(found));
}

int nid_of(Sha2 digest) {
  return digest == Sha2::sha256 ? NID_sha256 : digest == Sha2::sha384 ? NID_sha384 : NID_sha512;
}

int size_of(Sha2 digest) {
  return digest == Sha2::sha256 ? 32 : digest == Sha2::sha384 ? 48 : 64;
}

int nid_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(object);
}

bool has_no_parameters(const X509_ALGOR* algorithm) {
  int type = 0;
  X509_ALGOR_get0(nullptr, &type, nullptr, algorithm);
  return type == V_ASN1_UNDEF;
}

bool has_null_or_no_parameters(const X509_ALGOR* algorithm) {
  int type = 0;
  X509_ALGOR_get0(nullptr, &type, nullptr, algorithm);
  return type == V_ASN1_UNDEF || type == V_ASN1_NULL;
}

// MGF1 over the digest, and nothing else.
bool is_mgf1_of(const X509_ALGOR* mask, Sha2 digest) {
  if (mask == nullptr || nid_of(mask) != NID_mgf1) return false;
  int type = 0;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, mask);
  if (type != V_ASN1_SEQUENCE) return false;
  const auto* const text = static_cast<const ASN1_STRING*>(value);
  const unsigned char* at = ASN1_STRING_get0_data(text);
  const openssl::Owned<X509_ALGOR, X509_ALGOR_free> inner(
      d2i_X509_ALGOR(nullptr, &at, ASN1_STRING_length(text)));
  return inner != nullptr && nid_of(inner.get()) == nid_of(digest) && has_null_or_no_parameters(inner.get());
}

Result<void> check_pss(const X509_ALGOR* algorithm, Sha2 digest) {
  const Error refused =
      algorithm_refused("PSS with one digest throughout and a salt of its length", "other parameters");
  int type = 0;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return refused;
  const auto* const text = static_cast<const ASN1_STRING*>(value);
  const unsigned char* at = ASN1_STRING_get0_data(text);
  const PssParameters parameters(d2i_RSA_PSS_PARAMS(nullptr, &at, ASN1_STRING_length(text)));
  if (parameters == nullptr || parameters->hashAlgorithm == nullptr || parameters->saltLength == nullptr)
    return refused;
  const bool fits = nid_of(parameters->hashAlgorithm) == nid_of(digest) &&
                    has_null_or_no_parameters(parameters->hashAlgorithm) &&
                    is_mgf1_of(parameters->maskGenAlgorithm, digest) &&
                    ASN1_INTEGER_get(parameters->saltLength) == size_of(digest) &&
                    (parameters->trailerField == nullptr || ASN1_INTEGER_get(parameters->trailerField) == 1);
  if (!fits) return refused;
  return {};
}

Result<Method> check_algorithm(const X509_ALGOR* algorithm, Sha2 digest) {
  const int nid = nid_of(algorithm);
  const auto scheme =
      std::find_if(schemes.begin(), schemes.end(), [&](const Scheme& s) { return s.nid == nid; });
  if (scheme == schemes.end())
    return algorithm_refused("RSA, ECDSA or Ed25519",
                             OBJ_nid2sn(nid) == nullptr ? "unknown" : OBJ_nid2sn(nid));
  if (scheme->digest.has_value() && *scheme->digest != digest) {
    return algorithm_refused("the digest that the signature algorithm names", "another");
  }
  if (scheme->method == Method::rsa_pss) {
    TRY(check_pss(algorithm, digest));
  } else if (scheme->method == Method::rsa_pkcs1 ? !has_null_or_no_parameters(algorithm)
                                                 : !has_no_parameters(algorithm)) {
    return algorithm_refused("no parameters", "some");
  }
  return scheme->method;
}

// The key has the type that the signature algorithm needs, and is strong enough.
Result<void> check_key(X509* certificate, Method method) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) return algorithm_refused("a key that can be read", "another");
  const int type = EVP_PKEY_get_base_id(key);
  const bool is_rsa = type == EVP_PKEY_RSA && (method == Method::rsa_pkcs1 || method == Method::rsa_pss);
  const bool is_pss = type == EVP_PKEY_RSA_PSS && method == Method::rsa_pss;
  const bool is_curve = type == EVP_PKEY_EC && method == Method::ecdsa;
  const bool is_ed25519 = type == EVP_PKEY_ED25519 && method == Method::ed25519;
  if (is_rsa || is_pss) return check_rsa_key(key);
  if (!is_curve && !is_ed25519)
    return algorithm_refused("a key of the signature's type", "a key of another type");
  TRY(PublicKey::from_spki(openssl::spki_of(certificate)));
  return {};
}

struct SignerCheck {
  CMS_SignerInfo* info;
  const CmsSignerOutline* outline;
  Certificate leaf;
  Method method;
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

// OpenSSL 3.0 has no Ed25519 in CMS, so these few bytes are verified as the plain signature that they are.
Result<void> verify_ed25519(const SignerCheck& signer) {
  const auto x509 = openssl::to_x509(signer.leaf);
  const auto key = TRY(PublicKey::from_spki(openssl::spki_of(x509.get())));
  return key.verify(signer.outline->signed_attributes, signer.outline->signature, Code::signature_invalid);
}

bool looked_at_signature() {
  const auto last = ERR_peek_last_error();
  return ERR_GET_LIB(last) == ERR_LIB_CMS && ERR_GET_REASON(last) == CMS_R_VERIFICATION_FAILURE;
}

Result<void> verify_signature(const SignerCheck& signer, BytesView content) {
  Hasher hasher(signer.outline->digest);
  hasher.update(content);
  if (hasher.finish() != copy(signer.outline->message_digest)) {
    return Error(Code::signature_invalid, signer.leaf.subject(), "a signature over this content",
                 "over another");
  }
  if (signer.method == Method::ed25519) return verify_ed25519(signer);
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

}  // namespace

Result<std::vector<CmsSigner>> verify_cms(BytesView cms_der, BytesView content,
                                          const std::vector<Certificate>& anchors, Instant at) {
  const openssl::ErrorQueue queue;
  const auto outline = TRY(read_cms_outline(cms_der));
  const auto embedded = TRY(read_certificates(outline));
  const auto cms = TRY(decode(cms_der));
  STACK_OF(CMS_SignerInfo)* const infos = CMS_get0_SignerInfos(cms.get());
  if (infos == nullptr || static_cast<std::size_t>(sk_CMS_SignerInfo_num(infos)) != outline.signers.size()) {
    return Error(Code::signature_malformed, "signers");
  }
  std::vector<SignerCheck> checks;
  for (std::size_t i = 0; i < outline.signers.size(); ++i) {
    CMS_SignerInfo* const info = sk_CMS_SignerInfo_value(infos, static_cast<int>(i));
    checks.push_back(TRY(prepare(info, outline.signers[i], embedded, anchors)));
  }
  for (const auto& check : checks) TRY(verify_signature(check, content));
  std::vector<CmsSigner> signers;
  for (const auto& check : checks) {
    auto anchor = TRY(find_anchor(check.leaf, embedded, anchors, at));
    signers.push_back({check.leaf, std::move(anchor)});
  }
  return signers;
}

Result<Bytes> cms_from_pem(std::string_view pem) {
  return parse_pem(pem, "CMS", cms_size_max, Code::signature_malformed);
}

std::string cms_to_pem(BytesView der) {
  return print_pem(der, "CMS");
}

}  // namespace sallyport
