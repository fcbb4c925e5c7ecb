// SPDX-License-Identifier: Apache-2.0
#include "roles/node/recall.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/disk/faulty.h"
#include "roles/node/explain.h"
#include "roles/node/gate_books_for_test.h"
#include "roles/node/officers_for_test.h"
#include "roles/node/recalls_for_test.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

// A content of the first release that the second one does not have, and of both.
const std::string helper = "helper";
std::string table() {
  return first_parts().files.at("usr/lib/mme/table").content;
}

class RecallTest : public testing::Test {
 protected:
  RecallTest() { world.init().value(); }

  Result<RecallReport> take(const Recall& recall,
                            const std::vector<std::string>& keys = {"alice-1", "bob-1", "carol-1"}) {
    return take_recall(world.ports(), signed_recall(recall, keys));
  }
  Recalled kept() { return recalled(disk, Books::open(disk).value()).value(); }
  std::string verified() {
    const auto report = verify(disk, std::nullopt, world.workers);
    return report.ok() ? "" : std::string(name(report.error().code));
  }
  bool alarms() {
    const auto report = status(world.ports()).value();
    return std::ranges::any_of(report.findings,
                               [](const Error& error) { return error.code == Code::content_recalled; });
  }

  MemoryDisk disk;
  World world{disk};
};

TEST_F(RecallTest, H08_WhatIsRecalledIsNotInstalled) {
  const auto report = take(recall_of(1, {helper})).value();
  EXPECT_EQ(report.effect, RecallReport::Effect::taken);
  EXPECT_TRUE(report.generations.empty());
  EXPECT_FALSE(report.alarm);
  EXPECT_EQ(refusal(world.install(first_delivery())), "content-recalled");
  EXPECT_TRUE(world.state().generations.empty());  // its order is not used up
  EXPECT_EQ(world.install(second_delivery()).value().generation, 1U);
}

TEST_F(RecallTest, H08_APackageIsRecalledByItsDigest) {
  take(recall_of(1, {}, {sha256(first_delivery().package)})).value();
  EXPECT_EQ(refusal(world.install(first_delivery())), "content-recalled");
  EXPECT_TRUE(world.install(second_delivery()).ok());
}

TEST_F(RecallTest, H08_WhatRunsIsToldAndNotStoppedAndNotStartedAgain) {
  world.install(first_delivery()).value();
  EXPECT_FALSE(alarms());
  const auto report = take(recall_of(1, {helper})).value();
  EXPECT_EQ(report.generations, std::vector<install::GenerationNumber>{1});
  ASSERT_TRUE(report.alarm);
  EXPECT_EQ(report.alarm->where, "usr/bin/helper");
  EXPECT_EQ(report.services.size(), 1U);
  EXPECT_EQ(world.runs(), first_service);
  EXPECT_TRUE(alarms());
  EXPECT_EQ(verified(), "content-recalled");  // what every start asks
}

TEST_F(RecallTest, H08_NobodyRollsBackToIt) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  take(recall_of(1, {helper})).value();
  EXPECT_FALSE(alarms());
  EXPECT_EQ(refusal(world.rollback()), "content-recalled");
  EXPECT_EQ(refusal(preview_rollback(world.ports(), std::nullopt)), "content-recalled");
  EXPECT_EQ(world.state().active, 2U);
  EXPECT_EQ(world.runs(), second_service);
  EXPECT_EQ(verified(), "");
}

TEST_F(RecallTest, H08_RecallsAddUpAndAreNeverTakenBack) {
  take(recall_of(2, {helper})).value();
  take(recall_of(7, {"other"})).value();
  EXPECT_TRUE(kept().has(file_digest(as_bytes(helper))));
  EXPECT_TRUE(kept().has(file_digest(as_bytes("other"))));
  EXPECT_EQ(take(recall_of(2, {helper})).value().effect, RecallReport::Effect::known);
  EXPECT_EQ(Books::open(disk).value().floors().recall, 7U);
}

// Of two under way either may come first, whatever their numbers: no recall keeps another one out.
TEST_F(RecallTest, H08_AnEarlierOneThatComesLaterCountsAsWell) {
  take(recall_of(7, {"other"})).value();
  EXPECT_EQ(take(recall_of(2, {helper})).value().effect, RecallReport::Effect::taken);
  EXPECT_EQ(take(recall_of(7, {"third"})).value().effect, RecallReport::Effect::taken);
  for (const auto& content : {helper, std::string("other"), std::string("third")})
    EXPECT_TRUE(kept().has(file_digest(as_bytes(content)))) << content;
  EXPECT_EQ(refusal(world.install(first_delivery())), "content-recalled");
  EXPECT_EQ(world.state().recalls.size(), 3U);
}

