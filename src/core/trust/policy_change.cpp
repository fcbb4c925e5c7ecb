// SPDX-License-Identifier: Apache-2.0
#include "core/trust/policy_change.h"

namespace sallyport::trust {
namespace {

// What these keys' owners hold at that time, by this policy alone.
Holders holders(const Policy& policy, const std::set<KeyId>& signers, Instant at) {
  Holders found;
  for (const auto& id : signers) {
    const auto* const person = policy.owner_of(id);
    const auto* const key = policy.find_key(id);
    if (person == nullptr || key == nullptr || key->use != KeyUse::orders) continue;
    if (term_at(key->validity, at) != Term::running) continue;
    auto roles = person->roles_at(at);
    if (!roles.empty()) found.emplace(person->id, std::move(roles));
  }
  return found;
}

Result<void> asked(const Policy& policy, const std::set<KeyId>& signers, Instant at) {
  const std::string where = "the officers of policy version " + std::to_string(policy.version);
  if (!policy.officers.has_value())
    return Error(Code::officers_missing, where, "a rule for officers", "none");
  const auto found = holders(policy, signers, at);
  if (count(*policy.officers, found) == Count::met) return {};
  std::string names;
  for (const auto& [person, roles] : found) names += (names.empty() ? "" : ", ") + person.text();
  return Error(Code::officers_missing, where, policy.officers->describe(), names.empty() ? "nobody" : names);
}

}  // namespace

Result<void> policy_change(const Policy& before, const Policy& after, const std::set<KeyId>& signers,
                           Instant at) {
  if (after.version <= before.version)
    return Error(Code::policy_mismatch, "policy", "a version above " + std::to_string(before.version),
                 std::to_string(after.version));
  TRY(asked(before, signers, at));
  return asked(after, signers, at);
}

}  // namespace sallyport::trust
