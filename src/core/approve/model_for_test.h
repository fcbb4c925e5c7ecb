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

// What stands in the way of using the order after this history; empty: nothing, it has to be granted.
class Invariants {
 public:
  Invariants(const World& world, const History& history, Earlier earlier)
      : world_(world), history_(history), earlier_(earlier) {}

  std::string violated_by_granting() const {
    if (earlier_ == Earlier::used) return "used twice";
    if (has({What::stop})) return "used after a stop";
    if (const auto wrong = wrong_signature(); !wrong.empty()) return wrong;
    if (vetoed()) return "granted after a veto";
    if (!proposed()) return "granted without the proposer's signature";
    if (!fills(world_, approvers(), world_.places)) return "granted below the rule";
    return {};
  }

 private:
  unsigned approving() const {
    unsigned roles = 0;
    for (const auto& place : world_.places) roles |= place.roles;
    return roles;
  }
  bool has(const Step& step) const {
    return std::any_of(history_.begin(), history_.end(), [&](const Step& s) { return s.what == step.what; });
  }
  bool revoked(std::size_t person) const {
    return std::any_of(history_.begin(), history_.end(),
                       [&](const Step& s) { return s.what == What::revoke && s.who == person; });
  }
  // A signature that must not be there voids the order.
  std::string wrong_signature() const {
    bool first = true;
    for (auto step = history_.begin(); step != history_.end(); ++step) {
      if (step->what != What::sign && step->what != What::sign_other_bytes) continue;
      const auto& key = world_.keys[step->who];
      if (step->what == What::sign_other_bytes) return "granted with a signature over other bytes";
      if (key.state == KeyState::unknown) return "granted with a signature of a stranger";
      if (revoked(key.person)) return "granted with a revoked person";
      if (key.state == KeyState::expired) return "granted with an expired key";
      if (key.state == KeyState::break_glass) return "granted with a key for something else";
      if (const auto wrong = wrong_act(*step, key.person, first); !wrong.empty()) return wrong;
      if (done_before(step)) return "granted with a person who signed twice";
      first = false;
    }
    return {};
  }
  std::string wrong_act(const Step& step, std::size_t person, bool first) const {
    const unsigned roles = world_.roles[person];
    if (first != (step.act == Act::propose) || (first && person != 0)) return "granted with a wrong proposal";
    if (step.act == Act::approve && person == 0) return "granted with an approval by the proposer";
    if (step.act == Act::approve && (roles & approving()) == 0) return "granted with a person without a role";
    if (step.act == Act::refuse && (roles & (approving() | deploy)) == 0) {
      return "granted with a person without a role";
    }
    return {};
  }
  bool done_before(History::const_iterator step) const {
    const auto person = world_.keys[step->who].person;
    return std::any_of(history_.begin(), step, [&](const Step& s) {
      return s.what == What::sign && s.act == step->act && world_.keys[s.who].person == person;
    });
  }
  bool vetoed() const {
    return std::any_of(history_.begin(), history_.end(),
                       [](const Step& s) { return s.what == What::sign && s.act == Act::refuse; });
  }
  bool proposed() const {
    return std::any_of(history_.begin(), history_.end(),
                       [](const Step& s) { return s.what == What::sign && s.act == Act::propose; });
  }
  std::vector<std::size_t> approvers() const {
    std::vector<std::size_t> persons;
    for (const auto& step : history_) {
      if (step.what == What::sign && step.act == Act::approve)
        persons.push_back(world_.keys[step.who].person);
    }
    return persons;
  }

  const World& world_;
  const History& history_;
  Earlier earlier_;
};

struct Counterexample {
  std::string world;
  History history;
  std::string what;

  std::string text(const World& in) const {
    std::string all = world + ": ";
    for (const auto& step : history) all += describe(in, step) + "; ";
    return all + what;
  }
};

enum class Prune : std::uint8_t { refused, nothing };

class Checker {
 public:
  Checker(const World& world, const Decision& decision, Prune prune = Prune::refused)
      : world_(world), decision_(decision), prune_(prune), steps_(steps_of(world)) {}

  // Every history of at most `length` steps, the short ones first.
  std::optional<Counterexample> run(std::size_t length) {
    for (std::size_t size = 0; size <= length && !found_; ++size) {
      History history;
      visit(history, Earlier::unused, size);
    }
    return found_;
  }
  std::size_t histories() const { return histories_; }
  std::size_t granted() const { return granted_; }

 private:
  // Histories that are longer than this one by `more` steps are judged; this one only if none is missing.
  void visit(History& history, Earlier earlier,
             std::size_t more) {  // NOLINT(misc-no-recursion): `more` levels
    const auto answer = decision_(world_, history, earlier);
    if (more == 0) return judge(history, earlier, answer);
    if (prune_ == Prune::refused && answer == Answer::refused && !history.empty()) return;
    for (const auto& step : steps_) {
      const bool uses = step.what == What::use && answer == Answer::granted;
      history.push_back(step);
      visit(history, uses ? Earlier::used : earlier, more - 1);
      history.pop_back();
      if (found_) return;
    }
  }
  void judge(const History& history, Earlier earlier, Answer answer) {
    ++histories_;
    if (answer == Answer::granted) ++granted_;
    const auto obstacle = Invariants(world_, history, earlier).violated_by_granting();
    if (obstacle.empty() == (answer == Answer::granted)) return;
    found_ = {world_.name, history, obstacle.empty() ? "not granted, although the rule is met" : obstacle};
  }

  const World& world_;
  const Decision& decision_;
  Prune prune_;
  std::vector<Step> steps_;
  std::size_t histories_ = 0;
  std::size_t granted_ = 0;
  std::optional<Counterexample> found_;
};

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

inline std::vector<World> worlds() {
  return {two_of_one_role(), one_of_each_role(), one_of_one_role()};
}

}  // namespace sallyport::approve::model
