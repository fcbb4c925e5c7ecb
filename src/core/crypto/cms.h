// SPDX-License-Identifier: Apache-2.0
// Detached CMS signatures over a manifest (RFC 5652), verified against anchors that the caller has chosen.
//
// Refuses unless every line holds; the first line that fails is the refusal:
//   signature_malformed            strict DER of exactly this length, ContentInfo of SignedData, no eContent,
//                                  no CRLs, at most 16 certificates and 8 SignerInfos, at least one SignerInfo;
//                                  each SignerInfo has signed attributes with exactly one content-type
//                                  (id-data) and one message-digest of one value
//   signature_algorithm_refused    digests SHA-256/384/512, listed in digestAlgorithms; RSA >= 3072 (PKCS#1
//                                  or PSS with the same digest for MGF1 and a salt of the digest's length),
//                                  ECDSA P-256/P-384, Ed25519 (RFC 8419)
//   signature_invalid              *every* SignerInfo verifies over the content
//   signer_unknown                 every signer's chain ends at one of `anchors` (certificates inside the CMS
//                                  are at best intermediates; an anchor need not be self-signed)
//   certificate_usage_refused      leaf: EKU codeSigning (and not anyExtendedKeyUsage alone), keyUsage
//                                  digitalSignature, not a CA; intermediates: CA:TRUE, keyCertSign, path
//                                  length and name constraints
//   certificate_expired / certificate_not_yet_valid     every certificate of the chain at `at`
// The certificates of the chain have to hold up to the same 128 bits of security (signature_algorithm_refused).
// Keys by the rules of key.h, and RSA keys that are tied to PSS. The signingTime attribute is never used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/crypto/key.h"

namespace sallyport {

// Refused with certificate_malformed unless it is X.509 in strict DER of at most 16 KiB.
class Certificate {
 public:
  // One PEM block "CERTIFICATE".
  static Result<Certificate> from_pem(std::string_view pem);
  // One or more, in order; at most 16.
  static Result<std::vector<Certificate>> chain_from_pem(std::string_view pem);
  static Result<Certificate> from_der(BytesView der);

  std::string subject() const;  // RFC 2253 text, printable
  std::string issuer() const;
  std::string serial() const;  // hexadecimal
  Instant not_before() const;
  Instant not_after() const;
  const KeyId& key_id() const;       // of its public key
  Sha256Digest fingerprint() const;  // of the DER
  BytesView der() const;
  std::string pem() const;

 private:
  struct State;
  explicit Certificate(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

struct CmsSigner {
  Certificate leaf;
  Certificate anchor;  // one of the anchors given
};

// `content` are the signed octets. One CmsSigner for each SignerInfo, in order. Thread-safe: shares nothing.
Result<std::vector<CmsSigner>> verify_cms(BytesView cms_der, BytesView content,
                                          const std::vector<Certificate>& anchors, Instant at);

// One PEM block "CMS" to DER and back; canonical base64 in lines of 64.
Result<Bytes> cms_from_pem(std::string_view pem);
std::string cms_to_pem(BytesView der);

}  // namespace sallyport
