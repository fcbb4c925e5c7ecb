// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_rules.h"

#include <algorithm>

namespace sallyport {
namespace {

Error contradiction(std::string where, std::string expected, std::string found) {
  return {Code::policy_malformed, std::move(where), std::move(expected), std::move(found)};
}

std::string indexed(const std::string& where, std::size_t index) {
  return where + "[" + std::to_string(index) + "]";
}

// One key speaks for one person, intake, source, log or witness: else it would count for two, or one would judge
// what it made itself.
class KeyOwners {
 public:
  Result<void> add(const KeyId& key, std::string where) {
    const auto [entry, is_new] = owners_.try_emplace(key, where);
    if (is_new) return {};
    return contradiction(std::move(where), "a key of its own", "also " + entry->second);
  }

 private:
  std::map<KeyId, std::string> owners_;
};

Result<void> check_keys(const Policy& policy) {
  KeyOwners owners;
  for (const auto& [id, person] : policy.persons) {
    for (std::size_t i = 0; i < person.keys.size(); ++i) {
      TRY(owners.add(person.keys[i].key.id(), indexed("persons." + id.text() + ".keys", i)));
    }
  }
  for (const auto& [id, intake] : policy.intakes) {
    TRY(owners.add(intake.key.id(), "intakes." + id.text() + ".key"));
  }
  for (const auto& [id, source] : policy.sources) {
    for (std::size_t i = 0; i < source.anchors.size(); ++i) {
      TRY(owners.add(source.anchors[i].key_id(), indexed("sources." + id.text() + ".anchors", i)));
    }
  }
  if (!policy.log) return {};
  TRY(owners.add(policy.log->key.id(), "log.key"));
  for (const auto& witness : policy.log->witnesses) {
    TRY(owners.add(witness.key.id(), "log.witnesses." + witness.name));
  }
  return {};
}

Result<void> check_nodes(const Policy& policy) {
  std::map<NodeId, PoolId> pool_of;
  for (const auto& [id, pool] : policy.pools) {
    for (const auto& node : pool.nodes) {
      const auto [entry, is_new] = pool_of.try_emplace(node, id);
      if (is_new) continue;
      return contradiction("pools." + id.text() + ".nodes", "nodes of this pool alone",
                           node.text() + ", also of " + entry->second.text());
    }
  }
  return {};
}

// The persons who will stay, with their roles, if they have a key for this use: who is revoked, or will be, cannot
// be relied on.
Holders lasting_holders(const Policy& policy, KeyUse use) {
  Holders holders;
  for (const auto& [id, person] : policy.persons) {
    const bool has_key = std::any_of(person.keys.begin(), person.keys.end(), [&](const PersonKey& key) {
      return key.use == use && !key.validity.revoked_at;
    });
    if (!has_key || person.revoked_at) continue;
    for (const auto& [role, validity] : person.roles) holders[id].insert(role);
  }
  return holders;
}

Result<void> check_roles(const Policy& policy, const std::set<RoleId>& roles, const std::string& where) {
  for (const auto& role : roles) {
    const bool held = std::any_of(policy.persons.begin(), policy.persons.end(),
                                  [&](const auto& entry) { return entry.second.roles.contains(role); });
    if (!held) return contradiction(where, "roles that persons of the policy have", role.text());
  }
  return {};
}

// Where the threshold is written.
std::string threshold_of(const Quorum& quorum) {
  const bool is_short = quorum.any_of().size() == 1 && quorum.any_of().front().size() == 1;
  return is_short ? ".persons" : ".rule";
}

// Somebody may propose, and enough others may approve.
Result<void> check_reachable(const Holders& holders, const ApprovalRule& rule, const std::string& where) {
  const bool reachable = std::any_of(holders.begin(), holders.end(), [&](const auto& proposer) {
    if (!has_one_of(proposer.second, rule.propose)) return false;
    auto others = holders;
    others.erase(proposer.first);
    return count(rule.approve, others) == Count::met;
  });
  if (reachable) return {};
  return contradiction(where + threshold_of(rule.approve),
                       "no more than the persons who may approve what another proposed",
                       rule.approve.describe());
}

Result<void> check_rule(const Policy& policy, const ApprovalRule& rule, KeyUse use,
                        const std::string& where) {
  TRY(check_roles(policy, rule.propose, where + ".propose"));
  TRY(check_roles(policy, rule.approve.roles(), where + ".approve"));
  TRY(check_roles(policy, rule.veto, where + ".veto"));
  return check_reachable(lasting_holders(policy, use), rule, where);
}

Result<void> check_officers(const Policy& policy) {
  if (!policy.officers) return {};
  TRY(check_roles(policy, policy.officers->roles(), "officers.roles"));
  if (count(*policy.officers, lasting_holders(policy, KeyUse::orders)) == Count::met) return {};
  return contradiction("officers" + threshold_of(*policy.officers),
                       "no more than the officers that there are", policy.officers->describe());
}

Result<void> check_apart(const Policy& policy) {
  for (std::size_t i = 0; i < policy.apart.size(); ++i) {
    for (const auto& [id, person] : policy.persons) {
      std::string held;
      std::size_t roles = 0;
      for (const auto& role : policy.apart[i]) {
        if (!person.roles.contains(role)) continue;
        held += (held.empty() ? "" : ", ") + role.text();
        ++roles;
      }
      if (roles > 1)
        return contradiction("persons." + id.text() + ".roles", "one of them, see " + indexed("apart", i),
                             held);
    }
    TRY(check_roles(policy, policy.apart[i], indexed("apart", i)));
  }
  return {};
}

}  // namespace

Result<void> check_policy(const Policy& policy) {
  TRY(check_keys(policy));
  TRY(check_nodes(policy));
  TRY(check_apart(policy));
  for (const auto& [id, pool] : policy.pools) {
    const std::string where = "pools." + id.text();
    TRY(check_rule(policy, pool.approvals, KeyUse::orders, where + ".approvals"));
    if (!pool.break_glass) continue;
    TRY(check_rule(policy, pool.break_glass->approvals, KeyUse::break_glass, where + ".break_glass"));
  }
  return check_officers(policy);
}

}  // namespace sallyport
