// SPDX-License-Identifier: Apache-2.0
#include "roles/node/ways.h"

#include <gtest/gtest.h>

#include "adapters/confine/memory.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

class WaysTest : public testing::Test {
 protected:
  WaysTest() { world.init().value(); }
  Result<std::vector<Attempt>> tried() { return try_ways({disk, gate, workers, "/node"}); }

  MemoryDisk disk;
  World world{disk};
  MemoryGate gate;
  InlineWorkers workers;
};

TEST_F(WaysTest, AreTriedAsEachServiceAndTouchNothingOfIt) {
  auto parts = first_parts();
  parts.services.push_back(testkit::make_service("sgw"));
  world.install(deliver(parts, 1)).value();
  gate.attempts = {{"service-trace", AttemptEnd::refused, "seccomp"}};
  const std::vector<Attempt> expected{{"service-trace", AttemptEnd::refused, "mme: seccomp"}};
  EXPECT_EQ(tried().value(), expected);
  ASSERT_EQ(gate.tried.size(), 2U);
  for (const auto& twin : gate.tried) {
    EXPECT_EQ(twin.tree_folder, "/node/generations/1/tree");
    EXPECT_TRUE(twin.service.state_folders.empty());
    EXPECT_EQ(twin.data_folder, "/node/run/ways." + twin.service.name.text() + "/data");
    EXPECT_EQ(twin.lock_file, "/node/run/ways." + twin.service.name.text() + "/lock");
    EXPECT_FALSE(twin.group.empty());
  }
  for (const auto* folder : {"run/ways.mme", "run/ways.sgw"})
    EXPECT_FALSE(disk.find(folder).value().has_value());
}

TEST_F(WaysTest, TheWorstOfAllServicesIsTold) {
  class TwoServices final : public Gate {
   public:
    Result<std::unique_ptr<ConfinedService>> start(const Confinement& /*confinement*/) override {
      return Error(Code::not_supported, "start");
    }
    Result<std::uint64_t> group(const std::string& /*name*/) override { return 1; }
    Result<void> watch_running(const std::string& /*group*/, int /*custodian*/) override { return {}; }
    Result<std::vector<Attempt>> try_ways(const Confinement& confinement) override {
      const bool first = confinement.service.name.text() == "mme";
      return std::vector<Attempt>{{"a", first ? AttemptEnd::passed : AttemptEnd::refused, ""},
                                  {"b", first ? AttemptEnd::not_tried : AttemptEnd::declared, ""},
                                  {"c", first ? AttemptEnd::refused : AttemptEnd::not_tried, ""}};
    }
  };
  auto parts = first_parts();
  parts.services.push_back(testkit::make_service("sgw"));
  world.install(deliver(parts, 1)).value();
  TwoServices two;
  const auto worst = try_ways({disk, two, workers, "/node"}).value();
  EXPECT_EQ(worst, (std::vector<Attempt>{{"a", AttemptEnd::passed, "mme: "},
                                         {"b", AttemptEnd::declared, "sgw: "},
                                         {"c", AttemptEnd::refused, "mme: "}}));
}

TEST_F(WaysTest, NothingActiveHasNone) {
  EXPECT_TRUE(tried().value().empty());
  EXPECT_TRUE(gate.tried.empty());
}

TEST_F(WaysTest, WhatWasCutShortIsInNobodysWay) {
  world.install(first_delivery()).value();
  for (const auto* folder : {"run", "run/ways.mme", "run/ways.mme/data"}) disk.ensure_folder(folder).value();
  disk.replace_file("run/ways.mme/log", as_bytes("of before"), 0600).value();
  EXPECT_TRUE(tried().ok());
  EXPECT_FALSE(disk.find("run/ways.mme").value().has_value());
}

TEST_F(WaysTest, WhatCouldNotBeConfinedIsNoAnswer) {
  world.install(first_delivery()).value();
  gate.refuse_with = Error(Code::not_supported, "namespaces");
  const auto refused = tried();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::not_supported);
  EXPECT_FALSE(disk.find("run/ways.mme").value().has_value());
}

}  // namespace
}  // namespace sallyport::node
