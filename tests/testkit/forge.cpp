// SPDX-License-Identifier: Apache-2.0
#include "testkit/forge.h"

#include <openssl/rsa.h>

#include <algorithm>

#include "adapters/signer/der_writer.h"

namespace sallyport::testkit {
namespace {

constexpr const char* oid_signed_data = "2a864886f70d010702";
constexpr const char* oid_data = "2a864886f70d010701";
constexpr const char* oid_content_type = "2a864886f70d010903";
constexpr const char* oid_message_digest = "2a864886f70d010904";
constexpr const char* oid_mgf1 = "2a864886f70d010108";
constexpr const char* oid_rsassa_pss = "2a864886f70d01010a";

const char* digest_oid(Sha2 digest) {
  return digest == Sha2::sha256   ? "608648016503040201"
         : digest == Sha2::sha384 ? "608648016503040202"
                                  : "608648016503040203";
}

const EVP_MD* method(Sha2 digest) {
  return digest == Sha2::sha256 ? EVP_sha256() : digest == Sha2::sha384 ? EVP_sha384() : EVP_sha512();
}

Bytes sign_by_evp(EVP_PKEY* key, const EVP_MD* digest, BytesView message,
                  const std::function<void(EVP_PKEY_CTX*)>& configure) {
  const openssl::MdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  CHECK(EVP_DigestSignInit(context.get(), &parameters, digest, nullptr, key) == 1);
  if (configure) configure(parameters);
  std::size_t size = 0;
  CHECK(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1);
  Bytes signature(size);
  CHECK(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1);
  signature.resize(size);
  return signature;
}

Bytes implicit(unsigned int number, Bytes set) {
  set[0] = static_cast<std::uint8_t>(0xa0U | number);
  return set;
}

Bytes issuer_and_serial(const Certificate& certificate) {
  const unsigned char* at = certificate.der().data();
  const openssl::Certificate x509(d2i_X509(nullptr, &at, static_cast<long>(certificate.der().size())));
  return der::sequence({openssl::to_der(X509_get_issuer_name(x509.get()), i2d_X509_NAME),
                        openssl::to_der(X509_get0_serialNumber(x509.get()), i2d_ASN1_INTEGER)});
}

Bytes forge_signer(BytesView content, const ForgedSigner& signer) {
  const std::vector<Bytes> attributes = signer.attributes.value_or(
      std::vector<Bytes>{content_type_attribute(), message_digest_attribute(signer.content_digest, content)});
  const Bytes set = der::set_of(attributes);
  const Bytes signature = signer.sign(signer.who.key.get(), attributes.empty() ? content : BytesView(set));
  return der::sequence({der::number(1), issuer_and_serial(signer.who.certificate), signer.digest,
                        attributes.empty() ? Bytes() : implicit(0, set), signer.algorithm,
                        der::octets(signature)});
}

}  // namespace

Bytes digest_identifier(Sha2 digest) {
  return der::sequence({der::oid(digest_oid(digest))});
}
Bytes sha1_identifier() {
  return der::sequence({der::oid("2b0e03021a")});
}

Bytes pkcs1_identifier(Sha2 digest) {
  const char* const oid = digest == Sha2::sha256   ? "2a864886f70d01010b"
                          : digest == Sha2::sha384 ? "2a864886f70d01010c"
                                                   : "2a864886f70d01010d";
  return der::sequence({der::oid(oid), der::null()});
}

Bytes ecdsa_identifier(Sha2 digest) {
  const char* const oid = digest == Sha2::sha256   ? "2a8648ce3d040302"
                          : digest == Sha2::sha384 ? "2a8648ce3d040303"
                                                   : "2a8648ce3d040304";
  return der::sequence({der::oid(oid)});
}

Bytes ed25519_identifier() {
  return der::sequence({der::oid("2b6570")});
}

Bytes pss_identifier(Sha2 digest, Sha2 mask, std::uint8_t salt_size) {
  const auto with_null = [](Sha2 which) { return der::sequence({der::oid(digest_oid(which)), der::null()}); };
  const Bytes mgf1 = der::sequence({der::oid(oid_mgf1), with_null(mask)});
  // A salt of 20 bytes is the default, which DER leaves out.
  const Bytes salt = salt_size == 20 ? Bytes() : der::context(2, der::number(salt_size));
  return der::sequence({der::oid(oid_rsassa_pss),
                        der::sequence({der::context(0, with_null(digest)), der::context(1, mgf1), salt})});
}

Bytes algorithm_with_parameters(const Bytes& identifier, const Bytes& parameters) {
  Bytes content(identifier.begin() + 2, identifier.end());
  content.insert(content.end(), parameters.begin(), parameters.end());
  return der::value(0x30, content);
}

SignFunction plain(Sha2 digest) {
  return [=](EVP_PKEY* key, BytesView message) { return sign_by_evp(key, method(digest), message, {}); };
}

SignFunction plain_ed25519() {
  return [](EVP_PKEY* key, BytesView message) { return sign_by_evp(key, nullptr, message, {}); };
}

SignFunction pss(Sha2 digest, Sha2 mask, int salt_size) {
  return [=](EVP_PKEY* key, BytesView message) {
    return sign_by_evp(key, method(digest), message, [=](EVP_PKEY_CTX* context) {
      CHECK(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1);
      CHECK(EVP_PKEY_CTX_set_rsa_mgf1_md(context, method(mask)) == 1);
      CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt_size) == 1);
    });
  };
}

