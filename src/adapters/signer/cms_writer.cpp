// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/cms_writer.h"

#include "adapters/signer/algorithm.h"
#include "adapters/signer/der_writer.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

constexpr const char* oid_signed_data = "2a864886f70d010702";
constexpr const char* oid_data = "2a864886f70d010701";
constexpr const char* oid_content_type = "2a864886f70d010903";
constexpr const char* oid_message_digest = "2a864886f70d010904";

Bytes attribute(const char* oid, const Bytes& value) {
  return der::sequence({der::oid(oid), der::set_of({value})});
}

Bytes issuer_and_serial(const Certificate& certificate) {
  const auto x509 = openssl::to_x509(certificate);
  return der::sequence({openssl::to_der(X509_get_issuer_name(x509.get()), i2d_X509_NAME),
                        openssl::to_der(X509_get0_serialNumber(x509.get()), i2d_ASN1_INTEGER)});
}

// The same bytes as [number] IMPLICIT.
Bytes implicit(unsigned int number, Bytes set) {
  set[0] = static_cast<std::uint8_t>(0xa0U | number);
  return set;
}

Bytes signed_data(KeyFamily family, const std::vector<Certificate>& chain, const Bytes& attributes,
                  const Bytes& signature) {
  std::vector<Bytes> certificates;
  for (const auto& certificate : chain) certificates.push_back(copy(certificate.der()));
  const Bytes digest = digest_algorithm(content_digest(family));
  const Bytes signer =
      der::sequence({der::number(1), issuer_and_serial(chain.front()), digest, implicit(0, attributes),
                     signature_algorithm(family), der::octets(signature)});
  const Bytes data =
      der::sequence({der::number(1), der::set_of({digest}), der::sequence({der::oid(oid_data)}),
                     implicit(0, der::set_of(certificates)), der::set_of({signer})});
  return der::sequence({der::oid(oid_signed_data), der::context(0, data)});
}

}  // namespace

Result<Bytes> write_cms(Signer& signer, BytesView content, const std::vector<Certificate>& chain) {
  const auto key = signer.public_key();
  if (chain.empty() || chain.front().key_id() != key.id()) {
    return Error(Code::key_unusable, "certificate", "the certificate of the signing key first",
                 chain.empty() ? "none" : "one of another key");
  }
  Hasher hasher(content_digest(key.family()));
  hasher.update(content);
  const Bytes attributes = der::set_of({attribute(oid_content_type, der::oid(oid_data)),
                                        attribute(oid_message_digest, der::octets(hasher.finish()))});
  const auto signature = TRY(signer.sign(attributes));
  auto cms = signed_data(key.family(), chain, attributes, signature);
  TRY(verify_cms(cms, content, {chain.front()}, chain.front().not_before())
          .within("verifying the new signature"));
  return cms;
}

}  // namespace sallyport
