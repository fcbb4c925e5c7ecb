// SPDX-License-Identifier: Apache-2.0
#include "core/trust/officers.h"

namespace sallyport::trust {

Result<approve::KeyHolder> officer_of(const Policy& policy, const KeyId& key, Instant at, Code unknown) {
  const auto holder = TRY(approve::holder_of(policy, key, at, unknown));
  if (holder.key->use == KeyUse::orders) return holder;
  return Error(Code::signer_key_other_use, holder.person->id.text(), "a key for ordinary use",
               "a key for break-glass orders");
}

std::set<PersonId> Officers::complete() const {
  std::set<PersonId> persons;
  for (const auto& [person, kinds] : made_)
    if (required_.met_by(kinds)) persons.insert(person);
  return persons;
}

std::string names_of(const std::set<PersonId>& persons) {
  std::string text;
  for (const auto& person : persons) text += (text.empty() ? "" : ", ") + person.text();
  return text.empty() ? "nobody" : text;
}

Result<void> check_officers(const Policy& policy, const std::set<PersonId>& signers, Instant at,
                            Code missing) {
  const std::string where = "officers of version " + std::to_string(policy.version);
  if (!policy.officers) return Error(missing, where, "officers in the policy", "none");
  Holders holders;
  for (const auto& id : signers) holders.emplace(id, policy.persons.at(id).roles_at(at));
  if (count(*policy.officers, holders) == Count::met) return {};
  const auto& kinds = policy.signatures.statements;
  const std::string by = kinds.any_one() ? "" : ", each by " + kinds.describe() + " signatures";
  return Error(missing, where, policy.officers->describe() + by, names_of(signers));
}

}  // namespace sallyport::trust
