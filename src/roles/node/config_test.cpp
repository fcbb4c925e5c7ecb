// SPDX-License-Identifier: Apache-2.0
#include "roles/node/config.h"

#include <gtest/gtest.h>

#include "roles/node/status.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

using testkit::PackageParts;

constexpr const char* conf = "etc/mme.conf";

PackageParts release(std::uint64_t counter, MergeRule merge, const std::string& content) {
  PackageParts parts;
  parts.version = "1." + std::to_string(counter);
  parts.counter = counter;
  parts.files[conf] = {content, 0640, 0, 4123};
  parts.config = {{RelativePath::parse(conf).value(), merge}};
  return parts;
}

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() { world.init().value(); }
  InstallReport installs(std::uint64_t counter, MergeRule merge, const std::string& content) {
    return world.install(deliver(release(counter, merge, content), counter)).value();
  }
  std::string text(const std::string& path) {
    const auto bytes = disk.read_small(path, 2U << 20U);
    return bytes.ok() ? std::string(as_text(bytes.value())) : std::string(name(bytes.error().code));
  }
  std::string conf_of(int generation) {
    return text("generations/" + std::to_string(generation) + "/config/" + conf);
  }
  void edit(int generation, const std::string& content) {
    const auto path = "generations/" + std::to_string(generation) + "/config/" + conf;
    disk.replace_file(path, as_bytes(content), 0640).value();
  }
  std::string state_of_conf() {
    const auto ports = world.ports();
    const auto report = status(ports).value();
    if (report.config.size() != 1) return std::to_string(report.config.size());
    return report.config[0].path + " " + std::to_string(static_cast<int>(report.config[0].state));
  }
  void expect_clean() {
    const auto report = world.fsck();
    for (const auto& finding : report.findings) ADD_FAILURE() << name(finding.code) << " " << finding.where;
    for (const auto& note : report.notes) ADD_FAILURE() << note;
  }

  MemoryDisk disk;
  World world{disk};
};

TEST_F(ConfigTest, BeginsAsTheDefault) {
  const auto report = installs(1, MergeRule::keep, "a\n");
  ASSERT_EQ(report.config.size(), 1U);
  EXPECT_EQ(report.config[0].outcome, install::ConfigOutcome::standard);
  EXPECT_EQ(conf_of(1), "a\n");
  const auto found = disk.find("generations/1/config/etc/mme.conf").value();
  EXPECT_EQ(found->mode, 0640U);
  EXPECT_EQ(found->gid, 4123U);
  EXPECT_EQ(found->links, 1U);  // what the operator writes reaches no file of the release
  EXPECT_EQ(state_of_conf(), "etc/mme.conf 0");
  edit(1, "mine\n");
  EXPECT_EQ(state_of_conf(), "etc/mme.conf 1");
  EXPECT_EQ(text("generations/1/tree/etc/mme.conf"), "a\n");
  expect_clean();
  disk.remove("generations/1/config/etc/mme.conf").value();
  EXPECT_EQ(state_of_conf(), "etc/mme.conf 2");
}

TEST_F(ConfigTest, FollowsTheRuleAndComesBackWithItsGeneration) {
  installs(1, MergeRule::keep, "a\nb\nc\n");
  edit(1, "mine\nb\nc\n");
  EXPECT_EQ(installs(2, MergeRule::three_way, "a\nb\nC\n").config[0].outcome, install::ConfigOutcome::merged);
  EXPECT_EQ(conf_of(2), "mine\nb\nC\n");
  edit(2, "mine again\nb\nC\n");
  world.rollback().value();
  EXPECT_EQ(conf_of(1), "mine\nb\nc\n");
  EXPECT_EQ(state_of_conf(), "etc/mme.conf 1");
  // What is carried over is what runs.
  EXPECT_EQ(installs(3, MergeRule::keep, "other\n").config[0].outcome, install::ConfigOutcome::kept);
  EXPECT_EQ(conf_of(3), "mine\nb\nc\n");
  EXPECT_EQ(installs(4, MergeRule::replace, "new\n").config[0].outcome, install::ConfigOutcome::replaced);
  EXPECT_EQ(conf_of(4), "new\n");
  EXPECT_EQ(conf_of(3), "mine\nb\nc\n");
  expect_clean();
}

TEST_F(ConfigTest, GoesWithItsGeneration) {
  for (std::uint64_t counter = 1; counter <= 3; ++counter) installs(counter, MergeRule::keep, "a\n");
  EXPECT_FALSE(disk.find("generations/1/config").value());
  EXPECT_TRUE(disk.find("generations/2/config").value());
  expect_clean();
}

