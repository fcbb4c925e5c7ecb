// SPDX-License-Identifier: Apache-2.0
// What must never happen, said by counting and not by folding.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/approve/model_for_test.h"

namespace sallyport::approve::model {

// What stands in the way of using the order after this history; empty: nothing, it has to be granted.
class Invariants {
 public:
  Invariants(const World& world, const History& history, Earlier earlier)
      : world_(world), history_(history), earlier_(earlier) {}

  std::string violated_by_granting() const {
    if (earlier_ == Earlier::used) return "used twice";
    if (has({What::stop})) return "used after a stop";
    if (auto wrong = wrong_signature(); !wrong.empty()) return wrong;
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
      if (auto wrong = wrong_act(*step, key.person, first); !wrong.empty()) return wrong;
      if (done_before(step)) return "granted with a person who signed twice";
      first = false;
    }
    return {};
  }
  std::string wrong_act(const Step& step, std::size_t person, bool first) const {
    const unsigned roles = world_.roles[person];
    const bool proposes = step.act == Act::propose;
    if ((first && !proposes) || (proposes && person != 0)) return "granted with a wrong proposal";
    if (step.act == Act::approve && person == 0) return "granted with an approval by the proposer";
    if (step.act == Act::approve && (roles & approving()) == 0) return "granted with a person without a role";
    if (step.act == Act::refuse && (roles & (approving() | deploy)) == 0) {
      return "granted with a person without a role";
    }
    return {};
  }
  bool done_before(History::const_iterator step) const {
    const auto& key = world_.keys[step->who];
    return std::any_of(history_.begin(), step, [&](const Step& s) {
      const auto& other = world_.keys[s.who];
      return s.what == What::sign && s.act == step->act && other.person == key.person &&
             (world_.each_of.empty() || other.kind == key.kind);
    });
  }
  // By every kind of signature that is asked for.
  bool did(Act act, std::size_t person) const {
    SignatureKinds made;
    for (const auto& step : history_) {
      const bool is_it = step.what == What::sign && step.act == act && world_.keys[step.who].person == person;
      if (is_it) made.insert(world_.keys[step.who].kind);
    }
    return world_.each_of.empty() ? !made.empty() : made == world_.each_of;
  }
  bool vetoed() const {
    return std::any_of(history_.begin(), history_.end(),
                       [](const Step& s) { return s.what == What::sign && s.act == Act::refuse; });
  }
  bool proposed() const { return did(Act::propose, 0); }
  std::vector<std::size_t> approvers() const {
    std::vector<std::size_t> persons;
    for (std::size_t person = 0; person < world_.persons.size(); ++person)
      if (did(Act::approve, person)) persons.push_back(person);
    return persons;
  }

  const World& world_;
  const History& history_;
  Earlier earlier_;
};

}  // namespace sallyport::approve::model
