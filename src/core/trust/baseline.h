// SPDX-License-Identifier: Apache-2.0
// Decides whether the baseline of a host counts: the officers of the policy want it. docs/spec/baseline.md.
//
// Refuses unless, in this order:
//   envelope_malformed, statement_type_mismatch    one envelope of a statement
//   baseline_signer_unknown     every key is that of a person of the policy
//   baseline_signature_invalid  every signature verifies, whatever else is there; nothing is parsed before
//   approver_counted_twice      no key signs twice
//   statement_malformed, statement_type_mismatch   the payload is a baseline
//   signer_revoked, signer_key_not_valid, signer_key_other_use    each signature counts
//   baseline_quorum_missing     they fill the policy's officers
//
// Whether it is for a node, and newer than the one before, is asked by whoever takes it in.
#pragma once

#include <set>

#include "core/format/baseline.h"
#include "core/format/policy.h"
#include "core/trust/verified.h"

namespace sallyport {

// Genuine signatures, perhaps not enough of them: what reviewers read and officers add to.
struct SignedBaseline {
  HostBaseline baseline;
  Sha256Digest identity;       // of the payload
  std::set<PersonId> signers;  // by every kind that the policy asks for
};

namespace trust {

Result<Verified<SignedBaseline>> baseline_as_signed(const Policy& policy, BytesView envelope, Instant at);
Result<Verified<SignedBaseline>> baseline(const Policy& policy, BytesView envelope, Instant at);

}  // namespace trust
}  // namespace sallyport
