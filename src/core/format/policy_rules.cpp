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
  // It belongs to nobody else; several may share it.
  Result<void> check_free(const KeyId& key, std::string where) const {
    const auto found = owners_.find(key);
    if (found == owners_.end()) return {};
    return contradiction(std::move(where), "a key of its own", "also " + found->second);
  }

 private:
  std::map<KeyId, std::string> owners_;
};

// Whoever says when something was signed is not who signed it. One authority may serve several sources.
Result<void> check_time_stampers(const Policy& policy, const KeyOwners& owners) {
  for (const auto& [id, source] : policy.sources) {
    const auto& anchors = source.authority.time_stamp_anchors;
    for (std::size_t i = 0; i < anchors.size(); ++i) {
      const auto where = indexed("sources." + id.text() + ".time_stamps.anchors", i);
      TRY(owners.check_free(anchors[i].key_id(), where));
    }
  }
  return {};
}

// Nor is it a builder: one may build for several sources, and attests several kinds.
Result<void> check_builders(const Policy& policy, const KeyOwners& owners) {
  for (const auto& [id, source] : policy.sources) {
    for (std::size_t i = 0; i < source.attestations.size(); ++i) {
      const auto where = indexed("sources." + id.text() + ".attestations", i) + ".keys";
      const auto& keys = source.attestations[i].keys;
      for (std::size_t k = 0; k < keys.size(); ++k) TRY(owners.check_free(keys[k].id(), indexed(where, k)));
    }
  }
  return {};
}

Result<void> check_keys(const Policy& policy) {
  KeyOwners owners;
  for (const auto& [id, person] : policy.persons) {
    for (std::size_t i = 0; i < person.keys.size(); ++i) {
      TRY(owners.add(person.keys[i].key.id(), indexed("persons." + id.text() + ".keys", i)));
    }
  }
  for (const auto& [id, intake] : policy.intakes) {
    for (std::size_t i = 0; i < intake.keys.size(); ++i) {
      const auto where = "intakes." + id.text();
      const bool one = intake.keys.size() == 1;
      TRY(owners.add(intake.keys[i].id(), one ? where + ".key" : indexed(where + ".keys", i)));
    }
  }
  for (const auto& [id, source] : policy.sources) {
    const auto& anchors = source.authority.anchors;
    for (std::size_t i = 0; i < anchors.size(); ++i) {
      TRY(owners.add(anchors[i].key_id(), indexed("sources." + id.text() + ".anchors", i)));
    }
  }
  if (policy.log) {
    TRY(owners.add(policy.log->key.id(), "log.key"));
    for (const auto& witness : policy.log->witnesses) {
      TRY(owners.add(witness.key.id(), "log.witnesses." + witness.name));
    }
  }
  TRY(check_time_stampers(policy, owners));
  return check_builders(policy, owners);
}

