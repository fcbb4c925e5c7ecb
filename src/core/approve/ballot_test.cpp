// SPDX-License-Identifier: Apache-2.0
// Every history of up to six signatures of up to four persons, against an oracle that does not fold: it looks for the
// first signature that is not allowed where it stands, and counts bits.
#include "core/approve/ballot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>

#include "testkit/statements.h"

namespace sallyport::approve {
namespace {

constexpr std::size_t persons_max = 4;
constexpr std::size_t events_max = 6;
constexpr std::array<Act, 3> acts{Act::propose, Act::approve, Act::refuse};

RoleId role(std::string_view name) {
  return RoleId::parse(name).value();
}

const std::array<PersonId, persons_max>& everybody() {
  static const std::array<PersonId, persons_max> ids{
      PersonId::parse("alice").value(), PersonId::parse("bob").value(), PersonId::parse("carol").value(),
      PersonId::parse("dave").value()};
  return ids;
}

// Bits of a person's roles in a case.
constexpr unsigned may_propose = 1;
constexpr unsigned may_approve = 2;

// Who may do what; the first person is the one whom the order names as proposer.
struct Case {
  std::vector<unsigned> roles;  // of each person
  std::uint32_t threshold;
};

struct World {
  Policy policy;
  Pool pool;
};

World world_of(const Case& c) {
  auto policy = testkit::make_policy();
  for (std::size_t i = 0; i < persons_max; ++i) {
    auto& person = policy.persons.at(everybody()[i]);
    person.roles = {role("audit")};
    const unsigned roles = i < c.roles.size() ? c.roles[i] : 0;
    if ((roles & may_propose) != 0) person.roles.insert(role("deploy"));
    if ((roles & may_approve) != 0) person.roles.insert(role("release"));
  }
  auto pool = policy.pools.begin()->second;
  pool.approvals.persons = c.threshold;
  return {std::move(policy), std::move(pool)};
}

struct Step {
  std::size_t person;
  Act act;
  bool operator==(const Step&) const = default;
};

struct Answer {
  std::optional<Code> refusal;
  Standing standing = Standing::open;
  unsigned approved = 0;  // one bit for each person
  unsigned refused = 0;
  bool operator==(const Answer&) const = default;
};

// What is wrong with the signature at `at`, given those before it.
std::optional<Code> wrong_at(const Case& c, const std::vector<Step>& history, std::size_t at) {
  const auto& step = history[at];
  const unsigned roles = c.roles[step.person];
  const auto before = history.begin() + static_cast<std::ptrdiff_t>(at);
  const bool seen = std::find(history.begin(), before, step) != before;
  if (at == 0) {
    if (step != Step{0, Act::propose}) return Code::order_not_proposed;
    return (roles & may_propose) != 0 ? std::nullopt : std::optional(Code::proposer_not_authorised);
  }
  if (step.act == Act::propose)
    return step.person == 0 ? Code::approver_counted_twice : Code::order_not_proposed;
  if (step.act == Act::approve && step.person == 0) return Code::approver_is_proposer;
  if (step.act == Act::approve && (roles & may_approve) == 0) return Code::approver_not_authorised;
  if (step.act == Act::refuse && roles == 0) return Code::approver_not_authorised;
  return seen ? std::optional(Code::approver_counted_twice) : std::nullopt;
}

Answer oracle(const Case& c, const std::vector<Step>& history) {
  if (history.empty()) return {.refusal = Code::order_not_proposed};
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (const auto code = wrong_at(c, history, i)) return {.refusal = code};
  }
  Answer answer;
  for (const auto& step : history) {
    if (step.act == Act::approve) answer.approved |= 1U << step.person;
    if (step.act == Act::refuse) answer.refused |= 1U << step.person;
  }
  const auto count = static_cast<std::uint32_t>(std::popcount(answer.approved));
  answer.standing = answer.refused != 0    ? Standing::vetoed
                    : count >= c.threshold ? Standing::granted
                                           : Standing::open;
  return answer;
}

unsigned bits_of(const std::set<PersonId>& persons) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < persons_max; ++i) bits |= persons.count(everybody()[i]) != 0 ? 1U << i : 0U;
  return bits;
}

