// SPDX-License-Identifier: Apache-2.0
// The policy: who may do what. docs/spec/policy.md. JSON that people write; unknown, duplicate or missing
// members are refused, and so is a policy that contradicts itself (policy_malformed): an empty set of
// sources, persons, intakes or pools, a quorum of nobody or one that the persons who stay cannot reach for
// any proposer, a key or anchor under two names, a node in two pools, a role that nobody has, a person with two
// roles that have to be apart.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/crypto/cms.h"
#include "core/format/policy_algorithms.h"
#include "core/format/policy_gate.h"
#include "core/format/policy_log.h"
#include "core/format/policy_source.h"
#include "core/format/quorum.h"
#include "core/format/signature_kinds.h"
#include "core/format/timetable.h"
#include "core/format/validity.h"

namespace sallyport {

// What a key may sign. A person's keys for the one are worth nothing for the other.
enum class KeyUse : std::uint8_t { orders, break_glass };

struct PersonKey {
  PublicKey key;
  KeyUse use;
  Validity validity;
};

struct Person {
  PersonId id;
  std::vector<PersonKey> keys;        // never empty; no key belongs to two names
  std::map<RoleId, Validity> roles;   // never empty
  std::optional<Instant> revoked_at;  // from then on nothing of theirs counts

  std::set<RoleId> roles_at(Instant at) const;  // empty for a revoked person
};

struct Intake {
  IntakeId id;
  std::vector<PublicKey> keys;  // never empty; no key belongs to two names

  const PublicKey* find_key(const KeyId& key) const;  // null: another's
};

// Who proposes, and which other persons have to approve.
struct ApprovalRule {
  std::set<RoleId> propose;  // roles that may propose; never empty
  Quorum approve;            // the proposer fills no place of it
  std::set<RoleId> veto;     // roles that may refuse, besides those of propose and approve
};

// For emergencies, by keys of their own.
struct BreakGlassRule {
  ApprovalRule approvals;
  std::uint32_t window_hours_max;  // 1 to 72
};

struct Pool {
  PoolId id;
  std::set<ProductId> products;
  std::set<NodeId> nodes;
  ApprovalRule approvals;
  std::optional<BreakGlassRule> break_glass;      // absent: there is none
  std::optional<std::uint32_t> window_hours_max;  // of an order; absent: any
  std::optional<Timetable> timetable;             // when orders may be used; absent: always
  std::set<std::string> sysctls = {};  // kernel settings that its releases may ask for; empty: none
  std::optional<GateRule> gate = {};   // of its nodes; absent: each node says itself
};

// Officers change the policy. Absent: nobody does.
using Officers = Quorum;

struct VerdictRule {
  std::uint32_t verdict_age_days_max;   // 1 to 3650
  std::uint32_t database_age_days_max;  // at the time of the scan; 1 to 3650
  std::set<std::string> engines = {};   // that have to have looked at every byte; empty: any one is enough
};

struct Policy {
  std::string name;
  std::uint64_t version;  // from 1
  std::map<SourceId, Source> sources;
  std::map<PersonId, Person> persons;
  std::map<IntakeId, Intake> intakes;
  std::map<PoolId, Pool> pools;
  VerdictRule verdicts;
  std::optional<Officers> officers;
  std::vector<std::set<RoleId>> apart;            // nobody has two roles of one of these sets
  std::optional<LogRule> log;                     // absent: no log is required
  SignatureRules signatures;                      // absent: one signature of any kind each
  Sha256Digest digest;                            // of the bytes that were parsed
  std::vector<AlgorithmEnd> algorithm_ends = {};  // after which signatures by keys of these count for nothing
  // Given beside the policy, not in it: newer than what officers sign can be. For every source alike.
  std::vector<RevocationList> delivered_lists = {};
  ListFloors list_floors = {};

  const Intake* intake_of(const KeyId& key) const;    // null: nobody's
  const Person* owner_of(const KeyId& key) const;     // null: nobody's
  const PersonKey* find_key(const KeyId& key) const;  // null: nobody's
};

bool has_one_of(const std::set<RoleId>& held, const std::set<RoleId>& wanted);

constexpr std::string_view policy_schema = "sallyport-policy/1";
// Of the envelope in which officers sign a policy: its payload is the policy file as it is.
constexpr std::string_view policy_payload_type = "application/vnd.sallyport.policy+json";
constexpr std::size_t pool_nodes_max = 10000;
constexpr std::uint64_t policy_size_max = 4ULL << 20U;

Result<Policy> parse_policy(BytesView json);

}  // namespace sallyport
