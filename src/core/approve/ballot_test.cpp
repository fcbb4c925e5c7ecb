// SPDX-License-Identifier: Apache-2.0
// The product's decision under the model checker, and what it says when it refuses.
#include "core/approve/ballot.h"

#include <gtest/gtest.h>

#include <map>

#include "core/approve/checker_for_test.h"
#include "core/approve/use.h"
#include "testkit/statements.h"

namespace sallyport::approve {
namespace {

using model::Answer;
using model::Earlier;
using model::History;
using model::Prune;
using model::What;
using testkit::TestKey;

const Instant now = testkit::test_time();

RoleId role(std::string_view name) {
  return RoleId::parse(name).value();
}
PersonId person(std::string_view name) {
  return PersonId::parse(name).value();
}

std::set<RoleId> roles_of(unsigned bits) {
  std::set<RoleId> roles;
  if ((bits & model::deploy) != 0) roles.insert(role("deploy"));
  if ((bits & model::operations) != 0) roles.insert(role("operations"));
  if ((bits & model::security) != 0) roles.insert(role("security"));
  return roles;
}

const PublicKey& key_named(const std::string& name) {
  static std::map<std::string, PublicKey> keys;
  const auto found = keys.find(name);
  if (found != keys.end()) return found->second;
  return keys.emplace(name, TestKey(name).public_key()).first->second;
}

PersonKey key_of(const model::Key& key) {
  Validity validity;
  if (key.state == model::KeyState::expired) validity.not_after = now.plus(-1);
  const auto use = key.state == model::KeyState::break_glass ? KeyUse::break_glass : KeyUse::orders;
  return {key_named(key.name), use, validity};
}

// The product's policy for a world of the model; whoever is in `revoked` (bits) is revoked just now.
Policy policy_of(const model::World& world, unsigned revoked) {
  auto policy = testkit::make_policy();
  policy.persons.clear();
  for (std::size_t i = 0; i < world.persons.size(); ++i) {
    Person one{person(world.persons[i]), {}, {}, {}};
    for (const auto& key : world.keys) {
      if (key.person == i && key.state != model::KeyState::unknown) one.keys.push_back(key_of(key));
    }
    for (const auto& held : roles_of(world.roles[i])) one.roles.emplace(held, Validity{});
    if ((revoked & 1U << i) != 0) one.revoked_at = now;
    policy.persons.emplace(one.id, one);
  }
  Composition places;
  for (const auto& place : world.places) places.push_back({roles_of(place.roles), place.persons});
  policy.pools.begin()->second.approvals = {{role("deploy")}, Quorum({places}), {}};
  if (!world.each_of.empty()) policy.signatures.statements = RequiredKinds(world.each_of);
  return policy;
}

// What a node does: verify signatures into events (a signature over other bytes names those), fold, look into the
// journal.
class Product {
 public:
  Answer operator()(const model::World& world, const History& history, Earlier earlier) {
    const auto& policy = policy_for(world, history);
    const Motion motion{policy, policy.pools.begin()->second, person(world.persons[0]),
                        order_, OrderKind::ordinary,          now};
    std::vector<Event> events;
    Spent spent;
    for (const auto& step : history) {
      const bool other = step.what == What::sign_other_bytes;
      if (other || step.what == What::sign)
        events.push_back({key_named(world.keys[step.who].name).id(), step.act, other ? other_ : order_});
      if (step.what == What::stop) spent.stopped.insert(order_);
    }
    if (earlier == Earlier::used) spent.orders.insert(order_);
    if (!check_unused(order_, 1, spent).ok()) return Answer::refused;
    const auto ballot = fold(motion, events);
    if (!ballot.ok()) return Answer::refused;
    switch (ballot.value().standing) {
      case Standing::granted:
        return Answer::granted;
      case Standing::vetoed:
        return Answer::vetoed;
      case Standing::open:
        break;
    }
    return Answer::open;
  }

