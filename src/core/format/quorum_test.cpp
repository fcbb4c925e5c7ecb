// SPDX-License-Identifier: Apache-2.0
#include "core/format/quorum.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

RoleId role(unsigned number) {
  return RoleId::parse("r" + std::to_string(number)).value();
}
PersonId person(unsigned number) {
  return PersonId::parse("p" + std::to_string(number)).value();
}
std::set<RoleId> roles_of(unsigned bits) {
  std::set<RoleId> roles;
  for (unsigned i = 0; i < 3; ++i) {
    if ((bits >> i & 1U) != 0) roles.insert(role(i));
  }
  return roles;
}

// Every assignment of persons to places is tried, one place after the other.
bool fills(std::vector<unsigned> persons, std::vector<unsigned> places) {
  if (places.empty()) return true;
  for (std::size_t i = 0; i < persons.size(); ++i) {
    if ((persons[i] & places.back()) == 0) continue;
    auto others = persons;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    if (fills(others, {places.begin(), places.end() - 1})) return true;
  }
  return false;
}

Holders holders_of(const std::vector<unsigned>& persons) {
  Holders holders;
  for (unsigned i = 0; i < persons.size(); ++i) holders.emplace(person(i), roles_of(persons[i]));
  return holders;
}

// G24: every four persons with every set of three roles, against every rule of two kinds of places.
TEST(QuorumAttack, G24_APersonFillsOnePlace) {
  std::size_t met = 0;
  for (unsigned who = 0; who < 8 * 8 * 8 * 8; ++who) {
    const std::vector<unsigned> persons{who % 8, who / 8 % 8, who / 64 % 8, who / 512};
    for (const unsigned one : {1U, 3U}) {
      for (const unsigned other : {2U, 4U, 6U}) {
        for (unsigned count_one = 1; count_one <= 2; ++count_one) {
          const Quorum quorum({{{roles_of(one), count_one}, {roles_of(other), 2}}});
          std::vector<unsigned> places(count_one, one);
          places.insert(places.end(), {other, other});
          const bool expected = fills(persons, places);
          ASSERT_EQ(count(quorum, holders_of(persons)) == Count::met, expected) << who << " " << one << other;
          met += expected ? 1U : 0U;
        }
      }
    }
  }
  EXPECT_GT(met, 1000U);
}

TEST(Quorum, AnyOfTheCompositionsIsEnough) {
  const Quorum quorum({{{roles_of(1), 2}}, {{roles_of(2), 1}, {roles_of(4), 1}}});
  EXPECT_EQ(quorum.describe(), "2 of r0, or 1 of r1 and 1 of r2");
  EXPECT_EQ(quorum.persons_min(), 2U);
  EXPECT_EQ(quorum.roles().size(), 3U);
  EXPECT_EQ(count(quorum, holders_of({1, 1})), Count::met);
  EXPECT_EQ(count(quorum, holders_of({2, 4})), Count::met);
  EXPECT_EQ(count(quorum, holders_of({1, 2})), Count::short_of_it);
  EXPECT_EQ(count(quorum, {}), Count::short_of_it);
}

TEST(QuorumDeathTest, G22_AQuorumOfNobodyDoesNotExist) {
  EXPECT_DEATH(Quorum({}), "any_of_");
  EXPECT_DEATH(Quorum(std::vector<Composition>{{}}), "composition");
  EXPECT_DEATH(Quorum({{{roles_of(1), 0}}}), "persons");
  EXPECT_DEATH(Quorum({{{{}, 1}}}), "roles");
}

}  // namespace
}  // namespace sallyport
