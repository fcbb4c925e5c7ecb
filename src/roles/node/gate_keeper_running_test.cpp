// SPDX-License-Identifier: Apache-2.0
// What runs already when a gate begins: what its keeper makes of it.
#include <gtest/gtest.h>

#include "roles/node/gate_books_for_test.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

// As /proc would tell it: of a service (group 100, the first that the made-up confinement gives) or not.
class GateRunningTest : public GateKeeperTest {
 protected:
  GateRunningTest() {
    world.install(first_delivery()).value();
    const RunRecord record{ServiceId::parse("mme").value(), 1, {700, 5}, {}};
    disk.ensure_folder("run").value();
    disk.replace_file("run/mme.json", as_bytes(print_run_record(record)), 0600).value();
  }
  static RunningCode code(int process, std::optional<std::uint64_t> group, const std::string& content) {
    return {{process, 5},   699,
            group,          "/of/" + std::to_string(process),
            content.size(), file_digest(as_bytes(content))};
  }
  void settle(Instant now) {
    keeper.look(now).value();
    adopt();
    keeper.look(now).value();
  }
  std::vector<std::string> told() const {
    std::vector<std::string> files;
    for (const auto& event : events.events) {
      if (event.error && event.error->code == Code::gate_runs_unlisted) files.push_back(event.subject);
    }
    return files;
  }
};

TEST_F(GateRunningTest, M28_WhatRunsAlreadyAndIsNotListedIsToldOnce) {
  running = {code(811, 100, only_first), code(812, 100, only_first + "1"), code(813, 7, "of the host")};
  settle(testkit::test_time());
  EXPECT_EQ(scope_folder, "/node");
  EXPECT_EQ(told(), (std::vector<std::string>{"/of/812", "/of/813"}));
  EXPECT_EQ(written().unlisted, (std::vector<UnlistedCode>{{812, "mme", "/of/812"}, {813, "", "/of/813"}}));
  EXPECT_EQ(written().unlisted_count, 2U);
  keeper.look(testkit::test_time().plus(60)).value();
  EXPECT_EQ(told().size(), 2U);
}

TEST_F(GateRunningTest, M28_TheSizeOfAListedFileIsNotItsContent) {
  auto other = only_first;
  other.front() ^= 1;
  running = {code(811, 100, other)};
  settle(testkit::test_time());
  EXPECT_EQ(told(), std::vector<std::string>{"/of/811"});
}

TEST_F(GateRunningTest, M28_ItIsAFindingOfTheStatusAsLongAsItRuns) {
  const auto lock = hold_lock();
  running = {code(812, 100, "unknown")};
  settle(testkit::test_time());
  const auto ports = world.ports();
  EXPECT_EQ(status(ports).value().findings.back().code, Code::gate_runs_unlisted);
  running.clear();
  keeper.look(testkit::test_time().plus(60)).value();
  EXPECT_TRUE(written().unlisted.empty());
  EXPECT_TRUE(status(ports).value().findings.empty());
  keeper.look(testkit::test_time().plus(600)).value();
  EXPECT_EQ(looked_through, 2);
}

// Before, what is found may have been asked about by nobody, and after, by the gate.
TEST_F(GateRunningTest, M28_IsLookedThroughUnderTermsThatAreInForceAndNotToldReadyBefore) {
  look();
  EXPECT_EQ(looked_through, 0);
  EXPECT_FALSE(keeper.is_tried());
  adopt();
  look();
  EXPECT_EQ(looked_through, 1);
  EXPECT_TRUE(keeper.is_tried());
}

// What was started while the gate observed was allowed, whatever it was.
TEST_F(GateRunningTest, M28_IsLookedThroughAgainWhenTheGateBeginsToEnforce) {
  set_gate_mode(disk, GateMode::observe).value();
  settle(testkit::test_time());
  EXPECT_TRUE(told().empty());
  running = {code(812, {}, "stray")};
  settle(testkit::test_time());
  EXPECT_TRUE(told().empty());
  set_gate_mode(disk, GateMode::enforce).value();
  settle(testkit::test_time());
  EXPECT_EQ(told(), std::vector<std::string>{"/of/812"});
}

// The first process of a service and the one above it were forked by this program, and no others are taken for them.
TEST_F(GateRunningTest, ItsOwnProcessesOfAServiceAreNotTold) {
  running = {code(699, 100, "sallyport"), code(700, 100, "sallyport"), code(701, 100, "sallyport")};
  settle(testkit::test_time());
  EXPECT_EQ(told(), std::vector<std::string>{"/of/701"});
  // The number alone is not the process.
  running = {code(700, 100, "another")};
  running[0].process.start_ticks = 6;
  keeper.look(testkit::test_time().plus(60)).value();
  EXPECT_EQ(told().back(), "/of/700");
}

TEST_F(GateRunningTest, M28_AFloodOfItIsCounted) {
  for (int i = 0; i < 100; ++i) running.push_back(code(1000 + i, 100, "x" + std::to_string(i)));
  settle(testkit::test_time());
  EXPECT_EQ(told().size(), unlisted_shown_max);
  EXPECT_EQ(written().unlisted.size(), unlisted_shown_max);
  EXPECT_EQ(written().unlisted_count, 100U);
}

TEST_F(GateRunningTest, TheTemporaryFoldersOfWhatRunsAreWatchedAndThatTheyAreNotIsToldOnce) {
  settle(testkit::test_time());
  ASSERT_FALSE(confinement.watched.empty());
  EXPECT_EQ(confinement.watched[0],
            (std::pair{service_group("/node", ServiceId::parse("mme").value()), 4711}));
  confinement.refuse_with = Error(Code::gate_stalled, "process 4711");
  for (int i = 1; i < 5; ++i) keeper.look(testkit::test_time().plus(i)).value();
  ASSERT_EQ(events.events.size(), 1U);
  EXPECT_EQ(events.events[0].subject, "unwatched");
}

}  // namespace
}  // namespace sallyport::node
