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

// One key speaks for one person, one intake or one source: else it would count for two, or one would judge
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
      TRY(owners.add(person.keys[i].id(), indexed("persons." + id.text() + ".keys", i)));
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

std::set<PersonId> holders(const Policy& policy, const std::set<RoleId>& roles) {
  std::set<PersonId> persons;
  for (const auto& [id, person] : policy.persons) {
    if (has_one_of(person, roles)) persons.insert(id);
  }
  return persons;
}

Result<void> check_roles(const Policy& policy, const std::set<RoleId>& roles, const std::string& where) {
  for (const auto& role : roles) {
    if (holders(policy, {role}).empty()) {
      return contradiction(where, "roles that persons of the policy have", role.text());
    }
  }
  return {};
}

// Somebody may propose, and enough others may approve.
Result<void> check_reachable(const Policy& policy, const ApprovalRule& rule, const std::string& where) {
  const auto approvers = holders(policy, rule.approve);
  const auto proposers = holders(policy, rule.propose);
  const bool reachable = std::any_of(proposers.begin(), proposers.end(), [&](const PersonId& proposer) {
    auto others = approvers;
    others.erase(proposer);
    return count_distinct(others) >= rule.persons;
  });
  if (reachable) return {};
  return contradiction(where + ".persons", "no more than the persons who may approve what another proposed",
                       std::to_string(rule.persons) + " of " + std::to_string(count_distinct(approvers)));
}

}  // namespace

Result<void> check_policy(const Policy& policy) {
  TRY(check_keys(policy));
  TRY(check_nodes(policy));
  for (const auto& [id, pool] : policy.pools) {
    const std::string where = "pools." + id.text() + ".approvals";
    TRY(check_roles(policy, pool.approvals.propose, where + ".propose"));
    TRY(check_roles(policy, pool.approvals.approve, where + ".approve"));
    TRY(check_reachable(policy, pool.approvals, where));
  }
  return {};
}

}  // namespace sallyport
