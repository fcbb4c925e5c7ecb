// SPDX-License-Identifier: Apache-2.0
// The policy: who may do what. docs/spec/policy.md. JSON that people write; unknown, duplicate or missing
// members are refused, and so is a policy that contradicts itself (policy_malformed): an empty set of
// sources, persons, intakes or pools, a threshold of zero or one that the persons with an approving role
// cannot reach for any proposer, a key or anchor under two names, a node in two pools, a role that nobody
// has.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/crypto/cms.h"

namespace sallyport {

struct Source {
  SourceId id;
  std::set<ProductId> products;      // what it may sign; never empty
  std::vector<Certificate> anchors;  // never empty
};

struct Person {
  PersonId id;
  std::vector<PublicKey> keys;  // never empty; no key belongs to two persons, nor to a person and an intake
  std::set<RoleId> roles;       // never empty
};

struct Intake {
  IntakeId id;
  PublicKey key;
};

// M distinct persons, each with one of these roles, none of them the proposer.
struct ApprovalRule {
  std::set<RoleId> propose;  // roles that may propose; never empty
  std::set<RoleId> approve;  // roles that may approve; never empty
  std::uint32_t persons;     // M >= 1
};

struct Pool {
  PoolId id;
  std::set<ProductId> products;
  std::set<NodeId> nodes;
  ApprovalRule approvals;
};

struct VerdictRule {
  std::uint32_t verdict_age_days_max;   // 1 to 3650
  std::uint32_t database_age_days_max;  // at the time of the scan; 1 to 3650
};

struct Policy {
  std::string name;
  std::uint64_t version;  // from 1
  std::map<SourceId, Source> sources;
  std::map<PersonId, Person> persons;
  std::map<IntakeId, Intake> intakes;
  std::map<PoolId, Pool> pools;
  VerdictRule verdicts;
  Sha256Digest digest;  // of the bytes that were parsed

  const Person* owner_of(const KeyId& key) const;  // null: nobody's
};

// The number of distinct persons. The only place of the program that counts persons: whether a threshold can
// be reached, and whether it was (core/approve/ballot.h).
std::uint32_t count_distinct(const std::set<PersonId>& persons);

bool has_one_of(const Person& person, const std::set<RoleId>& roles);

constexpr std::string_view policy_schema = "sallyport-policy/1";
constexpr std::size_t pool_nodes_max = 10000;
constexpr std::uint64_t policy_size_max = 4ULL << 20U;

Result<Policy> parse_policy(BytesView json);

}  // namespace sallyport
