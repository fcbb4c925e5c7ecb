// SPDX-License-Identifier: Apache-2.0
// The classic mistakes of those who count signatures, planted one by one into a decision that is right without
// them: the model checker has to find each, and to find nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "core/approve/checker_for_test.h"

namespace sallyport::approve::model {
namespace {

enum class Mistake : std::uint8_t {
  none,
  counts_signatures,  // the same key twice is two
  counts_keys,        // two keys of one person are two
  threshold_off_by_one,
  nobody_is_enough,  // an envelope without signatures passes
  role_not_checked,  // whoever the policy names counts
  stranger_counts,   // a key that nobody of the policy has
  proposer_counts,
  anybody_proposes,            // the first signature may be anyone's
  late_veto_ignored,           // a refusal after enough approvals
  veto_withdrawn_by_approval,  // an approval after a refusal
  other_bytes_count,           // a valid signature, over something else
  revoked_counts,
  revoked_later_counts,  // who approved before the revocation
  expired_key_counts,
  break_glass_key_counts,
  one_person_fills_two_places,
  first_place_taken,  // no second thought about who fills which place
  used_again,
  stop_ignored,
  one_kind_is_enough,  // either of the two signatures of a person
  proposer_by_one_kind,
};

struct Named {
  Mistake mistake;
  const char* name;
  const char* seen_in;
};

constexpr std::array<Named, 21> mistakes{{
    {Mistake::counts_signatures, "counts signatures", "tough CVE-2026-6966"},
    {Mistake::counts_keys, "counts keys", "python-tuf #1091, go-tuf #733"},
    {Mistake::threshold_off_by_one, "threshold off by one", "qos ef1cbc68"},
    {Mistake::nobody_is_enough, "nobody is enough", "go-tuf CVE-2026-23992"},
    {Mistake::role_not_checked, "role not checked", "qos 6632adfc"},
    {Mistake::stranger_counts, "stranger counts", "qos 6632adfc"},
    {Mistake::proposer_counts, "proposer counts", "hawkBit PR#678"},
    {Mistake::anybody_proposes, "anybody proposes", "nephio#398, auto-approval"},
    {Mistake::late_veto_ignored, "late veto ignored", "a veto that only counts in time"},
    {Mistake::veto_withdrawn_by_approval, "veto withdrawn by an approval", "a draft that is approved again"},
    {Mistake::other_bytes_count, "other bytes count", "cosign CVE-2022-23649"},
    {Mistake::revoked_counts, "revoked counts", "a list of revoked persons that nobody reads"},
    {Mistake::revoked_later_counts, "revoked later counts", "hawkBit#2343"},
    {Mistake::expired_key_counts, "expired key counts", "notation, certificates past their end"},
    {Mistake::break_glass_key_counts, "break-glass key counts", "one key for two purposes"},
    {Mistake::one_person_fills_two_places, "one person fills two places",
     "qos caf5a747, one signer under two names"},
    {Mistake::first_place_taken, "first place taken", "greedy matching"},
    {Mistake::used_again, "used again", "in-toto GHSA-73jv-h86v-c2vh"},
    {Mistake::stop_ignored, "stop ignored", "hawkBit before 0.10"},
    {Mistake::one_kind_is_enough, "one kind of signature is enough", "hybrid certificates, either of two"},
    {Mistake::proposer_by_one_kind, "the proposer signs by one kind", "a rule for approvers alone"},
}};

class Careless {
 public:
  Careless(const World& world, Mistake mistake) : world_(world), mistake_(mistake) {}

  Answer decide(const History& history, Earlier earlier) {
    if (earlier == Earlier::used && !is(Mistake::used_again)) return Answer::refused;
    note_environment(history);
    if (stopped_ && !is(Mistake::stop_ignored)) return Answer::refused;
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (history[i].what != What::sign && history[i].what != What::sign_other_bytes) continue;
      if (add(history[i], i) == Answer::refused) return Answer::refused;
    }
    if (signatures_ == 0) return is(Mistake::nobody_is_enough) ? Answer::granted : Answer::refused;
    if (!refused_.empty()) return Answer::vetoed;
    return enough() ? Answer::granted : Answer::open;
  }

 private:
  bool is(Mistake mistake) const { return mistake_ == mistake; }

