// SPDX-License-Identifier: Apache-2.0
// How many persons of which roles it takes: "2 of operations and 1 of security, or 3 of board". The only place
// of the program where persons are counted: for orders, for changes of the policy, and when a policy is loaded
// (can it be reached at all?).
//
// A person fills one place, however many roles, keys and signatures they have. Who fills which place is found
// by matching: whenever there is an assignment of distinct persons to all places, the quorum is met.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/id.h"

namespace sallyport {

// This many distinct persons, each with one of these roles. Never zero persons, never no roles.
struct Places {
  std::set<RoleId> roles;
  std::uint32_t persons;
};

// All of these places, no person in two of them. Never empty.
using Composition = std::vector<Places>;

class Quorum {
 public:
  // One of these compositions. Aborts on a part that is empty: a quorum of nobody does not exist.
  explicit Quorum(std::vector<Composition> any_of);

  // The same with one more place in each composition.
  Quorum and_also(const Places& places) const;

  const std::vector<Composition>& any_of() const { return any_of_; }
  std::set<RoleId> roles() const;     // of any place
  std::uint32_t persons_min() const;  // of the smallest composition
  std::string describe() const;       // "2 of operations and 1 of security"

 private:
  std::vector<Composition> any_of_;
};

// Persons with the roles that they hold at the time in question.
using Holders = std::map<PersonId, std::set<RoleId>>;

enum class Count : std::uint8_t { short_of_it, met };

Count count(const Quorum& quorum, const Holders& persons);

}  // namespace sallyport
