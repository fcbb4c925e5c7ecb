// SPDX-License-Identifier: Apache-2.0
// Who of those that signed are officers of a policy, and whether they are enough: for whatever officers decide.
#pragma once

#include <map>
#include <set>

#include "core/approve/signer.h"
#include "core/format/policy.h"

namespace sallyport::trust {

// Whoever holds the key, if it counts for them now. `unknown`, signer_revoked, signer_key_not_valid, algorithm_ended;
// signer_key_other_use for a break-glass key.
Result<approve::KeyHolder> officer_of(const Policy& policy, const KeyId& key, Instant at, Code unknown);

// Those who have signed by a key of each kind that their policy asks for.
class Officers {
 public:
  explicit Officers(const Policy& policy) : required_(policy.signatures.statements) {}
  void add(const approve::KeyHolder& holder) { made_[holder.person->id].insert(holder.key->key.kind()); }
  std::set<PersonId> complete() const;

 private:
  RequiredKinds required_;
  std::map<PersonId, SignatureKinds> made_;
};

// `missing` unless they fill the policy's officers.
Result<void> check_officers(const Policy& policy, const std::set<PersonId>& signers, Instant at,
                            Code missing);

std::string names_of(const std::set<PersonId>& persons);  // "alice, bob", "nobody"

}  // namespace sallyport::trust