TEST_F(RecallTest, H08_NumbersThatNobodyCanFollowAreNone) {
  const auto now = static_cast<std::uint64_t>(testkit::test_time().seconds()) * 1000;
  for (const auto sequence :
       {std::uint64_t{0}, now + 1000, std::uint64_t{1} << 53U, std::uint64_t{1} << 63U, ~std::uint64_t{0}})
    EXPECT_EQ(refusal(take(recall_of(sequence, {helper}))), "recall-malformed") << sequence;
  EXPECT_TRUE(kept().empty());
  EXPECT_EQ(refusal(take(recall_of(now + 999, {helper}))), "");
}

TEST_F(RecallTest, H08_ItIsOfThePersonsOfThisPool) {
  auto other = recall_of(1, {helper});
  other.pool = PoolId::parse("mme-west").value();
  EXPECT_EQ(refusal(take(other)), "order-other-pool");
  EXPECT_EQ(refusal(take(recall_of(1, {helper}), {"alice-1", "bob-1"})), "approvals-missing");
  EXPECT_EQ(refusal(take(recall_of(1, {helper}), {"alice-1", "bob-1", "bob-2"})), "approver-counted-twice");
  EXPECT_EQ(refusal(take(recall_of(1, {helper}), {"alice-1", "bob-1", "mallory"})), "order-signer-unknown");
  EXPECT_TRUE(kept().empty());
  EXPECT_FALSE(disk.find(paths::recalls).value());
}

// Who decides about one pool has no say in another one, though both are of the policy.
TEST_F(RecallTest, H08_ItIsForThisPoolAlone) {
  auto parts = testkit::parts(testkit::acme().anchor_pem());
  parts.pools.push_back({"mme-west", {"mme"}, {"mme-3"}, {"deploy"}, {"release"}, 2});
  MemoryDisk other_disk;
  World other{other_disk};
  other.init(testkit::print_policy(parts)).value();
  auto recall = recall_of(1, {helper});
  EXPECT_TRUE(preview_recall(other.ports(), signed_recall(recall)).ok());
  recall.pool = PoolId::parse("mme-west").value();
  EXPECT_EQ(refusal(take_recall(other.ports(), signed_recall(recall))), "order-other-pool");
}

// Its time becomes the floor below which the node believes no clock.
TEST_F(RecallTest, H08_OneOfTheFutureIsNotTaken) {
  auto later = recall_of(1, {helper});
  later.time = world.ports().now.plus(301);
  EXPECT_EQ(refusal(take(later)), "order-not-yet-valid");
  later.time = world.ports().now.plus(299);
  EXPECT_EQ(refusal(take(later)), "");
}

TEST_F(RecallTest, H08_TheGenuineOneMendsACopyThatIsDamaged) {
  take(recall_of(1, {helper})).value();
  const auto path = std::string(paths::recalls) + "/" + world.state().recalls.at(0).identity.text() + ".dsse";
  disk.replace_file(path, as_bytes("{"), 0600).value();
  EXPECT_EQ(refusal(world.install(second_delivery())), "trust-file-damaged");
  EXPECT_EQ(take(recall_of(1, {helper})).value().effect, RecallReport::Effect::mended);
  EXPECT_EQ(take(recall_of(1, {helper})).value().effect, RecallReport::Effect::known);
  EXPECT_EQ(refusal(world.install(first_delivery())), "content-recalled");
}

TEST_F(RecallTest, H08_ItIsExplainedThatItMayNotRun) {
  world.install(first_delivery()).value();
  const MemorySource file(as_bytes(helper));
  EXPECT_EQ(explain_content(disk, file).value().reason, GateReason::listed);
  take(recall_of(1, {helper})).value();
  const auto said = explain_content(disk, file).value();
  EXPECT_EQ(said.reason, GateReason::unlisted);
  EXPECT_EQ(said.homes.at(0).may_run, MayRun::no);
}

TEST_F(RecallTest, H08_OfARecalledPackageItIsExplainedAsWell) {
  world.install(first_delivery()).value();
  take(recall_of(1, {}, {sha256(first_delivery().package)})).value();
  const MemorySource file(as_bytes(helper));
  const auto said = explain_content(disk, file).value();
  EXPECT_EQ(said.reason, GateReason::unlisted);
  EXPECT_EQ(said.homes.at(0).may_run, MayRun::no);
}

TEST_F(RecallTest, LookingAtOneChangesNothing) {
  world.install(first_delivery()).value();
  EXPECT_TRUE(preview_recall(world.ports(), signed_recall(recall_of(1, {helper}))).value().alarm);
  EXPECT_TRUE(kept().empty());
}

// A later policy takes nothing from what came in by an earlier one.
TEST_F(RecallTest, H08_ItStaysProvedByThePolicyUnderWhichItCameIn) {
  MemoryDisk other_disk;
  World other{other_disk};
  other.init(officers_policy(1)).value();
  take_recall(other.ports(), signed_recall(recall_of(1, {helper}))).value();
  auto parts = officers_parts(2);
  for (auto& person : parts.persons) {
    if (person.id == "bob") person.revoked_at = "2026-01-01T00:00:00Z";
    if (person.id == "dave") person.roles.push_back("release");  // or the pool's rule cannot be met
  }
  change_policy(other.ports(), signed_text(testkit::print_policy(parts), {"alice-1", "carol-1"})).value();
  EXPECT_TRUE(
      recalled(other_disk, Books::open(other_disk).value()).value().has(file_digest(as_bytes(helper))));
}

