// SPDX-License-Identifier: Apache-2.0
#include "roles/node/hold.h"

#include <gtest/gtest.h>

#include "adapters/disk/faulty.h"
#include "adapters/events/memory.h"
#include "roles/node/agent.h"
#include "roles/node/status.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

using Was = ServiceOutcome::Was;

class HoldTest : public testing::Test {
 protected:
  HoldTest() {
    world.init().value();
    world.install(first_delivery()).value();
  }
  std::vector<ServiceOutcome> stop() { return stop_services(world.ports(), {}).value(); }
  std::vector<ServiceOutcome> start() { return start_services(world.ports(), {}).value(); }
  bool held() { return !world.state().held.empty(); }
  // A new agent each time: nothing it remembers matters.
  void agent_looks() {
    MemoryEventLog events;
    Agent agent({world.disk, world.services, world.workers, events, "/node"}, 3600);
    agent.look(world.now).value();
    agent.look(world.now.plus(600)).value();
  }
  ServiceStatus status_of() {
    const auto ports = world.ports();
    return status(ports).value().services.at(0);
  }
  MemoryDisk disk;
  World world{disk};
};

TEST_F(HoldTest, WhatIsHeldStaysStoppedUntilItIsStarted) {
  EXPECT_EQ(stop().at(0).was, Was::changed);
  agent_looks();
  EXPECT_EQ(world.runs(), "");
  EXPECT_EQ(status_of().hold, ServiceStatus::Hold::held);
  EXPECT_EQ(stop().at(0).was, Was::so_already);
  EXPECT_EQ(start().at(0).was, Was::changed);
  EXPECT_EQ(status_of().hold, ServiceStatus::Hold::none);
  EXPECT_EQ(start().at(0).was, Was::so_already);
  world.services.power_off();
  agent_looks();
  EXPECT_EQ(world.runs(), first_service);
}

TEST_F(HoldTest, TheHoldComesBeforeTheStop) {
  world.services.fails_to_stop.insert(first_service);
  EXPECT_TRUE(stop().at(0).error);
  EXPECT_TRUE(held());
  world.services.power_off();
  agent_looks();
  EXPECT_EQ(world.runs(), "");
}

TEST_F(HoldTest, AStartThatIsRefusedChangesNothing) {
  stop();
  world.services.fails_to_start.insert(first_service);
  const auto before = disk.dump();
  EXPECT_EQ(start().at(0).error->code, Code::service_start_failed);
  EXPECT_EQ(disk.dump(), before);
  agent_looks();
  EXPECT_EQ(world.runs(), "");
}

TEST_F(HoldTest, WhatIsInstalledIsStarted) {
  stop();
  world.install(second_delivery()).value();
  EXPECT_EQ(world.runs(), second_service);
  EXPECT_FALSE(held());
}

TEST_F(HoldTest, AReleaseThatFailsLeavesTheOldOneHeld) {
  stop();
  world.services.never_healthy.insert(second_service);
  EXPECT_EQ(world.install(second_delivery()).error().code, Code::health_failed);
  EXPECT_EQ(world.runs(), "");
  EXPECT_TRUE(held());
}

TEST_F(HoldTest, ARollbackStarts) {
  world.install(second_delivery()).value();
  stop();
  world.rollback().value();
  EXPECT_EQ(world.runs(), first_service);
  EXPECT_FALSE(held());
}

TEST_F(HoldTest, NamesAreTheServicesOfTheActiveGeneration) {
  EXPECT_EQ(stop_services(world.ports(), ServiceId::parse("other").value()).error().code,
            Code::service_unknown);
  EXPECT_EQ(start_services(world.ports(), ServiceId::parse("other").value()).error().code,
            Code::service_unknown);
  EXPECT_FALSE(held());
  MemoryDisk empty;
  World nothing(empty);
  nothing.init().value();
  EXPECT_EQ(stop_services(nothing.ports(), {}).error().code, Code::nothing_active);
}

TEST_F(HoldTest, TheNodeIsLockedMeanwhile) {
  const auto lock = disk.lock(paths::lock);
  EXPECT_EQ(stop_services(world.ports(), {}).error().code, Code::node_busy);
  EXPECT_EQ(start_services(world.ports(), {}).error().code, Code::node_busy);
  EXPECT_EQ(world.runs(), first_service);
}

TEST_F(HoldTest, ADamagedTreeDoesNotKeepTheServicesRunning) {
  const RunRecord record{ServiceId::parse("mme").value(), 1, {1, 1}, {}};
  disk.replace_file("run/mme.json", as_bytes(print_run_record(record)), 0600).value();
  disk.replace_file("generations/1/tree.json", as_bytes("{}"), 0600).value();
  EXPECT_FALSE(stop().at(0).error);
  EXPECT_EQ(world.runs(), "");
  EXPECT_TRUE(held());
}

// Each change of a stop fails in turn: afterwards it is either held, or it runs as before.
TEST_F(HoldTest, K01_AStopThatIsCutShortIsDoneOrNot) {
  for (const auto then : {Then::fail, Then::crash, Then::fail_but_persist}) {
    for (std::uint64_t nth = 1;; ++nth) {
      MemoryDisk copy;
      copy.become(disk);
      FaultyDisk faulty(copy, nth, then);
      World struck(faulty);
      struck.services = world.services;
      const auto done = stop_services(struck.ports(), {});
      if (!faulty.struck()) break;
      if (then == Then::crash) copy.crash();
      EXPECT_FALSE(done.ok());
      World after(copy);
      after.services = struck.services;
      const auto ports = after.ports();
      EXPECT_EQ(start_services(ports, {}).value().size(), 1U) << nth;
      EXPECT_TRUE(after.state().held.empty());
      EXPECT_EQ(after.runs(), first_service);
      EXPECT_TRUE(after.fsck().findings.empty());
    }
  }
}

TEST_F(HoldTest, StatusTellsHealthAndWhatBecameOfTheLastOrder) {
  EXPECT_FALSE(status_of().unhealthy);
  world.services.never_healthy.insert(second_service);
  EXPECT_FALSE(world.install(second_delivery()).ok());
  const auto ports = world.ports();
  const auto report = status(ports).value();
  EXPECT_EQ(report.last->number, 2U);
  EXPECT_EQ(report.last->stage, install::Stage::fallback);
  EXPECT_EQ(report.floors.sequence, 2U);
  EXPECT_EQ(report.kept, std::vector<install::GenerationNumber>{1});
  world.services.never_healthy.insert(first_service);
  EXPECT_EQ(status_of().unhealthy, "it never is");
}

}  // namespace
}  // namespace sallyport::node