SignFunction pkcs1_with_garbage(std::size_t garbage) {
  return [=](EVP_PKEY* key, BytesView message) {
    const auto digest = sha256(message);
    const Bytes info = der::sequence(
        {der::sequence({der::oid(digest_oid(Sha2::sha256)), der::null()}), der::octets(digest.bytes())});
    const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
    Bytes block(size, 0xff);
    block[0] = 0x00;
    block[1] = 0x01;
    const std::size_t start = size - info.size() - garbage;
    block[start - 1] = 0x00;
    std::copy(info.begin(), info.end(), block.begin() + static_cast<std::ptrdiff_t>(start));
    const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    CHECK(EVP_PKEY_sign_init(context.get()) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1);
    Bytes signature(size);
    std::size_t written = size;
    CHECK(EVP_PKEY_sign(context.get(), signature.data(), &written, block.data(), block.size()) == 1);
    return signature;
  };
}

SignFunction high_s() {
  return [](EVP_PKEY* key, BytesView message) {
    Bytes low_or_high = sign_by_evp(key, EVP_sha256(), message, {});
    const unsigned char* at = low_or_high.data();
    const openssl::EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(low_or_high.size())));
    const openssl::Owned<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    const openssl::Number half(BN_new());
    CHECK(BN_rshift1(half.get(), EC_GROUP_get0_order(group.get())) == 1);
    if (BN_cmp(ECDSA_SIG_get0_s(parsed.get()), half.get()) > 0) return low_or_high;
    BIGNUM* const r = BN_dup(ECDSA_SIG_get0_r(parsed.get()));
    BIGNUM* const s = BN_new();
    CHECK(BN_sub(s, EC_GROUP_get0_order(group.get()), ECDSA_SIG_get0_s(parsed.get())) == 1);
    const openssl::EcdsaSignature high(ECDSA_SIG_new());
    CHECK(ECDSA_SIG_set0(high.get(), r, s) == 1);
    return openssl::to_der(high.get(), i2d_ECDSA_SIG);
  };
}

Bytes attribute(std::string_view oid_hex, std::vector<Bytes> values) {
  return der::sequence({der::oid(oid_hex), der::set_of(std::move(values))});
}

Bytes content_type_attribute() {
  return content_type_attribute(oid_data);
}
Bytes content_type_attribute(std::string_view type_hex) {
  return attribute(oid_content_type, {der::oid(type_hex)});
}

Bytes message_digest_attribute(Sha2 digest, BytesView content) {
  Hasher hasher(digest);
  hasher.update(content);
  return attribute(oid_message_digest, {der::octets(hasher.finish())});
}

Bytes forge_cms(BytesView content, const ForgedCms& options) {
  std::vector<Bytes> digests;
  std::vector<Bytes> certificates;
  std::vector<Bytes> signers;
  for (const auto& signer : options.signers) {
    if (std::find(digests.begin(), digests.end(), signer.digest) == digests.end())
      digests.push_back(signer.digest);
    certificates.push_back(copy(signer.who.certificate.der()));
    signers.push_back(forge_signer(content, signer));
  }
  const auto given = options.certificates.value_or(certificates);
  const Bytes inner =
      options.embedded.has_value() ? der::context(0, der::octets(*options.embedded)) : Bytes();
  const Bytes data = der::sequence(
      {der::number(options.version), der::set_of(options.digests.value_or(digests)),
       der::sequence({der::oid(options.content_type), inner}),
       given.empty() ? Bytes() : implicit(0, der::set_of(given)),
       options.revocation_list.has_value() ? implicit(1, der::set_of({*options.revocation_list})) : Bytes(),
       der::set_of(signers)});
  return der::sequence({der::oid(oid_signed_data), der::context(0, data)});
}

}  // namespace sallyport::testkit
