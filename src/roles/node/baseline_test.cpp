// SPDX-License-Identifier: Apache-2.0
#include "roles/node/baseline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/gate/decide.h"
#include "roles/node/baselines_for_test.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

class BaselineTest : public testing::Test {
 protected:
  BaselineTest() { world.init(officers_policy(1)).value(); }

  Result<BaselineReport> take(const HostBaseline& baseline,
                              const std::vector<std::string>& keys = {"alice-1", "bob-1"}) {
    return take_baseline(world.ports(), signed_baseline(baseline, keys));
  }
  std::optional<HostBaseline> in_force() {
    return baseline_in_force(disk, Books::open(disk).value()).value();
  }

  MemoryDisk disk;
  World world{disk};
};

TEST_F(BaselineTest, OneThatOfficersSignedIsTheNodes) {
  EXPECT_FALSE(in_force());
  const auto baseline = baseline_of(1, {{"/bin/sh", "sh"}});
  const auto report = take(baseline).value();
  EXPECT_EQ(report.number, 1U);
  EXPECT_EQ(report.files, 1U);
  EXPECT_EQ(report.effect, BaselineReport::Effect::taken);
  EXPECT_EQ(in_force(), baseline);
  const auto contents = contents_of(baseline);
  EXPECT_TRUE(gate::ListedFiles({}, contents).has(2, file_digest(as_bytes("sh"))));
  EXPECT_EQ(take(baseline).value().effect, BaselineReport::Effect::known);
  EXPECT_EQ(world.state().baseline->number, 1U);
}

TEST_F(BaselineTest, WhatOfficersSawToBeChangedOrOfNoPackageMayRunAsWell) {
  auto baseline = baseline_of(1, {{"/bin/sh", "sh"}});
  baseline.changed.push_back({{"/etc/init.d/cron", 7, file_digest(as_bytes("changed"))}, "cron"});
  baseline.unowned.push_back({"/usr/local/bin/backup", 6, file_digest(as_bytes("backup"))});
  const auto contents = contents_of(baseline);
  const gate::ListedFiles files({}, contents);
  EXPECT_TRUE(files.has(2, file_digest(as_bytes("sh"))));
  EXPECT_TRUE(files.has(7, file_digest(as_bytes("changed"))));
  EXPECT_TRUE(files.has(6, file_digest(as_bytes("backup"))));
}

TEST_F(BaselineTest, LookingAtOneChangesNothing) {
  const auto file = signed_baseline(baseline_of(1, {{"/bin/sh", "sh"}}), {"alice-1", "bob-1"});
  EXPECT_EQ(preview_baseline(world.ports(), file).value().number, 1U);
  EXPECT_FALSE(in_force());
  EXPECT_FALSE(disk.find(paths::baselines).value());
}

TEST_F(BaselineTest, ItGoesOnlyForward) {
  take(baseline_of(2, {{"/bin/sh", "sh"}})).value();
  EXPECT_EQ(refusal(take(baseline_of(1, {{"/bin/sh", "old"}}))), "baseline-rollback");
  EXPECT_EQ(refusal(take(baseline_of(2, {{"/bin/sh", "other"}}))), "baseline-rollback");
  const auto next = baseline_of(5, {{"/bin/sh", "new"}});
  take(next).value();
  EXPECT_EQ(in_force(), next);
  EXPECT_EQ(Books::open(disk).value().floors().baseline, 5U);
}

TEST_F(BaselineTest, ItIsForThisNode) {
  auto for_others = baseline_of(1, {{"/bin/sh", "sh"}});
  for_others.nodes = {NodeId::parse("mme-2").value()};
  EXPECT_EQ(refusal(take(for_others)), "baseline-other-node");
  auto for_another_pool = baseline_of(1, {{"/bin/sh", "sh"}});
  for_another_pool.pool = PoolId::parse("mme-west").value();
  EXPECT_EQ(refusal(take(for_another_pool)), "baseline-other-node");
  EXPECT_EQ(refusal(take(baseline_of(1, {{"/bin/sh", "sh"}}), {"alice-1"})), "baseline-quorum-missing");
  EXPECT_FALSE(in_force());
}

// A later policy takes nothing from what came in by an earlier one.
TEST_F(BaselineTest, ItStaysProvedByThePolicyUnderWhichItCameIn) {
  const auto baseline = baseline_of(1, {{"/bin/sh", "sh"}});
  take(baseline).value();
  auto parts = officers_parts(2);
  for (auto& person : parts.persons) {
    if (person.id == "bob") person.revoked_at = "2026-01-01T00:00:00Z";
    if (person.id == "dave") person.roles.push_back("release");  // or the pool's rule cannot be met
  }
  change_policy(world.ports(), signed_text(testkit::print_policy(parts), {"alice-1", "carol-1"})).value();
  EXPECT_EQ(in_force(), baseline);
  EXPECT_EQ(refusal(take(baseline_of(2, {{"/bin/sh", "sh"}}))), "signer-revoked");
}

TEST_F(BaselineTest, AnotherFileInItsPlaceIsFound) {
  take(baseline_of(1, {{"/bin/sh", "sh"}})).value();
  const auto path = std::string(paths::baselines) + "/" + world.state().baseline->identity.text() + ".dsse";
  const auto other = signed_baseline(baseline_of(2, {{"/bin/sh", "evil"}}), {"alice-1", "bob-1"});
  disk.replace_file(path, other, 0600).value();
  EXPECT_EQ(refusal(baseline_in_force(disk, Books::open(disk).value())), "trust-file-damaged");
  const auto has_finding = [&] {
    const auto report = world.fsck();
    return std::ranges::any_of(report.findings,
                               [](const Error& error) { return error.code == Code::trust_file_damaged; });
  };
  EXPECT_TRUE(has_finding());
  disk.remove(path).value();
  EXPECT_TRUE(has_finding());
}

}  // namespace
}  // namespace sallyport::node