 private:
  const Policy& policy_for(const model::World& world, const History& history) {
    unsigned revoked = 0;
    for (const auto& step : history) revoked |= step.what == What::revoke ? 1U << step.who : 0U;
    const auto found = policies_.find({world.name, revoked});
    if (found != policies_.end()) return found->second;
    return policies_.emplace(std::pair(world.name, revoked), policy_of(world, revoked)).first->second;
  }
  const Sha256Digest order_ = sha256(as_bytes("the order"));
  const Sha256Digest other_ = sha256(as_bytes("another order"));
  std::map<std::pair<std::string, unsigned>, Policy> policies_;
};

// G01, G02, G03, G08, G09, G15, G17, G19, G24: granted exactly when the rule is met and nothing stands in the way.
TEST(Ballot, G01_EveryHistoryIsDecidedAsTheRulesSay) {
  std::size_t histories = 0;
  std::size_t granted = 0;
  for (const auto& world : model::worlds()) {
    const model::Decision decision = Product();
    model::Checker checker(world, decision);
    const auto found = checker.run(5);
    ASSERT_FALSE(found) << found->text(world);
    histories += checker.histories();
    granted += checker.granted();
  }
  EXPECT_GT(histories, 100000U);
  EXPECT_GT(granted, 50U);
}

// No short cuts: histories that begin with a refused one, too.
TEST(Ballot, WhatIsRefusedStaysRefused) {
  for (const auto& world : model::worlds()) {
    const model::Decision decision = Product();
    model::Checker checker(world, decision, Prune::nothing);
    const auto found = checker.run(3);
    ASSERT_FALSE(found) << found->text(world);
    EXPECT_GT(checker.histories(), 3000U);
  }
}

struct Fold {
  Policy policy = testkit::make_policy();
  OrderKind kind = OrderKind::ordinary;
  Sha256Digest order = sha256(as_bytes("the order"));