// Nor does it keep the node from mending a copy: nothing would ever start again.
TEST_F(RecallTest, H08_WhoeverIsGoneSinceDoesNotKeepItFromBeingMended) {
  MemoryDisk other_disk;
  World other{other_disk};
  other.init(officers_policy(1)).value();
  const auto file = signed_recall(recall_of(1, {helper}));
  take_recall(other.ports(), file).value();
  auto parts = officers_parts(2);
  for (auto& person : parts.persons) {
    if (person.id == "bob") person.revoked_at = "2026-01-01T00:00:00Z";
    if (person.id == "dave") person.roles.push_back("release");
  }
  change_policy(other.ports(), signed_text(testkit::print_policy(parts), {"alice-1", "carol-1"})).value();
  EXPECT_EQ(refusal(take_recall(other.ports(), file)), "");
  const auto path = std::string(paths::recalls) + "/" + other.state().recalls.at(0).identity.text() + ".dsse";
  other_disk.replace_file(path, as_bytes("{"), 0600).value();
  EXPECT_EQ(refusal(take_recall(other.ports(), signed_recall(recall_of(1, {helper}), {"alice-1"}))),
            "approvals-missing");
  EXPECT_EQ(refusal(take_recall(other.ports(), file)), "");
  EXPECT_TRUE(
      recalled(other_disk, Books::open(other_disk).value()).value().has(file_digest(as_bytes(helper))));
  // A new one takes the persons of today.
  EXPECT_NE(refusal(take_recall(other.ports(), signed_recall(recall_of(2, {"other"})))), "");
}

// A clock that fell behind what the node has seen signed keeps no recall out.
TEST_F(RecallTest, H08_AClockThatWasSetBackKeepsNoneOut) {
  take(recall_of(1, {helper})).value();
  auto ports = world.ports();
  ports.now = ports.now.plus(-86400);
  EXPECT_EQ(refusal(take_recall(ports, signed_recall(recall_of(2, {"other"})))), "");
}

TEST_F(RecallTest, H08_OneThatIsGoneOrAnotherIsFoundAndLetsNothingIn) {
  take(recall_of(1, {helper})).value();
  const auto path = std::string(paths::recalls) + "/" + world.state().recalls.at(0).identity.text() + ".dsse";
  disk.replace_file(path, signed_recall(recall_of(1, {"nothing"})), 0600).value();
  EXPECT_EQ(refusal(world.install(second_delivery())), "trust-file-damaged");
  disk.remove(path).value();
  EXPECT_EQ(refusal(world.install(second_delivery())), "trust-file-damaged");
  EXPECT_TRUE(std::ranges::any_of(world.fsck().findings,
                                  [](const Error& error) { return error.code == Code::trust_file_damaged; }));
}

// Whatever is cut short: the node has it, or has not; and a second attempt gives it to the node.
void take_cut_short(std::uint64_t nth, Then then, bool& struck) {
  MemoryDisk inner;
  World{inner}.init().value();
  const auto file = signed_recall(recall_of(1, {helper}));
  FaultyDisk faulty(inner, nth, then);
  const bool taken = take_recall(World{faulty}.ports(), file).ok();
  struck = faulty.struck();
  if (then == Then::crash) inner.crash();
  const auto books = Books::open(inner);
  ASSERT_TRUE(books.ok()) << nth;
  const auto kept = recalled(inner, books.value());
  ASSERT_TRUE(kept.ok()) << nth;
  EXPECT_FALSE(taken && kept.value().empty()) << nth;
  World after{inner};
  EXPECT_TRUE(take_recall(after.ports(), file).ok()) << nth;
  EXPECT_EQ(refusal(after.install(first_delivery())), "content-recalled") << nth;
}

TEST_F(RecallTest, H08_ATakingThatIsCutShortIsWholeOrNot) {
  for (const auto then : {Then::fail, Then::fail_but_persist, Then::crash}) {
    bool struck = true;
    std::uint64_t nth = 1;
    for (; struck; ++nth) take_cut_short(nth, then, struck);
    EXPECT_GT(nth, 5U);
  }
}

TEST_F(GateKeeperTest, H08_ARunningGateHasItAtTheNextLook) {
  world.install(first_delivery()).value();
  look();
  adopt();
  ASSERT_TRUE(lists(helper));
  ASSERT_TRUE(lists(table()));
  take_recall(world.ports(), signed_recall(recall_of(1, {helper}))).value();
  look();
  EXPECT_FALSE(lists(helper));
  EXPECT_TRUE(lists(table()));
  adopt();
  take_recall(world.ports(), signed_recall(recall_of(2, {}, {sha256(first_delivery().package)}))).value();
  look();
  EXPECT_TRUE(terms().files.empty());
  EXPECT_EQ(terms().service_groups.size(), 1U);
}

}  // namespace
}  // namespace sallyport::node
