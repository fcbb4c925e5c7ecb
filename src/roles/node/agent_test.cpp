// SPDX-License-Identifier: Apache-2.0
#include "roles/node/agent.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "adapters/events/memory.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

class AgentTest : public testing::Test {
 protected:
  AgentTest() {
    world.init().value();
    world.install(first_delivery()).value();
  }
  AgentPorts ports() { return {disk, world.services, world.workers, events, "/node"}; }
  // Looks each second.
  void look_for(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      ASSERT_TRUE(agent.look(now).ok());
      now = now.plus(1);
    }
  }
  void end_service() { world.services.power_off(); }
  std::size_t starts() const {
    return static_cast<std::size_t>(
        std::count(world.services.calls().begin(), world.services.calls().end(), "start mme"));
  }

  const Event& last(std::string_view activity) const {
    const auto found = std::find_if(events.events.rbegin(), events.events.rend(),
                                    [&](const Event& event) { return event.activity == activity; });
    CHECK(found != events.events.rend());
    return *found;
  }

  MemoryDisk disk;
  World world{disk};
  MemoryEventLog events;
  Agent agent{ports(), 30};
  Instant now = testkit::test_time();
};

TEST_F(AgentTest, LeavesWhatRunsAlone) {
  look_for(25);
  EXPECT_EQ(starts(), 1U);  // by the installation
  EXPECT_TRUE(events.events.empty());
}

TEST_F(AgentTest, StartsWhatHasEnded) {
  end_service();
  look_for(1);
  EXPECT_EQ(world.runs(), first_service);
  ASSERT_FALSE(events.events.empty());
  EXPECT_EQ(events.events[0].activity, "node-run");
  EXPECT_EQ(events.events[0].actor, "mme-1");
  EXPECT_FALSE(events.events[0].error);
}

TEST_F(AgentTest, WaitsLongerAndLongerForWhatDoesNotStart) {
  end_service();
  world.services.fails_to_start.insert(first_service);
  const auto before = starts();
  look_for(1 + 2 + 4 + 8);
  EXPECT_EQ(starts() - before, 4U);
  look_for(400);
  EXPECT_LE(starts() - before, 4U + 5U + 400U / 300U + 1U);
  EXPECT_EQ(last("node-run").error->code, Code::service_start_failed);
}

TEST_F(AgentTest, AServiceThatEndsAtOnceIsNotStartedAtOnce) {
  const auto before = starts();
  for (int i = 0; i < 100; ++i) {
    end_service();
    look_for(1);
  }
  EXPECT_EQ(starts() - before, 7U);  // after 0, 1, 3, 7, 15, 31, 63 seconds
}

TEST_F(AgentTest, AServiceThatRanForAWhileIsStartedAtOnce) {
  for (int i = 0; i < 3; ++i) {
    end_service();
    look_for(1);
    EXPECT_EQ(world.runs(), first_service);
    look_for(61);
  }
}

TEST_F(AgentTest, KeepsItsHandsOffWhileTheNodeIsLocked) {
  end_service();
  {
    const auto lock = disk.lock(paths::lock);
    ASSERT_TRUE(lock.ok());
    look_for(3);
    EXPECT_EQ(world.runs(), "");
  }
  look_for(1);
  EXPECT_EQ(world.runs(), first_service);
  EXPECT_TRUE(disk.lock(paths::lock).ok());  // not held in between
}

TEST_F(AgentTest, NeedsNoLockWhileAllIsWell) {
  const auto lock = disk.lock(paths::lock);
  ASSERT_TRUE(lock.ok());
  look_for(40);  // one verification among them
  EXPECT_EQ(events.events.size(), 1U);
}

TEST_F(AgentTest, VerifiesTheGenerationAgainAndTells) {
  look_for(61);
  EXPECT_EQ(events.events.size(), 2U);
  EXPECT_FALSE(events.events.back().error);
  disk.replace_file("generations/1/tree/etc/mme.conf", as_bytes("plmn: 99999\n"), 0644).value();
  look_for(30);
  ASSERT_EQ(events.events.size(), 3U);
  EXPECT_EQ(events.events.back().activity, "node-verify");
  EXPECT_EQ(events.events.back().error->code, Code::generation_damaged);
  EXPECT_EQ(world.runs(), first_service);  // goes on
}

TEST_F(AgentTest, ANodeWithNothingInstalledHasNothingToDo) {
  MemoryDisk empty;
  World other{empty};
  other.init().value();
  Agent idle({empty, other.services, other.workers, events, "/node"}, 1);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(idle.look(now.plus(i)).ok());
  EXPECT_TRUE(events.events.empty());
}

TEST_F(AgentTest, AFullEventLogIsAFault) {
  end_service();
  events.full = true;
  EXPECT_FALSE(agent.look(now).ok());
}

}  // namespace
}  // namespace sallyport::node
