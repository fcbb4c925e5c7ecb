// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/signature_scheme.h"

#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/crypto/key_rules.h"
#include "core/crypto/ml_dsa.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

using PssParameters = openssl::Owned<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;

struct Scheme {
  int nid;
  SignatureMethod method;
  std::optional<Sha2> digest;  // that the identifier itself names
};

constexpr std::array<Scheme, 9> schemes{{
    {NID_rsaEncryption, SignatureMethod::rsa_pkcs1, std::nullopt},
    {NID_sha256WithRSAEncryption, SignatureMethod::rsa_pkcs1, Sha2::sha256},
    {NID_sha384WithRSAEncryption, SignatureMethod::rsa_pkcs1, Sha2::sha384},
    {NID_sha512WithRSAEncryption, SignatureMethod::rsa_pkcs1, Sha2::sha512},
    {NID_rsassaPss, SignatureMethod::rsa_pss, std::nullopt},
    {NID_ecdsa_with_SHA256, SignatureMethod::ecdsa, Sha2::sha256},
    {NID_ecdsa_with_SHA384, SignatureMethod::ecdsa, Sha2::sha384},
    {NID_ecdsa_with_SHA512, SignatureMethod::ecdsa, Sha2::sha512},
    {NID_ED25519, SignatureMethod::ed25519, Sha2::sha512},  // RFC 8419, section 3
}};

constexpr std::array<SignatureMethod, ml_dsa.size()> ml_dsa_methods{
    SignatureMethod::ml_dsa_44, SignatureMethod::ml_dsa_65, SignatureMethod::ml_dsa_87};

Error algorithm_refused(const char* expected, std::string found) {
  return Error(Code::signature_algorithm_refused, "signature", expected, std::move(found));
}

int size_of(Sha2 digest) {
  return digest == Sha2::sha256 ? 32 : digest == Sha2::sha384 ? 48 : 64;
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

// By its bytes: an older library has no name for it.
const MlDsa* ml_dsa_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return ml_dsa_of_oid(hex(BytesView(OBJ_get0_data(object), OBJ_length(object))));
}

// RFC 9882, section 3.3: SHA-512 goes with every one of them, and one is enough.
Result<SignatureMethod> check_ml_dsa(const MlDsa& found, const X509_ALGOR* algorithm, Sha2 digest) {
  if (digest != Sha2::sha512) return algorithm_refused("SHA-512 with ML-DSA", "another digest");
  if (!has_no_parameters(algorithm)) return algorithm_refused("no parameters", "some");
  return ml_dsa_methods.at(found.index);
}

Result<void> check_ml_dsa_key(X509* certificate, SignatureMethod method) {
  const auto* const found = ml_dsa_of_spki(openssl::spki_of(certificate));
  if (found == nullptr || ml_dsa_methods.at(found->index) != method)
    return algorithm_refused("a key of the signature's type", "a key of another type");
  return check_available(*found);
}

}  // namespace

bool is_plain(SignatureMethod method) {
  return method == SignatureMethod::ed25519 ||
         std::find(ml_dsa_methods.begin(), ml_dsa_methods.end(), method) != ml_dsa_methods.end();
}

int nid_of(Sha2 digest) {
  return digest == Sha2::sha256 ? NID_sha256 : digest == Sha2::sha384 ? NID_sha384 : NID_sha512;
}

int nid_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(object);
}

Result<SignatureMethod> check_algorithm(const X509_ALGOR* algorithm, Sha2 digest) {
  if (const auto* const found = ml_dsa_of(algorithm); found != nullptr)
    return check_ml_dsa(*found, algorithm, digest);
  const int nid = nid_of(algorithm);
  const auto scheme =
      std::find_if(schemes.begin(), schemes.end(), [&](const Scheme& s) { return s.nid == nid; });
  if (scheme == schemes.end())
    return algorithm_refused("RSA, ECDSA, Ed25519 or ML-DSA",
                             OBJ_nid2sn(nid) == nullptr ? "unknown" : OBJ_nid2sn(nid));
  if (scheme->digest.has_value() && *scheme->digest != digest) {
    return algorithm_refused("the digest that the signature algorithm names", "another");
  }
  if (scheme->method == SignatureMethod::rsa_pss) {
    TRY(check_pss(algorithm, digest));
  } else if (scheme->method == SignatureMethod::rsa_pkcs1 ? !has_null_or_no_parameters(algorithm)
                                                          : !has_no_parameters(algorithm)) {
    return algorithm_refused("no parameters", "some");
  }
  return scheme->method;
}

Result<void> check_key(X509* certificate, SignatureMethod method) {
  if (is_plain(method) && method != SignatureMethod::ed25519) return check_ml_dsa_key(certificate, method);
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) return algorithm_refused("a key that can be read", "another");
  const int type = EVP_PKEY_get_base_id(key);
  const bool is_rsa =
      type == EVP_PKEY_RSA && (method == SignatureMethod::rsa_pkcs1 || method == SignatureMethod::rsa_pss);
  const bool is_pss = type == EVP_PKEY_RSA_PSS && method == SignatureMethod::rsa_pss;
  const bool is_curve = type == EVP_PKEY_EC && method == SignatureMethod::ecdsa;
  const bool is_ed25519 = type == EVP_PKEY_ED25519 && method == SignatureMethod::ed25519;
  if (is_rsa || is_pss) return check_rsa_key(key);
  if (!is_curve && !is_ed25519)
    return algorithm_refused("a key of the signature's type", "a key of another type");
  TRY(PublicKey::from_spki(openssl::spki_of(certificate)));
  return {};
}

Result<void> check_algorithm_and_key(const X509_ALGOR* algorithm, X509* certificate) {
  std::optional<Error> refusal;
  for (const auto digest : {Sha2::sha512, Sha2::sha384, Sha2::sha256}) {
    const auto method = check_algorithm(algorithm, digest);
    if (method.ok()) return check_key(certificate, method.value());
    refusal = method.error();
  }
  return *refusal;
}

}  // namespace sallyport
