// SPDX-License-Identifier: Apache-2.0
#include "core/format/quorum.h"

#include <algorithm>

#include "core/base/result.h"

namespace sallyport {
namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

bool meet(const std::set<RoleId>& one, const std::set<RoleId>& other) {
  return std::any_of(one.begin(), one.end(), [&](const RoleId& role) { return other.contains(role); });
}

// Augmenting paths (Kuhn), with places as groups of equal ones.
class Matching {
 public:
  Matching(const Composition& composition, const Holders& persons)
      : composition_(composition), place_of_(persons.size(), nowhere), candidates_(composition.size()) {
    for (std::size_t place = 0; place < composition.size(); ++place) {
      std::size_t person = 0;
      for (const auto& [id, roles] : persons) {
        if (meet(roles, composition[place].roles)) candidates_[place].push_back(person);
        ++person;
      }
    }
  }

  Count fill_all() {
    for (std::size_t place = 0; place < composition_.size(); ++place) {
      if (candidates_[place].size() < composition_[place].persons) return Count::short_of_it;
    }
    for (std::size_t place = 0; place < composition_.size(); ++place) {
      for (std::uint32_t i = 0; i < composition_[place].persons; ++i) {
        std::vector<bool> asked(place_of_.size());
        if (fill(place, asked) == Count::short_of_it) return Count::short_of_it;
      }
    }
    return Count::met;
  }

 private:
  // One more person for this place, who may come from a place that finds another one.
  // NOLINTNEXTLINE(misc-no-recursion): at most one level a person
  Count fill(std::size_t place, std::vector<bool>& asked) {
    for (const auto person : candidates_[place]) {
      if (asked[person] || place_of_[person] == place) continue;
      asked[person] = true;
      const auto before = place_of_[person];
      if (before != nowhere && fill(before, asked) == Count::short_of_it) continue;
      place_of_[person] = place;
      return Count::met;
    }
    return Count::short_of_it;
  }

  const Composition& composition_;
  std::vector<std::size_t> place_of_;  // of each person
  std::vector<std::vector<std::size_t>> candidates_;
};

std::string describe_places(const Places& places) {
  std::string text;
  for (const auto& role : places.roles) text += (text.empty() ? "" : " or ") + role.text();
  return std::to_string(places.persons) + " of " + text;
}

std::uint32_t persons_of(const Composition& composition) {
  std::uint32_t persons = 0;
  for (const auto& places : composition) persons += places.persons;
  return persons;
}

}  // namespace

Quorum::Quorum(std::vector<Composition> any_of) : any_of_(std::move(any_of)) {
  CHECK(!any_of_.empty());
  for (const auto& composition : any_of_) {
    CHECK(!composition.empty());
    for (const auto& places : composition) CHECK(places.persons > 0 && !places.roles.empty());
  }
}

Quorum Quorum::and_also(const Places& places) const {
  auto longer = any_of_;
  for (auto& composition : longer) composition.push_back(places);
  return Quorum(std::move(longer));
}

std::set<RoleId> Quorum::roles() const {
  std::set<RoleId> all;
  for (const auto& composition : any_of_) {
    for (const auto& places : composition) all.insert(places.roles.begin(), places.roles.end());
  }
  return all;
}

std::uint32_t Quorum::persons_min() const {
  std::uint32_t least = persons_of(any_of_.front());
  for (const auto& composition : any_of_) least = std::min(least, persons_of(composition));
  return least;
}

std::string Quorum::describe() const {
  std::string text;
  for (const auto& composition : any_of_) {
    if (!text.empty()) text += ", or ";
    for (std::size_t i = 0; i < composition.size(); ++i) {
      text += (i == 0 ? "" : " and ") + describe_places(composition[i]);
    }
  }
  return text;
}

Count count(const Quorum& quorum, const Holders& persons) {
  const bool met = std::any_of(quorum.any_of().begin(), quorum.any_of().end(), [&](const auto& composition) {
    return persons_of(composition) <= persons.size() &&
           Matching(composition, persons).fill_all() == Count::met;
  });
  return met ? Count::met : Count::short_of_it;
}

}  // namespace sallyport
