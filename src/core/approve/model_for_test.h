// SPDX-License-Identifier: Apache-2.0
// A model checker for decisions about orders. It enumerates every history of up to a number of steps (signatures
// by any key, over these bytes or others; a person revoked; the order stopped; the order used) and asks the
// decision after each whether a node may use the order now. The first history, in order of length, at which the
// answer breaks an invariant is the counterexample: none is shorter.
//
// The decision is a parameter: the product's own (ballot_test.cpp), and wrong ones (mistakes_test.cpp), of which
// each has to be found out. The invariants are said here by counting, not by folding.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/approve/ballot.h"
#include "core/approve/use.h"

namespace sallyport::approve::model {

// Bits of roles.
constexpr unsigned deploy = 1;
constexpr unsigned operations = 2;
constexpr unsigned security = 4;

enum class KeyState : std::uint8_t { good, expired, break_glass, unknown };

struct Key {
  std::string name;
  std::size_t person;
  KeyState state = KeyState::good;
  SignatureKind kind = SignatureKind::classical;
};

struct Place {
  unsigned roles;
  unsigned persons;
};

// Person 0 proposes.
struct World {
  std::string name;
  std::vector<std::string> persons;
  std::vector<unsigned> roles;
  std::vector<Key> keys;
  std::vector<Place> places;
  SignatureKinds each_of = {};  // kinds of signatures that are asked for of everybody; empty: one of any kind
};

enum class What : std::uint8_t { sign, sign_other_bytes, revoke, stop, use };

struct Step {
  What what;
  std::size_t who = 0;  // key of a signature, person of a revocation
  Act act = Act::approve;
};
using History = std::vector<Step>;

// `used`: a `use` of the history, other than the last step, found the order granted.
enum class Earlier : std::uint8_t { unused, used };
enum class Answer : std::uint8_t { refused, open, vetoed, granted };
using Decision = std::function<Answer(const World&, const History&, Earlier)>;

inline std::string describe(const World& world, const Step& step) {
  constexpr std::array<const char*, 3> acts{"proposes", "approves", "refuses"};
  switch (step.what) {
    case What::sign:
      return world.keys[step.who].name + " " + acts.at(static_cast<std::size_t>(step.act));
    case What::sign_other_bytes:
      return world.keys[step.who].name + " approves other bytes";
    case What::revoke:
      return world.persons[step.who] + " is revoked";
    case What::stop:
      return "stopped";
    case What::use:
      return "used";
  }
  return {};
}

inline std::vector<Step> steps_of(const World& world) {
  std::vector<Step> steps;
  for (std::size_t key = 0; key < world.keys.size(); ++key) {
    for (const auto act : {Act::propose, Act::approve, Act::refuse}) steps.push_back({What::sign, key, act});
    if (key % 2 == 0) steps.push_back({What::sign_other_bytes, key});
  }
  for (std::size_t person = 1; person < world.persons.size(); ++person)
    steps.push_back({What::revoke, person});
  steps.push_back({What::stop});
  steps.push_back({What::use});
  return steps;
}

// Whether these persons can be put on the places so that each is on one: every assignment is tried.
// NOLINTNEXTLINE(misc-no-recursion): one level a place
inline bool fills(const World& world, std::vector<std::size_t> persons, std::vector<Place> places) {
  while (!places.empty() && places.back().persons == 0) places.pop_back();
  if (places.empty()) return true;
  for (std::size_t i = 0; i < persons.size(); ++i) {
    if ((world.roles[persons[i]] & places.back().roles) == 0) continue;
    auto others = persons;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    auto rest = places;
    --rest.back().persons;
    if (fills(world, others, rest)) return true;
  }
  return false;
}

// Two of operations, any of them but the proposer; bob and alice have two keys each.
inline World two_of_one_role() {
  return {"two of operations",
          {"alice", "bob", "carol", "dave"},
          {deploy | operations, operations, operations, 0},
          {{"alice-1", 0},
           {"alice-2", 0},
           {"bob-1", 1},
           {"bob-2", 1},
           {"carol-1", 2},
           {"carol-expired", 2, KeyState::expired},
           {"carol-break-glass", 2, KeyState::break_glass},
           {"dave-1", 3},
           {"mallory", 0, KeyState::unknown}},
          {{operations, 2}}};
}

// One of operations and one of security; bob could be either.
inline World one_of_each_role() {
  return {"one of operations and one of security",
          {"alice", "bob", "carol", "dave"},
          {deploy, operations | security, operations, security},
          {{"alice-1", 0}, {"bob-1", 1}, {"bob-2", 1}, {"carol-1", 2}, {"dave-1", 3}},
          {{operations, 1}, {security, 1}}};
}

inline World one_of_one_role() {
  return {"one of security",
          {"alice", "bob"},
          {deploy | security, security},
          {{"alice-1", 0}, {"bob-1", 1}, {"bob-2", 1}, {"mallory", 0, KeyState::unknown}},
          {{security, 1}}};
}

// Everybody signs by two kinds of keys, so that the shortest way to a grant is of four signatures.
inline World two_kinds_of_signatures() {
  constexpr auto pq = SignatureKind::post_quantum;
  return {"one of security, classical and post-quantum",
          {"alice", "bob", "carol"},
          {deploy, security, security},
          {{"alice-1", 0},
           {"alice-pq", 0, KeyState::good, pq},
           {"bob-1", 1},
           {"bob-pq", 1, KeyState::good, pq},
           {"bob-2-pq", 1, KeyState::good, pq},
           {"carol-pq", 2, KeyState::good, pq}},
          {{security, 1}},
          {SignatureKind::classical, pq}};
}

inline std::vector<World> worlds() {
  return {two_of_one_role(), one_of_each_role(), one_of_one_role(), two_kinds_of_signatures()};
}

}  // namespace sallyport::approve::model