// An intake that has not the keys to speak would be one that nobody hears; a source without anchors of a kind signs no
// package that counts.
Result<void> check_kinds(const Policy& policy) {
  const auto& rules = policy.signatures;
  for (const auto& [id, intake] : policy.intakes) {
    SignatureKinds kinds;
    for (const auto& key : intake.keys) kinds.insert(key.kind());
    if (!rules.statements.met_by(kinds))
      return contradiction("intakes." + id.text() + ".keys", rules.statements.describe() + " keys",
                           describe(kinds));
  }
  for (const auto& [id, source] : policy.sources) {
    SignatureKinds kinds;
    for (const auto& anchor : source.authority.anchors) kinds.insert(anchor.key_kind());
    if (!rules.packages.met_by(kinds))
      return contradiction("sources." + id.text() + ".anchors", rules.packages.describe() + " anchors",
                           describe(kinds));
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

// The persons who will stay, with their roles, if they have a key of each kind that is asked for, for this use: who is
// revoked, or will be, cannot be relied on.
Holders lasting_holders(const Policy& policy, KeyUse use) {
  Holders holders;
  for (const auto& [id, person] : policy.persons) {
    SignatureKinds kinds;
    for (const auto& key : person.keys) {
      if (key.use == use && !key.validity.revoked_at) kinds.insert(key.key.kind());
    }
    if (!policy.signatures.statements.met_by(kinds) || person.revoked_at) continue;
    for (const auto& [role, validity] : person.roles) holders[id].insert(role);
  }
  return holders;
}

// What is asked of every rule, made once: a policy may have hundreds of pools.
struct Known {
  explicit Known(const Policy& policy)
      : orders(lasting_holders(policy, KeyUse::orders)),
        break_glass(lasting_holders(policy, KeyUse::break_glass)) {
    for (const auto& [id, person] : policy.persons) {
      for (const auto& [role, validity] : person.roles) roles.insert(role);
    }
  }
  Holders orders;
  Holders break_glass;
  std::set<RoleId> roles;  // of anybody
};

Result<void> check_roles(const Known& known, const std::set<RoleId>& roles, const std::string& where) {
  const auto nobodys = std::find_if(roles.begin(), roles.end(),
                                    [&](const RoleId& role) { return !known.roles.contains(role); });
  if (nobodys == roles.end()) return {};
  return contradiction(where, "roles that persons of the policy have", nobodys->text());
}

// Where the threshold is written.
std::string threshold_of(const Quorum& quorum) {
  const bool is_short = quorum.any_of().size() == 1 && quorum.any_of().front().size() == 1;
  return is_short ? ".persons" : ".rule";
}

// Somebody may propose, and enough others may approve: proposing is one more place to be filled.
Result<void> check_reachable(const Holders& holders, const ApprovalRule& rule, KeyUse use,
                             const std::string& where) {
  if (count(rule.approve.and_also({rule.propose, 1}), holders) == Count::met) return {};
  const std::string with = use == KeyUse::break_glass
                               ? "with a key of the use break-glass, of each kind asked for, "
                               : "with a key of each kind asked for ";
  return contradiction(where + threshold_of(rule.approve),
                       "no more than the persons " + with + "who may approve what another proposed",
                       rule.approve.describe() + " asked for");
}

Result<void> check_rule(const Known& known, KeyUse use, const ApprovalRule& rule, const std::string& where) {
  TRY(check_roles(known, rule.propose, where + ".propose"));
  TRY(check_roles(known, rule.approve.roles(), where + ".approve"));
  TRY(check_roles(known, rule.veto, where + ".veto"));
  return check_reachable(use == KeyUse::orders ? known.orders : known.break_glass, rule, use, where);
}

Result<void> check_officers(const Policy& policy, const Known& known) {
  if (!policy.officers) return {};
  TRY(check_roles(known, policy.officers->roles(), "officers.roles"));
  if (count(*policy.officers, known.orders) == Count::met) return {};
  return contradiction("officers" + threshold_of(*policy.officers),
                       "no more than the officers that there are", policy.officers->describe());
}

Result<void> check_apart(const Policy& policy, const Known& known) {
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
    TRY(check_roles(known, policy.apart[i], indexed("apart", i)));
  }
  return {};
}

// Who fills which place is searched for, for each rule: rules of many compositions times many persons are bounded
// together, far above what people can oversee.
constexpr std::uint64_t work_max = 4'000'000;

std::uint64_t places_in(const Quorum& quorum) {
  std::uint64_t places = 0;
  for (const auto& composition : quorum.any_of()) places += composition.size() + 1;
  return places;
}

Result<void> check_size(const Policy& policy) {
  std::uint64_t places = policy.officers ? places_in(*policy.officers) : 0;
  for (const auto& [id, pool] : policy.pools) {
    places += places_in(pool.approvals.approve);
    if (pool.break_glass) places += places_in(pool.break_glass->approvals.approve);
  }
  if (places * policy.persons.size() <= work_max) return {};
  return contradiction(
      "pools", "rules whose places, times the persons, are at most " + std::to_string(work_max),
      std::to_string(places) + " places, " + std::to_string(policy.persons.size()) + " persons");
}

}  // namespace

Result<void> check_policy(const Policy& policy) {
  TRY(check_keys(policy));
  TRY(check_kinds(policy));
  TRY(check_nodes(policy));
  const Known known(policy);
  TRY(check_apart(policy, known));
  TRY(check_size(policy));
  for (const auto& [id, pool] : policy.pools) {
    const std::string where = "pools." + id.text();
    TRY(check_rule(known, KeyUse::orders, pool.approvals, where + ".approvals"));
    if (!pool.break_glass) continue;
    TRY(check_rule(known, KeyUse::break_glass, pool.break_glass->approvals, where + ".break_glass"));
  }
  return check_officers(policy, known);
}

}  // namespace sallyport
