// SPDX-License-Identifier: Apache-2.0
// RFC 3161 time stamps on a signature: an authority says that these very bytes existed at a time.
//
// verify_time_stamp refuses unless every line holds; the first line that fails is the refusal:
//   time_stamp_malformed           strict DER of at most 64 KiB: SignedData over a TSTInfo of version 1 in one
//                                  spelling, exactly one SignerInfo, certificates by the rules of cms.h
//   signature_algorithm_refused    imprint and signature by the algorithms of cms.h
//   time_stamp_invalid             the SignerInfo verifies, names its certificate (ESSCertID or ESSCertIDv2),
//                                  and the imprint is that of the signature given
//   time_stamp_signer_unknown      the chain ends at one of the anchors
//   certificate_usage_refused      leaf: EKU timeStamping, critical and alone
//   time_stamp_not_yet_issued      its time is not later than `at`
//   certificate_expired / certificate_not_yet_valid     the chain, at the time of the stamp and at `at`: an
//                                  authority whose certificate is over answers for nothing any more
#pragma once

#include <optional>
#include <vector>

#include "core/crypto/certificate.h"

namespace sallyport {

struct TimeStamp {
  Instant time;    // genTime
  Instant latest;  // with its accuracy: what it covers existed then
  std::string serial;
  std::vector<Certificate> chain;  // of the authority, from its own certificate to the anchor
};

constexpr std::size_t time_stamp_size_max = 65536;

// `signature`: the value of a SignerInfo's signature.
Result<TimeStamp> verify_time_stamp(BytesView token, BytesView signature,
                                    const std::vector<Certificate>& anchors, Instant at);

// What a TSTInfo says, by RFC 3161, section 2.4.2. Proves nothing.
struct TimeStampInfo {
  Sha2 imprint_algorithm;
  BytesView imprint;
  BytesView serial;
  Instant time;
  Instant latest;
  std::optional<BytesView> nonce;  // content of the INTEGER
};
Result<TimeStampInfo> read_time_stamp_info(BytesView der);

}  // namespace sallyport