TEST_F(ConfigTest, AConflictIsTheOperatorsToSettle) {
  installs(1, MergeRule::three_way, "a\nb\n");
  edit(1, "mine\nb\n");
  const auto delivery = deliver(release(2, MergeRule::three_way, "theirs\nb\n"), 2);
  const auto refused = world.install(delivery);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::config_conflict);
  EXPECT_EQ(refused.error().where, conf);
  EXPECT_EQ(refused.error().expected,
            "changes that do not touch those of the release (line 1 of the new default); the new default is "
            "generations/2/tree/etc/mme.conf");
  EXPECT_EQ(refused.error().found,
            "line 1 changed here as well, in generations/1/config/etc/mme.conf: put the release's lines "
            "there as they "
            "are, own lines before or behind them, or own lines after the upgrade");
  EXPECT_EQ(refused.error().effect,
            "the installation can be finished under the same order; generation 1 is active");
  EXPECT_EQ(world.runs(), first_service);
  EXPECT_EQ(conf_of(1), "mine\nb\n");
  EXPECT_FALSE(disk.find("generations/2/config.partial").value());
  EXPECT_EQ(world.install(delivery).error().code, Code::config_conflict);
  edit(1, "theirs\nb\nmine\n");
  const auto report = world.install(delivery).value();
  EXPECT_EQ(report.generation, 2U);
  EXPECT_EQ(conf_of(2), "theirs\nb\nmine\n");
  expect_clean();
}

TEST_F(ConfigTest, ADryRunFindsTheConflictAndWhatWouldCome) {
  installs(1, MergeRule::three_way, "a\nb\nc\n");
  edit(1, "mine\nb\nc\n");
  const auto at = world.ports();
  const auto preview = [&](const std::string& next) {
    const auto delivery = deliver(release(2, MergeRule::three_way, next), 2);
    const MemorySource source(delivery.package);
    return preview_install(at, {source, delivery.verdict, delivery.order});
  };
  const auto before = disk.dump();
  const auto refused = preview("theirs\nb\nc\n");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::config_conflict);
  EXPECT_EQ(refused.error().expected,
            "changes that do not touch those of the release (line 1 of the new default); the new default is "
            "etc/mme.conf of the package");
  const auto would = preview("a\nb\ntheirs\n").value();
  ASSERT_EQ(would.config.size(), 1U);
  EXPECT_EQ(would.config[0].outcome, install::ConfigOutcome::merged);
  EXPECT_EQ(disk.dump(), before);
}

TEST_F(ConfigTest, WhatIsNoFileIsRefusedAndWhatIsHugeToo) {
  installs(1, MergeRule::keep, "a\n");
  const auto delivery = deliver(release(2, MergeRule::keep, "b\n"), 2);
  const std::string path = "generations/1/config/etc/mme.conf";
  edit(1, std::string(config_size_max + 1, 'x'));
  EXPECT_FALSE(world.install(delivery).ok());
  disk.remove(path).value();
  disk.make_link("../../../journal", path).value();
  EXPECT_EQ(world.install(delivery).error().code, Code::store_path_diverted);
  disk.remove(path).value();
  disk.make_folder(path).value();
  EXPECT_EQ(world.install(delivery).error().code, Code::store_path_diverted);
  disk.remove_tree("generations/1/config").value();
  EXPECT_EQ(world.install(delivery).value().config[0].outcome, install::ConfigOutcome::standard);
  EXPECT_EQ(conf_of(2), "b\n");
  expect_clean();
}

// Damage of the release that is being replaced neither stops the new one nor speaks for the operator.
TEST_F(ConfigTest, ADefaultThatWasTamperedWithIsNoDefault) {
  installs(1, MergeRule::keep, "a\n");
  edit(1, "mine\n");
  disk.replace_file("generations/1/tree/etc/mme.conf", as_bytes("mine\n"), 0640).value();
  EXPECT_EQ(installs(2, MergeRule::keep, "b\n").config[0].outcome, install::ConfigOutcome::kept);
  EXPECT_EQ(conf_of(2), "mine\n");
}

TEST_F(ConfigTest, WhatAnInterruptionLeftIsMadeAnew) {
  installs(1, MergeRule::keep, "a\n");
  edit(1, "mine\nb\n");
  const auto delivery = deliver(release(2, MergeRule::three_way, "x\n"), 2);
  EXPECT_EQ(world.install(delivery).error().code, Code::config_conflict);
  disk.ensure_folder("generations/2/config.partial").value();
  disk.ensure_folder("generations/2/config").value();
  const auto report = world.fsck();
  EXPECT_TRUE(report.findings.empty());
  EXPECT_FALSE(report.notes.empty());
  edit(1, "a\n");
  EXPECT_EQ(world.install(delivery).value().config[0].outcome, install::ConfigOutcome::standard);
  EXPECT_EQ(conf_of(2), "x\n");
  expect_clean();
}

}  // namespace
}  // namespace sallyport::node
