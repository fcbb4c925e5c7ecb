// SPDX-License-Identifier: Apache-2.0
// Detached CMS signatures over a manifest (RFC 5652), verified against anchors that the caller has chosen.
//
// Refuses unless every line holds; the first line that fails is the refusal:
//   signature_malformed            strict DER of exactly this length, ContentInfo of SignedData, no eContent,
//                                  no CRLs, at most 16 certificates, 8 OCSP responses and 8 SignerInfos, at
//                                  least one SignerInfo;
//                                  each SignerInfo has signed attributes with exactly one content-type
//                                  (id-data) and one message-digest of one value
//   signature_algorithm_refused    digests SHA-256/384/512, listed in digestAlgorithms; RSA >= 3072 (PKCS#1
//                                  or PSS with the same digest for MGF1 and a salt of the digest's length),
//                                  ECDSA P-256/P-384, Ed25519 (RFC 8419),
//                                  ML-DSA with SHA-512 (RFC 9882; algorithm_unavailable where the library has none)
//   signature_invalid              *every* SignerInfo verifies over the content
//   signer_unknown                 every signer's chain ends at one of `anchors` (certificates inside the CMS
//                                  are at best intermediates; an anchor need not be self-signed)
//   certificate_usage_refused      leaf: EKU codeSigning (and not anyExtendedKeyUsage alone), keyUsage
//                                  digitalSignature, not a CA; intermediates: CA:TRUE, keyCertSign, path
//                                  length and name constraints
//   time_stamp_…                   where the authority at the chain's end names time stamp authorities: the
//                                  signature's time stamp, if there is one, is good (time_stamp.h)
//   certificate_expired / certificate_not_yet_valid     every certificate of the chain at `at`, or at the time
//                                  of the time stamp
//   time_stamp_missing             there is a time stamp, where the authority requires one
//   ocsp_…, crl_…, certificate_revoked, revocation_…
//                                  for an admission: no certificate below an anchor is revoked, neither of the
//                                  signer's chain nor of the time stamp's (revocation.h)
// The certificates of the chain have to hold up to the same 128 bits of security (signature_algorithm_refused).
// Keys by the rules of key.h, and RSA keys that are tied to PSS. The signingTime attribute is never used.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/crypto/certificate.h"
#include "core/crypto/revocation.h"
#include "core/crypto/time_stamp.h"

namespace sallyport {

enum class TimeStamps : std::uint8_t { optional, required };

// Who may sign in one's name.
struct SigningAuthority {
  std::vector<Certificate> anchors;
  std::vector<Certificate> time_stamp_anchors;    // none: time stamps are not looked at
  TimeStamps time_stamps = TimeStamps::optional;  // required: only where there are anchors for them
  RevocationNeed revocation = RevocationNeed::if_known;
  std::vector<RevocationList> lists = {};
  ListFloors floors = {};
};

// Expiry and revocation stop what is to come in, never what runs already: that is proved again as of the time
// when it came in.
enum class Occasion : std::uint8_t { admission, proof_again };

// What the signature was made with, as it says itself; nothing is verified. Its signers are of one kind.
Result<SignatureKind> claimed_kind(BytesView cms_der);

struct CmsSigner {
  Certificate leaf;
  Certificate anchor;              // one of the anchors given
  std::vector<Certificate> chain;  // from the leaf to the anchor
  std::optional<TimeStamp> time_stamp;
  Checks notes;  // about time stamp and revocation: what was looked at, what was not, and why
};

// `content` are the signed octets. One CmsSigner for each SignerInfo, in order. Thread-safe: shares nothing.
Result<std::vector<CmsSigner>> verify_by_authorities(BytesView cms_der, BytesView content,
                                                     const std::vector<SigningAuthority>& authorities,
                                                     Instant at, Occasion occasion);
// By one authority that has no time stamps.
Result<std::vector<CmsSigner>> verify_cms(BytesView cms_der, BytesView content,
                                          const std::vector<Certificate>& anchors, Instant at);

// The second signature of a manifest has a label of its own, so that nobody takes it for the first.
constexpr std::string_view cms_label = "CMS";
constexpr std::string_view second_cms_label = "POST-QUANTUM CMS";

// One PEM block to DER and back; canonical base64 in lines of 64.
Result<Bytes> cms_from_pem(std::string_view pem, std::string_view label = cms_label);
std::string cms_to_pem(BytesView der, std::string_view label = cms_label);

}  // namespace sallyport
