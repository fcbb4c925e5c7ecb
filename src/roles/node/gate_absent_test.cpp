// SPDX-License-Identifier: Apache-2.0
// A policy that says that gates enforce, on a node on which none runs: nothing is started, and what runs goes on.
#include <gtest/gtest.h>

#include "adapters/events/memory.h"
#include "roles/node/agent.h"
#include "roles/node/gate_terms.h"
#include "roles/node/hold.h"
#include "roles/node/officers_for_test.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

class GateAbsentTest : public testing::Test {
 protected:
  // A gate that runs, as others see it: it holds the lock, and says that it has taken in whatever there is.
  void start_gate() {
    disk.ensure_folder("run").value();
    disk.replace_file(gate_paths::lock, {}, 0600).value();
    lock = disk.lock(gate_paths::lock).value();
    const GateStatus status{4711, GateMode::enforce, ModeFrom::policy, 1, 1U << 20U, {}, 0, {}, {}, {}, {}};
    disk.replace_file(gate_paths::status, as_bytes(print_gate_status(status)), 0600).value();
  }
  void end_gate() { lock.reset(); }

  static std::string policy(const std::optional<testkit::GatePart>& gate) {
    auto parts = officers_parts(1);
    parts.pools[0].gate = gate;
    return testkit::print_policy(parts);
  }
  static Delivery delivery(const testkit::PackageParts& parts, std::uint64_t sequence) {
    return deliver(parts, sequence, policy(testkit::GatePart{"enforce", {}, {}}));
  }
  // A node whose policy demands a gate, and has had one: its first generation runs.
  void begin() {
    world.init(policy(testkit::GatePart{"enforce", {}, {}})).value();
    start_gate();
    world.install(delivery(first_parts(), 1)).value();
    end_gate();
  }
  bool tells(Code code) {
    const auto ports = world.ports();
    for (const auto& finding : status(ports).value().findings) {
      if (finding.code == code) return true;
    }
    return false;
  }

  MemoryDisk disk;
  World world{disk};
  std::unique_ptr<DiskLock> lock;
};

TEST_F(GateAbsentTest, NothingIsInstalledOrStoppedAndTheOrderIsNotUsedUp) {
  begin();
  const auto records = world.state().records;
  const auto second = delivery(second_parts(), 2);
  const auto refused = world.install(second);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::gate_absent);
  EXPECT_EQ(exit_of(refused.error().code), Exit::policy);
  EXPECT_EQ(refused.error().effect, "nothing changed");
  EXPECT_EQ(world.state().records, records);
  EXPECT_EQ(world.runs(), first_service);
  start_gate();
  EXPECT_TRUE(world.install(second).ok());
  EXPECT_EQ(world.runs(), second_service);
}

TEST_F(GateAbsentTest, NothingIsRolledBackEither) {
  begin();
  start_gate();
  world.install(delivery(second_parts(), 2)).value();
  end_gate();
  EXPECT_EQ(world.rollback().error().code, Code::gate_absent);
  EXPECT_EQ(world.runs(), second_service);
  const auto ports = world.ports();
  EXPECT_EQ(preview_rollback(ports, {}).error().code, Code::gate_absent);
  start_gate();
  EXPECT_TRUE(world.rollback().ok());
}

TEST_F(GateAbsentTest, AHeldServiceStaysHeld) {
  begin();
  stop_services(world.ports(), {}).value();
  EXPECT_EQ(start_services(world.ports(), {}).value().at(0).error.value().code, Code::gate_absent);
  EXPECT_FALSE(world.state().held.empty());
  start_gate();
  EXPECT_FALSE(start_services(world.ports(), {}).value().at(0).error);
  EXPECT_TRUE(world.state().held.empty());
}

TEST_F(GateAbsentTest, WhatRunsGoesOnAndTheStatusSaysSo) {
  begin();
  EXPECT_TRUE(tells(Code::gate_absent));
  EXPECT_EQ(world.runs(), first_service);
  start_gate();
  EXPECT_FALSE(tells(Code::gate_absent));
}

TEST_F(GateAbsentTest, TheAgentTellsOnceAndStartsWhenThereIsOne) {
  begin();
  MemoryEventLog events;
  Agent agent({disk, world.services, world.workers, events, "/node"}, 3600);
  agent.look(world.now).value();
  world.services.power_off();
  for (int i = 1; i < 100; ++i) agent.look(world.now.plus(i)).value();
  EXPECT_EQ(world.runs(), "");
  ASSERT_EQ(events.events.size(), 1U);
  EXPECT_EQ(events.events[0].activity, "gate-alarm");
  EXPECT_EQ(events.events[0].error.value().code, Code::gate_absent);
  // At once: what was not tried has not failed.
  start_gate();
  agent.look(world.now.plus(100)).value();
  EXPECT_EQ(world.runs(), first_service);
  end_gate();
  agent.look(world.now.plus(101)).value();
  EXPECT_EQ(events.events.back().activity, "gate-alarm");
}

// A gate may end at the worst moment: then the switch has failed, not the release.
TEST_F(GateAbsentTest, AGateThatEndsDuringASwitchDoesNotUseTheOrderUp) {
  class WithoutGate final : public Services {
   public:
    explicit WithoutGate(MemoryServices& services) : services_(services) {}
    Result<void> start(const std::string&, const Service&) override {
      return Error(Code::gate_absent, "gate");
    }
    Result<void> stop(const std::string& root, const Service& service) override {
      return services_.stop(root, service);
    }
    Result<ServiceState> state(const std::string& root, const Service& service) override {
      return services_.state(root, service);
    }
    Result<std::optional<std::string>> why_unhealthy(const std::string& root,
                                                     const Service& service) override {
      return services_.why_unhealthy(root, service);
    }
    Result<void> wait_healthy(const std::string& root, const Service& service) override {
      return services_.wait_healthy(root, service);
    }

   private:
    MemoryServices& services_;
  };
  begin();
  start_gate();
  const auto second = delivery(second_parts(), 2);
  WithoutGate services(world.services);
  const Ports ports{disk, services, world.workers, "/node", "x86_64", world.now};
  const MemorySource source(second.package);
  Account account;
  const auto failed = install(ports, {source, second.verdict, second.order}, account);
  EXPECT_EQ(failed.error().code, Code::gate_absent);
  EXPECT_EQ(world.state().active, 1U);
  EXPECT_TRUE(world.install(second).ok());
  EXPECT_EQ(world.runs(), second_service);
}

TEST_F(GateAbsentTest, WhereThePolicyObservesOrIsSilentNoGateIsNeeded) {
  const testkit::GatePart observe{"observe", {}, testkit::test_time().plus(86400).print()};
  for (const auto& gate : {std::optional<testkit::GatePart>(), std::optional(observe)}) {
    MemoryDisk other_disk;
    World other{other_disk};
    other.init(policy(gate)).value();
    EXPECT_TRUE(other.install(deliver(first_parts(), 1, policy(gate))).ok());
  }
}

}  // namespace
}  // namespace sallyport::node