  void note_environment(const History& history) {
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (history[i].what == What::revoke) revoked_.try_emplace(history[i].who, i);
      if (history[i].what == What::stop) stopped_ = true;
    }
  }
  bool usable(const Step& step, const Key& key, std::size_t when) const {
    if (step.what == What::sign_other_bytes && !is(Mistake::other_bytes_count)) return false;
    if (key.state == KeyState::unknown) return is(Mistake::stranger_counts);
    if (key.state == KeyState::expired && !is(Mistake::expired_key_counts)) return false;
    if (key.state == KeyState::break_glass && !is(Mistake::break_glass_key_counts)) return false;
    const auto revoked = revoked_.find(key.person);
    if (revoked == revoked_.end() || is(Mistake::revoked_counts)) return true;
    return is(Mistake::revoked_later_counts) && when < revoked->second;
  }
  Answer add(const Step& step, std::size_t when) {
    const auto& key = world_.keys[step.who];
    if (!usable(step, key, when)) return Answer::refused;
    // A stranger is taken for one more person with all roles.
    const auto person = key.state == KeyState::unknown ? world_.persons.size() : key.person;
    const unsigned roles = person < world_.roles.size() ? world_.roles[person] : ~0U;
    const bool first = signatures_++ == 0;
    if (first || step.act == Act::propose) return propose(step, key.kind, person, first);
    return step.act == Act::approve ? approve(step, person, roles) : refuse(person, roles, key.kind);
  }
  bool hybrid() const { return !world_.each_of.empty(); }
  Answer propose(const Step& step, SignatureKind kind, std::size_t person, bool first) {
    if (step.act != Act::propose || !(first || hybrid())) return Answer::refused;
    if (!proposed_by_.insert(kind).second) return Answer::refused;
    return person == 0 || is(Mistake::anybody_proposes) ? Answer::open : Answer::refused;
  }
  Answer approve(const Step& step, std::size_t person, unsigned roles) {
    if (hybrid()) {
      if (person == 0 || (roles & approving()) == 0) return Answer::refused;
      return approved_by_[person].insert(world_.keys[step.who].kind).second ? Answer::open : Answer::refused;
    }
    if (person == 0 && !is(Mistake::proposer_counts)) return Answer::refused;
    if ((roles & approving()) == 0 && !is(Mistake::role_not_checked)) return Answer::refused;
    const bool again = approved_.contains(person);
    if (again && is(Mistake::counts_signatures)) ++extra_;
    if (again && is(Mistake::counts_keys) && !keys_.contains(step.who)) ++extra_;
    if (again && !is(Mistake::counts_signatures) && !is(Mistake::counts_keys)) return Answer::refused;
    if (is(Mistake::veto_withdrawn_by_approval)) refused_.clear();
    approved_.insert(person);
    keys_.insert(step.who);
    return Answer::open;
  }
  Answer refuse(std::size_t person, unsigned roles, SignatureKind kind) {
    if ((roles & (approving() | deploy)) == 0) return Answer::refused;
    if (hybrid()) {
      refused_.insert(person);
      return refused_by_[person].insert(kind).second ? Answer::open : Answer::refused;
    }
    if (is(Mistake::late_veto_ignored) && enough()) return Answer::open;
    return refused_.insert(person).second ? Answer::open : Answer::refused;
  }

  unsigned approving() const {
    unsigned roles = 0;
    for (const auto& place : world_.places) roles |= place.roles;
    return roles;
  }
  unsigned roles_of(std::size_t person) const {
    if (is(Mistake::role_not_checked) || person >= world_.roles.size()) return ~0U;
    return world_.roles[person];
  }
  // Everybody of the hybrid world by each kind.
  bool complete(const SignatureKinds& made) const { return made == world_.each_of; }
  std::vector<std::size_t> approvers() const {
    std::vector<std::size_t> persons(approved_.begin(), approved_.end());
    for (const auto& [person, kinds] : approved_by_)
      if (complete(kinds) || is(Mistake::one_kind_is_enough)) persons.push_back(person);
    return persons;
  }
  bool enough() const {
    if (hybrid() && !complete(proposed_by_) && !is(Mistake::proposer_by_one_kind)) return false;
    auto places = world_.places;
    if (is(Mistake::threshold_off_by_one)) --places.front().persons;
    auto persons = approvers();
    if (is(Mistake::one_person_fills_two_places)) return each_place_alone(places, persons);
    if (is(Mistake::first_place_taken)) return greedy(places, persons);
    World counted = world_;
    for (std::size_t i = 0; i < extra_; ++i) persons.push_back(*approved_.begin());
    counted.roles.push_back(~0U);
    for (std::size_t i = 0; i < world_.roles.size(); ++i) counted.roles[i] = roles_of(i);
    return fills(counted, persons, places);
  }
  bool each_place_alone(const std::vector<Place>& places, const std::vector<std::size_t>& persons) const {
    return std::all_of(places.begin(), places.end(), [&](const Place& place) {
      const auto fitting = std::count_if(persons.begin(), persons.end(),
                                         [&](std::size_t p) { return (roles_of(p) & place.roles) != 0; });
      return fitting >= static_cast<std::ptrdiff_t>(place.persons);
    });
  }
  bool greedy(std::vector<Place> places, const std::vector<std::size_t>& persons) const {
    for (const auto person : persons) {
      for (auto& place : places) {
        if (place.persons == 0 || (roles_of(person) & place.roles) == 0) continue;
        --place.persons;
        break;
      }
    }
    return std::all_of(places.begin(), places.end(), [](const Place& place) { return place.persons == 0; });
  }

  const World& world_;
  Mistake mistake_;
  std::map<std::size_t, std::size_t> revoked_;  // person, when
  bool stopped_ = false;
  std::size_t signatures_ = 0;
  std::size_t extra_ = 0;
  std::set<std::size_t> approved_;
  std::set<std::size_t> keys_;
  std::set<std::size_t> refused_;
  // In a world that asks for several kinds of signatures.
  SignatureKinds proposed_by_;
  std::map<std::size_t, SignatureKinds> approved_by_;
  std::map<std::size_t, SignatureKinds> refused_by_;
};

std::optional<std::string> found_out(Mistake mistake, std::size_t length) {
  const Decision decision = [mistake](const World& world, const History& history, Earlier earlier) {
    return Careless(world, mistake).decide(history, earlier);
  };
  for (const auto& world : worlds()) {
    if (const auto found = Checker(world, decision).run(length)) return found->text(world);
  }
  return {};
}

TEST(Mistakes, WithoutOneTheDecisionIsRight) {
  EXPECT_EQ(found_out(Mistake::none, 4).value_or(""), "");
}

TEST(Mistakes, R3_EachIsFoundWithItsShortestHistory) {
  std::set<std::string> counterexamples;
  for (const auto& [mistake, name, seen_in] : mistakes) {
    const auto found = found_out(mistake, 5);
    ASSERT_TRUE(found) << name;
    std::cout << name << " (" << seen_in << "): " << *found << "\n";
    counterexamples.insert(*found);
  }
  EXPECT_GE(counterexamples.size(), 12U);  // they are told apart, by and large
}

}  // namespace
}  // namespace sallyport::approve::model
