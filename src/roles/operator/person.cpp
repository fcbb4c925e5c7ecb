// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/person.h"

namespace sallyport::deploy {

Result<void> check_person(const Policy& policy, const PersonId& person, const PublicKey& key) {
  const auto* owner = policy.owner_of(key.id());
  if (owner != nullptr && owner->id == person) return {};
  const auto known = policy.persons.contains(person);
  return Error(Code::person_key_mismatch, known ? "--key" : "--as",
               known ? "a key of " + person.text() : "a person of the policy",
               known ? "a key of " + (owner == nullptr ? "nobody" : owner->id.text()) : person.text());
}

Result<const Pool*> find_pool(const Policy& policy, const PoolId& pool) {
  const auto found = policy.pools.find(pool);
  if (found == policy.pools.end())
    return Error(Code::pool_unknown, "--pool", "a pool of the policy", pool.text());
  return &found->second;
}

Result<void> add_signature(Envelope& envelope, std::string_view payload_type, Signer& signer) {
  auto signature = TRY(signer.sign(pre_authentication_encoding(payload_type, envelope.payload)));
  envelope.signatures.push_back({signer.public_key().id(), std::move(signature)});
  return {};
}

}  // namespace sallyport::deploy
