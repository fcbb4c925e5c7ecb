// SPDX-License-Identifier: Apache-2.0
// Decides whether a policy may take the place of the one in force: version N+1 exactly, signed by the officers of
// version N and by those of version N+1. docs/spec/policy.md.
//
// By an envelope, refuses unless, in this order:
//   statement_type_mismatch    the envelope holds a policy
//   policy_signer_unknown      every key is that of a person of one of the two policies
//   policy_signature_invalid   every signature verifies, whatever else is there
//   policy_malformed           it loads; nothing of it is parsed before, but for finding keys
//   policy_rollback            its version is above the one in force
//   policy_version_skipped     and by one
//   approver_counted_twice     no key signs twice
//   signer_revoked, signer_key_not_valid, signer_key_other_use    each signature counts by one of the policies
//   policy_quorum_missing      the officers of the policy in force, and those of the new one, are enough
//
// One person may sign by two keys: by the one that the old policy knows and by the one of the new. They count once
// in each. Where a policy asks for several kinds of signatures, an officer counts by it who has signed by each.
//
// By the keys that have signed a repository's targets, of the same rows only policy_rollback, policy_version_skipped
// and policy_quorum_missing: such keys need not be those of persons of a policy, and then count for nothing.
#pragma once

#include <set>

#include "core/format/policy.h"
#include "core/trust/verified.h"

namespace sallyport {

// Genuine signatures, perhaps not enough of them: what reviewers read and officers add to.
struct SignedPolicy {
  Policy next;
  Bytes bytes;                // the policy file
  std::set<PersonId> before;  // who signed, as the policy in force knows them, by every kind that it asks for
  std::set<PersonId> after;   // and as the new one does
};

struct PolicyChange {
  Policy next;
  Bytes bytes;
};

namespace trust {

Result<Verified<SignedPolicy>> policy_as_signed(const Policy& in_force, BytesView envelope, Instant at);
Result<Verified<PolicyChange>> policy_change(const Policy& in_force, BytesView envelope, Instant at);
// `signers`: keys whose signatures over something that names the new policy by its digest were verified.
Result<void> policy_change_by_keys(const Policy& in_force, const Policy& next, const std::set<KeyId>& signers,
                                   Instant at);

}  // namespace trust
}  // namespace sallyport