std::vector<Event> events_of(const std::vector<Step>& history) {
  std::vector<Event> events;
  events.reserve(history.size());
  for (const auto& step : history) events.push_back({everybody()[step.person], step.act});
  return events;
}

Answer folded(const World& world, const std::vector<Step>& history) {
  const auto ballot = fold(everybody()[0], events_of(history), world.policy, world.pool);
  if (!ballot.ok()) return {.refusal = ballot.error().code};
  return {std::nullopt, ballot.value().standing, bits_of(ballot.value().approved),
          bits_of(ballot.value().refused)};
}

std::string describe(const Case& c, const std::vector<Step>& history) {
  std::string text = "M=" + std::to_string(c.threshold) + " roles";
  for (const auto roles : c.roles) text += " " + std::to_string(roles);
  for (const auto& step : history) {
    text += " / " + everybody()[step.person].text() + " " + std::to_string(static_cast<int>(step.act));
  }
  return text;
}

// The rules themselves, said without the oracle.
void check_invariants(const Case& c, const std::vector<Step>& history, const Answer& answer) {
  if (answer.refusal) return;
  const bool refusal =
      std::any_of(history.begin(), history.end(), [](const Step& s) { return s.act == Act::refuse; });
  std::set<std::size_t> others;
  for (const auto& step : history) {
    if (step.act == Act::approve && step.person != 0) others.insert(step.person);
  }
  ASSERT_EQ(answer.approved & 1U, 0U) << describe(c, history);
  ASSERT_EQ(static_cast<std::size_t>(std::popcount(answer.approved)), others.size()) << describe(c, history);
  if (answer.standing != Standing::granted) return;
  ASSERT_FALSE(refusal) << describe(c, history);
  ASSERT_GE(others.size(), c.threshold) << describe(c, history);
}

struct Totals {
  std::size_t histories = 0;
  std::size_t granted = 0;
  std::size_t vetoed = 0;
};

