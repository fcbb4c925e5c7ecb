// SPDX-License-Identifier: Apache-2.0
// An officer reads the next policy and signs it: the policy file as it is, in an envelope to which each officer adds a
// signature. What the officers sign is what the node installs, byte for byte.
#pragma once

#include "adapters/signer/port.h"
#include "core/format/json_fields.h"
#include "core/trust/policy_change.h"

namespace sallyport::operators {

struct PolicySigning {
  BytesView file;          // the policy file, or the envelope with signatures of others
  const Policy* in_force;  // that the new one is to follow; null: not at hand, the new one alone is asked
  PersonId person;
  Instant now;
  std::optional<Sha256Digest> reviewed =
      {};  // of the policy that the officer has read; another one is not signed
};

struct SignatureCount {
  std::set<PersonId> before;  // who signed, as the policy in force knows them
  std::set<PersonId> after;   // as the new policy knows them
  std::optional<Error> missing;
};

struct PolicySigned {
  std::uint64_t version;
  Sha256Digest policy;
  SignatureCount count;
  std::string envelope;  // the file with one more signature
};

// Refused before the key is used: a policy that does not load, is not the next version, or is another one than was read
// (not_what_was_reviewed); a person or a key of neither policy (person_key_mismatch); an envelope with a signature that
// must not be there. Without the policy in force nobody can be counted, and `count.missing` says so.
Result<PolicySigned> sign_policy(const PolicySigning& request, Signer& signer);

struct PolicyReview {
  Policy next;
  std::vector<Field> fields;         // of the signed bytes, every one
  std::vector<FieldChange> changes;  // against the policy in force
  SignatureCount count;
};

// `file` and `in_force_file`: the policy files themselves, or the envelope.
Result<PolicyReview> review_policy(BytesView file, BytesView in_force_file, Instant now);

}  // namespace sallyport::operators
