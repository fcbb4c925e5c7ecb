// SPDX-License-Identifier: Apache-2.0
// Whether what a certificate was used for still stands, by what is known of revocations.
// docs/spec/revocation.md has the table; tests/vectors/revocation.txt is the same table, cell by cell.
#pragma once

#include <optional>
#include <vector>

#include "core/base/check.h"
#include "core/crypto/ocsp.h"
#include "core/crypto/revocation_list.h"

namespace sallyport {

enum class Standing : std::uint8_t { stands, revoked };

// `signed_at`: proven by a time stamp; nothing: nobody knows when it was signed. The time of the check plays
// no part: a clock that is set back takes no revocation away.
Standing judge(const Revoked& revoked, std::optional<Instant> signed_at);

enum class RevocationNeed : std::uint8_t {
  if_known,  // what is known counts; what is not known is told
  required,  // of every certificate below the anchor something current has to say that it is not revoked
};

// What is known: lists that the operator gives, and answers that came with the signature.
struct RevocationKnowledge {
  RevocationNeed need = RevocationNeed::if_known;
  std::vector<RevocationList> lists;
  std::vector<OcspResponse> responses;
  ListFloors floors = {};
};

// The certificates of a chain, from the leaf to the anchor, which itself is the policy's word. Returns what
// was looked at and what was not, and why. Refuses with certificate_revoked, revocation_unknown,
// revocation_stale, crl_rollback (an authority's newest list is below its floor, or missing), and the codes of
// lists and responses that claim to be of an authority of the chain and are not. Of several lists of one
// authority the one with the highest number counts.
Result<Checks> check_revocation(const std::vector<Certificate>& chain, const RevocationKnowledge& knowledge,
                                Instant at, std::optional<Instant> signed_at);

}  // namespace sallyport
