// SPDX-License-Identifier: Apache-2.0
#include "roles/node/collect.h"

#include <gtest/gtest.h>

#include "roles/node/history.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

class CollectTest : public testing::Test {
 protected:
  CollectTest() { world.init().value(); }
  std::size_t objects() { return object_paths(disk).value().size(); }
  bool there(const std::string& path) { return disk.find(path).value().has_value(); }
  void expect_clean() {
    const auto report = world.fsck();
    for (const auto& finding : report.findings) ADD_FAILURE() << name(finding.code) << " " << finding.where;
    for (const auto& note : report.notes) ADD_FAILURE() << note;
  }
  void install_three() {
    world.install(first_delivery()).value();
    world.install(second_delivery()).value();
    third = world.install(third_delivery()).value().collected;
  }
  MemoryDisk disk;
  World world{disk};
  std::vector<install::GenerationNumber> third;
};

TEST_F(CollectTest, TheThirdInstallationTakesTheFirstOneAway) {
  install_three();
  EXPECT_EQ(third, std::vector<install::GenerationNumber>{1});
  EXPECT_FALSE(there("generations/1/tree") || there("generations/1/package.csar"));
  for (const auto* paper : {"manifest.mf", "tree.json", "verdict.dsse", "order.dsse"}) {
    EXPECT_TRUE(there(std::string("generations/1/") + paper)) << paper;
  }
  expect_clean();
  EXPECT_EQ(world.fsck().collected, 1U);
  EXPECT_EQ(world.runs(), third_service);
  const auto lines = history(disk).value();
  EXPECT_EQ(lines.back().event, "collected");
  EXPECT_EQ(lines.back().version, "1.0");
}

TEST_F(CollectTest, WhatIsCollectedIsNotReturnedToAndItsOrderStaysSpent) {
  install_three();
  EXPECT_EQ(world.rollback(1).error().code, Code::generation_missing);
  EXPECT_EQ(verify(disk, 1, world.workers).error().code, Code::generation_missing);
  EXPECT_EQ(world.install(first_delivery()).error().code, Code::order_replayed);
  EXPECT_EQ(world.rollback().value().to, 2U);
  EXPECT_EQ(world.rollback().error().code, Code::nothing_to_roll_back);
  EXPECT_EQ(world.rollback(3).value().to, 3U);
  expect_clean();
}

TEST_F(CollectTest, ObjectsThatOthersHaveStay) {
  install_three();
  MemoryDisk other;
  World alone(other);
  alone.init().value();
  alone.install(second_delivery()).value();
  const auto of_second = object_paths(other).value();
  for (const auto& object : of_second) EXPECT_TRUE(there(object)) << object;
  EXPECT_TRUE(verify(disk, 2, world.workers).ok());
}

TEST_F(CollectTest, WithoutItsTreeTheWholeStoreIsLookedAt) {
  for (const auto& damage : {std::string(), std::string("{}")}) {
    MemoryDisk other;
    World node(other);
    node.init().value();
    node.install(first_delivery()).value();
    node.install(second_delivery()).value();
    other.remove("generations/1/tree.json").value();
    if (!damage.empty()) other.replace_file("generations/1/tree.json", as_bytes(damage), 0600).value();
    node.install(third_delivery()).value();
    EXPECT_TRUE(node.fsck().notes.empty());
    EXPECT_FALSE(node.fsck().findings.empty());  // a paper is missing, or another
    EXPECT_EQ(node.runs(), third_service);
  }
}

TEST_F(CollectTest, AnotherTreesNamesTakeNothingAway) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  const auto second = disk.read_small("generations/2/tree.json", 1 << 20).value();
  disk.replace_file("generations/1/tree.json", second, 0600).value();
  world.install(third_delivery()).value();
  EXPECT_TRUE(verify(disk, 2, world.workers).ok());
  for (const auto& finding : world.fsck().findings) {
    EXPECT_TRUE(finding.where.starts_with("generations/1/")) << finding.where;
  }
}

TEST_F(CollectTest, WhatStandsInTheWayIsToldAndStopsNothing) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  disk.divert("generations/1");
  const auto report = world.install(third_delivery()).value();
  EXPECT_TRUE(report.collected.empty());
  ASSERT_EQ(report.collect_errors.size(), 1U);
  EXPECT_EQ(report.collect_errors[0].code, Code::store_path_diverted);
  EXPECT_EQ(world.state().find(1)->storage, install::Storage::going);
  EXPECT_EQ(world.fsck().notes.size(), 1U);
  EXPECT_EQ(world.rollback().value().to, 2U);  // the node goes on
  EXPECT_EQ(world.rollback(1).error().code, Code::generation_missing);
}

TEST_F(CollectTest, AReleaseThatFailsLeavesNoObjects) {
  world.install(first_delivery()).value();
  const auto before = objects();
  world.services.never_healthy.insert(second_service);
  EXPECT_EQ(world.install(second_delivery()).error().code, Code::health_failed);
  EXPECT_EQ(objects(), before);
  EXPECT_FALSE(there("generations/2"));
  expect_clean();
}

TEST_F(CollectTest, AnInstallationThatIsGivenUpLeavesNoObjects) {
  world.install(first_delivery()).value();
  const auto before = objects();
  world.services.fails_to_stop.insert(first_service);  // installed, and no further
  EXPECT_FALSE(world.install(second_delivery()).ok());
  EXPECT_GT(objects(), before);
  world.services.fails_to_stop.clear();
  world.install(third_delivery()).value();
  EXPECT_EQ(world.state().find(2)->stage, install::Stage::failed);
  EXPECT_FALSE(there("generations/2"));
  expect_clean();
}

TEST_F(CollectTest, FsckTellsOfObjectsThatNobodyHas) {
  world.install(first_delivery()).value();
  disk.link("generations/1/tree/etc/mme.conf", "kept").value();
  disk.remove_tree("generations/1/tree/etc/mme.conf").value();
  disk.remove("kept").value();
  const auto notes = world.fsck().notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_TRUE(notes[0].starts_with("no generation has objects/")) << notes[0];
}

TEST_F(CollectTest, FsckFindsWhatDoesNotBelongBesideThePapers) {
  install_three();
  disk.replace_file("generations/1/package.csar", as_bytes("put back"), 0600).value();
  disk.replace_file("generations/2/more", as_bytes("x"), 0600).value();
  const auto findings = world.fsck().findings;
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].where, "generations/1/package.csar");
  EXPECT_EQ(findings[1].where, "generations/2/more");
  EXPECT_EQ(findings[0].code, Code::generation_file_unlisted);
}

TEST_F(CollectTest, AnOverfullQuarantineIsBroughtBackWithinItsBounds) {
  for (int i = 0; i < 9; ++i) {
    disk.replace_file("quarantine/" + std::to_string(i) + ".csar", as_bytes("x"), 0600).value();
  }
  world.install(first_delivery()).value();
  EXPECT_EQ(disk.list("quarantine").value().size(), 4U);
}

}  // namespace
}  // namespace sallyport::node