  Result<Ballot> of(const std::vector<std::pair<std::string, Act>>& deeds, Instant at = now) const {
    std::vector<Event> events;
    for (const auto& [key, act] : deeds) events.push_back({key_named(key).id(), act, order});
    return fold({policy, policy.pools.begin()->second, person("alice"), order, kind, at}, events);
  }
  std::string refusal(const std::vector<std::pair<std::string, Act>>& deeds, Instant at = now) const {
    const auto ballot = of(deeds, at);
    return ballot.ok() ? "" : std::string(name(ballot.error().code)) + " " + ballot.error().where;
  }
  Person& known(std::string_view id) { return policy.persons.at(person(id)); }
};

const std::pair<std::string, Act> proposes{"alice-1", Act::propose};

TEST(Ballot, NamesWhoIsRefusedAndWhy) {
  const Fold fold;
  EXPECT_EQ(fold.refusal({proposes, {"dave-1", Act::approve}}), "approver-not-authorised dave");
  EXPECT_EQ(fold.refusal({proposes, {"bob-1", Act::approve}, {"bob-2", Act::approve}}),
            "approver-counted-twice bob");
  EXPECT_EQ(fold.refusal({proposes, {"alice-1", Act::approve}}), "approver-is-proposer alice");
  EXPECT_EQ(fold.of({{"bob-1", Act::approve}}).error().found, "approved by bob");
  EXPECT_EQ(fold.refusal({}), "order-not-proposed first signature");
}

TEST(BallotAttack, G22_AStrangerIsNobody) {
  const Fold fold;
  const auto stranger = "order-signer-unknown key " + key_named("mallory").id().brief();
  EXPECT_EQ(fold.refusal({proposes, {"mallory", Act::approve}}), stranger);
  EXPECT_EQ(fold.refusal({proposes, {"mallory", Act::refuse}}), stranger);
  EXPECT_EQ(fold.refusal({{"mallory", Act::propose}}), stranger);
}

TEST(BallotAttack, G08_WhoLostTheRoleDoesNotCount) {
  Fold fold;
  fold.known("carol").roles.at(role("release")).not_after = now;
  const std::vector<std::pair<std::string, Act>> all = {
      proposes, {"bob-1", Act::approve}, {"carol-1", Act::approve}};
  EXPECT_EQ(fold.of(all).value().standing, Standing::granted);
  EXPECT_EQ(fold.refusal(all, now.plus(1)), "approver-not-authorised carol");
  fold.known("carol").roles.at(role("release")) = {now.plus(5), {}, {}};
  EXPECT_EQ(fold.refusal(all), "approver-not-authorised carol");
}

TEST(BallotAttack, G09_ARevokedPersonVoidsWhatTheyApproved) {
  Fold fold;
  const std::vector<std::pair<std::string, Act>> all = {
      proposes, {"bob-1", Act::approve}, {"carol-1", Act::approve}};
  fold.known("carol").revoked_at = now.plus(60);
  EXPECT_EQ(fold.of(all, now.plus(59)).value().standing, Standing::granted);
  EXPECT_EQ(fold.refusal(all, now.plus(60)), "signer-revoked carol");
  fold.known("carol").revoked_at.reset();
  fold.known("alice").revoked_at = now;
  EXPECT_EQ(fold.refusal(all), "signer-revoked alice");
}

TEST(BallotAttack, G13_R07_KeysHaveTheirTime) {
  Fold fold;
  auto& validity = fold.known("bob").keys[0].validity;
  const std::vector<std::pair<std::string, Act>> one = {proposes, {"bob-1", Act::approve}};
  const std::string where = "bob, key " + key_named("bob-1").id().brief();
  validity = {now.plus(1), {}, {}};
  EXPECT_EQ(fold.refusal(one), "signer-key-not-valid " + where);
  validity = {{}, now.plus(-1), {}};
  EXPECT_EQ(fold.refusal(one), "signer-key-not-valid " + where);
  validity = {{}, {}, now};
  EXPECT_EQ(fold.refusal(one), "signer-revoked " + where);
  validity = {now, now, now.plus(1)};
  EXPECT_EQ(fold.refusal(one), "");
  EXPECT_EQ(fold.refusal({proposes, {"bob-2", Act::approve}}), "");
}

TEST(BallotAttack, G19_OneOfTheOtherRoleIsNotThere) {
  Fold fold;
  fold.known("carol").roles = {{role("security"), {}}};
  fold.policy.pools.begin()->second.approvals.approve =
      Quorum({{{{role("release")}, 2}, {{role("security")}, 1}}});
  fold.policy.persons.at(person("dave")).roles = {{role("release"), {}}};
  const std::pair<std::string, Act> bob{"bob-1", Act::approve};
  const std::pair<std::string, Act> carol{"carol-1", Act::approve};
  const std::pair<std::string, Act> dave{"dave-1", Act::approve};
  EXPECT_EQ(fold.of({proposes, bob, dave}).value().standing, Standing::open);
  EXPECT_EQ(fold.of({proposes, bob, carol}).value().standing, Standing::open);
  EXPECT_EQ(fold.of({proposes, bob, carol, dave}).value().standing, Standing::granted);
}

TEST(Ballot, AVetoRoleRefusesAndNothingElse) {
  Fold fold;
  EXPECT_EQ(fold.refusal({proposes, {"dave-1", Act::refuse}}), "approver-not-authorised dave");
  fold.policy.pools.begin()->second.approvals.veto = {role("audit")};
  EXPECT_EQ(fold.of({proposes, {"dave-1", Act::refuse}}).value().standing, Standing::vetoed);
  EXPECT_EQ(fold.refusal({proposes, {"dave-1", Act::approve}}), "approver-not-authorised dave");
}

TEST(BallotAttack, G16_BreakGlassHasItsOwnRuleAndKeys) {
  Fold fold;
  fold.kind = OrderKind::break_glass;
  const std::vector<std::pair<std::string, Act>> one = {proposes, {"bob-2", Act::approve}};
  EXPECT_EQ(fold.refusal(one), "break-glass-not-allowed pool mme-east");
  fold.policy.pools.begin()->second.break_glass =
      BreakGlassRule{{{role("deploy")}, Quorum({{{{role("release")}, 1}}}), {}}, 12};
  EXPECT_EQ(fold.refusal(one).substr(0, 20), "signer-key-other-use");
  fold.known("alice").keys[0].use = KeyUse::break_glass;
  fold.known("bob").keys[1].use = KeyUse::break_glass;
  EXPECT_EQ(fold.of(one).value().standing, Standing::granted);
  EXPECT_EQ(fold.refusal({proposes, {"bob-1", Act::approve}}).substr(0, 20), "signer-key-other-use");
  fold.kind = OrderKind::ordinary;
  EXPECT_EQ(fold.refusal(one).substr(0, 20), "signer-key-other-use");
}

// D19: a person is one who signed by both kinds of keys, and both signatures of one person are one person.
TEST(BallotAttack, D19_OneOfTwoKindsIsNobody) {
  Fold fold;
  fold.policy = testkit::make_policy(testkit::hybrid(testkit::parts()));
  const std::pair<std::string, Act> proposes_too{"alice-pq", Act::propose};
  const std::pair<std::string, Act> bob{"bob-1", Act::approve};
  const std::pair<std::string, Act> bob_too{"bob-pq", Act::approve};
  const std::pair<std::string, Act> carol{"carol-1", Act::approve};
  const std::pair<std::string, Act> carol_too{"carol-pq", Act::approve};
  const auto standing = [&](const std::vector<std::pair<std::string, Act>>& deeds) {
    return fold.of(deeds).value().standing;
  };
  EXPECT_EQ(standing({proposes, proposes_too, bob, bob_too, carol, carol_too}), Standing::granted);
  EXPECT_EQ(standing({proposes_too, bob, carol, carol_too, bob_too, proposes}), Standing::granted);
  EXPECT_EQ(standing({proposes, proposes_too, bob, bob_too, carol}), Standing::open);
  EXPECT_EQ(standing({proposes, proposes_too, bob, bob_too, carol_too}), Standing::open);
  EXPECT_EQ(standing({proposes, bob, bob_too, carol, carol_too}), Standing::open);
  EXPECT_EQ(standing({proposes, proposes_too, bob, carol_too}), Standing::open);
  const auto half = fold.of({proposes, proposes_too, bob, bob_too, carol}).value();
  EXPECT_EQ(half.approved, std::set{person("bob")});
  EXPECT_EQ(half.begun, (Signed{{person("carol"), {SignatureKind::classical}}}));
  EXPECT_EQ(fold.refusal({proposes, proposes_too, bob, {"bob-2", Act::approve}}),
            "approver-counted-twice bob");
  EXPECT_EQ(fold.refusal({proposes, proposes}), "approver-counted-twice alice");
  EXPECT_EQ(standing({proposes, {"carol-pq", Act::refuse}}), Standing::vetoed);
}

TEST(BallotAttack, D19_AKindThatNobodyAskedForIsNotThere) {
  Fold fold;
  fold.policy = testkit::make_policy(testkit::hybrid(testkit::parts()));
  fold.policy.signatures.statements = RequiredKinds({SignatureKind::classical});
  EXPECT_EQ(fold.refusal({proposes, {"bob-pq", Act::approve}}), "signature-kind-unexpected bob");
  fold.policy.signatures.statements = RequiredKinds();
  EXPECT_EQ(fold.refusal({proposes, {"bob-pq", Act::approve}}), "");
  EXPECT_EQ(fold.refusal({proposes, {"bob-pq", Act::approve}, {"bob-1", Act::approve}}),
            "approver-counted-twice bob");
}

TEST(Use, G14_OfTwoOrdersTheHigherSequenceWins) {
  const auto first = sha256(as_bytes("install 5"));
  const auto second = sha256(as_bytes("install 4"));
  const auto refusal = [](const Result<void>& result) {
    return result.ok() ? "" : std::string(name(result.error().code));
  };
  Spent spent;
  EXPECT_EQ(refusal(check_unused(first, 7, spent)), "");
  spent = {{first}, 7, {}, {}};
  EXPECT_EQ(refusal(check_unused(second, 6, spent)), "order-superseded");
  EXPECT_EQ(refusal(check_unused(second, 7, spent)), "order-superseded");
  EXPECT_EQ(refusal(check_unused(second, 8, spent)), "");
  EXPECT_EQ(refusal(check_unused(first, 7, spent)), "order-replayed");
  spent.unfinished = first;
  EXPECT_EQ(refusal(check_unused(first, 7, spent)), "");
  spent.stopped = {first};
  EXPECT_EQ(refusal(check_unused(first, 7, spent)), "order-stopped");
}

}  // namespace
}  // namespace sallyport::approve