// Walks every history that goes on from an accepted one; one that is refused stays refused (next test).
void walk(const Case& c, const World& world, std::vector<Step>& history, Totals& totals) {
  const auto answer = folded(world, history);
  ASSERT_EQ(answer, oracle(c, history)) << describe(c, history);
  check_invariants(c, history, answer);
  ++totals.histories;
  if (answer.standing == Standing::granted) ++totals.granted;
  if (answer.standing == Standing::vetoed) ++totals.vetoed;
  if (history.size() == events_max || (answer.refusal && !history.empty())) return;
  for (std::size_t person = 0; person < c.roles.size(); ++person) {
    for (const auto act : acts) {
      history.push_back({person, act});
      walk(c, world, history, totals);
      history.pop_back();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

// All role sets of `count` persons; the persons after the first are alike, so their roles need no order.
std::vector<std::vector<unsigned>> role_sets(std::size_t count) {
  std::vector<std::vector<unsigned>> all;
  std::size_t combinations = 1;
  for (std::size_t i = 0; i < count; ++i) combinations *= 4;
  for (std::size_t number = 0; number < combinations; ++number) {
    std::vector<unsigned> roles;
    for (std::size_t i = 0, rest = number; i < count; ++i, rest /= 4) roles.push_back(rest % 4);
    if (std::is_sorted(roles.begin() + 1, roles.end())) all.push_back(std::move(roles));
  }
  return all;
}

TEST(Ballot, G01_EveryHistoryIsDecidedAsTheRulesSay) {
  Totals totals;
  for (std::size_t count = 1; count <= persons_max; ++count) {
    for (const auto& roles : role_sets(count)) {
      for (std::uint32_t threshold = 1; threshold <= 3; ++threshold) {
        const Case c{roles, threshold};
        const auto world = world_of(c);
        std::vector<Step> history;
        walk(c, world, history, totals);
        if (HasFatalFailure()) return;
      }
    }
  }
  EXPECT_GT(totals.histories, 100000U);
  EXPECT_GT(totals.granted, 300U);
  EXPECT_GT(totals.vetoed, 1000U);
}

// No short cuts: all 12^6 + ... + 1 histories of four persons with all roles, M = 2. A history that begins with a
// refused one is refused for the same reason.
TEST(Ballot, WhatIsRefusedStaysRefused) {
  const Case c{{3, 2, 2, 3}, 2};
  const auto world = world_of(c);
  std::size_t count = 0;
  for (std::size_t size = 0, total = 1; size <= events_max; ++size, total *= 12) {
    for (std::size_t number = 0; number < total; ++number) {
      std::vector<Step> history;
      for (std::size_t i = 0, rest = number; i < size; ++i, rest /= 12) {
        history.push_back({rest % 12 / 3, acts[rest % 3]});
      }
      ASSERT_EQ(folded(world, history), oracle(c, history)) << describe(c, history);
      ++count;
    }
  }
  EXPECT_EQ(count, 3257437U);
}

TEST(Ballot, TheOrderOfApproversDoesNotMatter) {
  const Case c{{3, 2, 2, 2}, 2};
  const auto world = world_of(c);
  std::vector<Step> tail{
      {1, Act::approve}, {2, Act::approve}, {3, Act::approve}, {1, Act::refuse}, {0, Act::refuse}};
  for (unsigned chosen = 0; chosen < 32; ++chosen) {
    std::vector<Step> subset;
    for (std::size_t i = 0; i < tail.size(); ++i) {
      if ((chosen >> i & 1U) != 0) subset.push_back(tail[i]);
    }
    const auto less = [](const Step& a, const Step& b) {
      return std::pair(a.person, a.act) < std::pair(b.person, b.act);
    };
    std::sort(subset.begin(), subset.end(), less);
    std::optional<Answer> first;
    do {
      std::vector<Step> history{{0, Act::propose}};
      history.insert(history.end(), subset.begin(), subset.end());
      const auto answer = folded(world, history);
      if (!first) first = answer;
      EXPECT_EQ(answer, *first) << describe(c, history);
    } while (std::next_permutation(subset.begin(), subset.end(), less));
  }
}

TEST(Ballot, NamesWhoIsRefusedAndWhy) {
  const auto world = world_of({{3, 2, 2, 0}, 2});
  const auto refusal = [&](const std::vector<Step>& history) {
    return fold(everybody()[0], events_of(history), world.policy, world.pool).error();
  };
  const Step proposes{0, Act::propose};
  EXPECT_EQ(refusal({proposes, {3, Act::approve}}).where, "dave");
  EXPECT_EQ(refusal({proposes, {1, Act::approve}, {1, Act::approve}}).where, "bob");
  EXPECT_EQ(refusal({proposes, {0, Act::approve}}).where, "alice");
  EXPECT_EQ(refusal({{1, Act::approve}}).found, "approved by bob");
}

TEST(BallotAttack, G22_AStrangerIsNobody) {
  const auto world = world_of({{3, 2, 2, 3}, 1});
  const auto mallory = PersonId::parse("mallory").value();
  const Event proposes{everybody()[0], Act::propose};
  EXPECT_EQ(fold(everybody()[0], {proposes, {mallory, Act::approve}}, world.policy, world.pool).error().code,
            Code::approver_not_authorised);
  EXPECT_EQ(fold(everybody()[0], {proposes, {mallory, Act::refuse}}, world.policy, world.pool).error().code,
            Code::approver_not_authorised);
  EXPECT_EQ(fold(mallory, {{mallory, Act::propose}}, world.policy, world.pool).error().code,
            Code::proposer_not_authorised);
}

TEST(CountDistinct, CountsPersonsOnce) {
  EXPECT_EQ(count_distinct({}), 0U);
  EXPECT_EQ(count_distinct({everybody()[0], everybody()[1], everybody()[0]}), 2U);
}

}  // namespace
}  // namespace sallyport::approve
