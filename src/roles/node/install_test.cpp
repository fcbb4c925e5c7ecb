// SPDX-License-Identifier: Apache-2.0
#include "roles/node/install.h"

#include <gtest/gtest.h>

#include "roles/node/history.h"
#include "roles/node/quarantine.h"
#include "roles/node/status.h"
#include "roles/node/world_for_test.h"
#include "testkit/foreign_verdict.h"

namespace sallyport::node {
namespace {

class NodeTest : public testing::Test {
 protected:
  NodeTest() { world.init().value(); }
  std::string text(const std::string& path) {
    return std::string(as_text(disk.read_small(path, 1 << 20).value()));
  }
  void expect_clean() {
    const auto report = world.fsck();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << name(finding.code) << " " << finding.where << " " << finding.found;
    }
    for (const auto& note : report.notes) ADD_FAILURE() << note;
  }
  // Refused with this code, and nothing is different afterwards but what is in quarantine.
  void expect_refused(const Delivery& delivery, Code code) {
    const auto before = kept();
    const auto refused = world.install(delivery);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(name(refused.error().code), name(code));
    EXPECT_TRUE(refused.error().effect.starts_with("nothing changed")) << refused.error().effect;
    EXPECT_EQ(kept(), before);
    expect_clean();
  }
  std::map<std::string, std::string> kept() const {
    auto all = disk.dump();
    std::erase_if(all, [](const auto& entry) { return entry.first.starts_with("quarantine/"); });
    return all;
  }
  MemoryDisk disk;
  World world{disk};
};

TEST_F(NodeTest, InstallsWhatTheTreeSays) {
  const auto report = world.install(first_delivery()).value();
  EXPECT_EQ(report.generation, 1U);
  EXPECT_EQ(report.replaced, 0U);
  EXPECT_EQ(disk.read_link("active").value(), "generations/1");
  EXPECT_EQ(text("generations/1/tree/etc/mme.conf"), "plmn: 00101\n");
  EXPECT_EQ(disk.find("generations/1/tree/usr/bin/helper").value()->mode, 04755U);
  EXPECT_EQ(disk.read_link("generations/1/tree/usr/lib/mme/link").value(), "table");
  EXPECT_EQ(disk.open("generations/1/tree/usr/bin/bind").value()->capabilities().value(),
            std::vector<std::string>{"cap_net_bind_service"});
  // table, copy-of-table and the object are one inode.
  EXPECT_EQ(disk.find("generations/1/tree/usr/lib/mme/table").value()->links, 3U);
  EXPECT_EQ(disk.find("generations/1/tree/usr/bin/bind").value()->links, 1U);
  EXPECT_EQ(copy(as_bytes(text("generations/1/package.csar"))), first_delivery().package);
  EXPECT_EQ(world.runs(), first_service);
  EXPECT_FALSE(disk.find("incoming").value());
  expect_clean();
}

TEST_F(NodeTest, UpgradesAndSharesWhatDidNotChange) {
  world.install(first_delivery()).value();
  const auto report = world.install(second_delivery()).value();
  EXPECT_EQ(report.replaced, 1U);
  EXPECT_EQ(disk.read_link("active").value(), "generations/2");
  EXPECT_EQ(world.runs(), second_service);
  EXPECT_EQ(report.files_written, 2U);  // mme-two, and the one with capabilities
  EXPECT_EQ(disk.find("generations/2/tree/usr/lib/mme/table").value()->links, 5U);
  EXPECT_EQ(world.services.calls(),
            (std::vector<std::string>{"start mme", "healthy mme", "stop mme", "start mme", "healthy mme"}));
  expect_clean();
}

TEST_F(NodeTest, RollsBackAndKeepsTheFloor) {
  world.install(first_delivery()).value();
  EXPECT_EQ(world.rollback().error().code, Code::nothing_to_roll_back);
  world.install(second_delivery()).value();
  const auto report = world.rollback().value();
  EXPECT_EQ(report.from, 2U);
  EXPECT_EQ(report.to, 1U);
  EXPECT_EQ(world.runs(), first_service);
  expect_clean();
  expect_refused(deliver(first_parts(), 3), Code::counter_rollback);
  EXPECT_EQ(world.rollback(2).value().to, 2U);
  EXPECT_EQ(world.rollback(2).error().found, "the active one");
  EXPECT_EQ(world.rollback(7).error().code, Code::generation_missing);
  EXPECT_EQ(world.rollback(7).error().found, "no such generation");
}

TEST_F(NodeTest, RollsBackOnlyToWhatIsIntact) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  disk.corrupt("generations/1/tree/etc/mme.conf", 0);
  const auto refused = world.rollback();
  EXPECT_EQ(refused.error().code, Code::generation_damaged);
  EXPECT_EQ(refused.error().where, "generations/1/tree/etc/mme.conf");
  EXPECT_EQ(world.runs(), second_service);
  EXPECT_EQ(world.state().active, 2U);
}

TEST_F(NodeTest, GoesBackWhenTheNewOneIsNotHealthy) {
  world.install(first_delivery()).value();
  world.services.never_healthy.insert(second_service);
  const auto refused = world.install(second_delivery());
  EXPECT_EQ(refused.error().code, Code::health_failed);
  EXPECT_EQ(refused.error().effect, "the node went back; generation 1 is active");
  EXPECT_EQ(world.runs(), first_service);
  EXPECT_EQ(disk.read_link("active").value(), "generations/1");
  expect_clean();
  world.services.never_healthy.clear();
  expect_refused(second_delivery(), Code::order_replayed);
  EXPECT_EQ(world.install(deliver(second_parts(), 3)).value().generation, 3U);
}

TEST_F(NodeTest, GoesBackToNothingWhenTheFirstOneIsNotHealthy) {
  world.services.fails_to_start.insert(first_service);
  EXPECT_EQ(world.install(first_delivery()).error().code, Code::health_failed);
  EXPECT_FALSE(disk.find("active").value());
  EXPECT_EQ(verify(disk, {}, world.workers).error().code, Code::nothing_active);
  expect_clean();
}

TEST_F(NodeTest, AnOrderIsUsedOnce) {
  world.install(first_delivery()).value();
  expect_refused(first_delivery(), Code::order_replayed);
  world.install(second_delivery()).value();
  expect_refused(first_delivery(), Code::order_replayed);
  auto late = second_parts();
  late.counter = 3;
  expect_refused(deliver(late, 1), Code::order_superseded);
}

TEST_F(NodeTest, ATamperedFileIsReportedAsSuchAndKept) {
  world.install(first_delivery()).value();
  auto tampered = second_delivery();
  tampered.package[tampered.package.size() / 2] ^= 1U;
  const auto refused = world.install(tampered);
  EXPECT_EQ(exit_of(refused.error().code), Exit::integrity);
  const auto kept_as = "quarantine/" + sha256(tampered.package).text() + ".csar";
  EXPECT_EQ(refused.error().effect, "nothing changed; the refused file is kept as " + kept_as);
  EXPECT_EQ(copy(as_bytes(text(kept_as))), tampered.package);
  EXPECT_EQ(world.runs(), first_service);
  // The order was not burnt by it.
  EXPECT_TRUE(world.install(second_delivery()).ok());
}

// Neither by a verdict about it, nor by papers about a release of ours.
TEST_F(NodeTest, PackagesOfOtherToolsAreNotInstalled) {
  world.install(first_delivery()).value();
  const auto policy = parse_policy(as_bytes(policy_text())).value();
  auto foreign = second_delivery();
  foreign.package = testkit::make_foreign();
  expect_refused(foreign, Code::package_member_missing);
  foreign.verdict =
      testkit::sign_statement(print_foreign_verdict(testkit::make_foreign_verdict(policy)), {"intake-1"});
  expect_refused(foreign, Code::package_foreign);
  foreign.package = second_delivery().package;
  expect_refused(foreign, Code::package_foreign);
  EXPECT_TRUE(world.install(second_delivery()).ok()) << "the order was not used up";
}

TEST_F(NodeTest, TheQuarantineIsBounded) {
  for (std::uint8_t i = 0; i < 7; ++i) {
    auto tampered = second_delivery();
    tampered.package[tampered.package.size() / 2] ^= static_cast<std::uint8_t>(i + 1);
    EXPECT_FALSE(world.install(tampered).ok());
  }
  EXPECT_EQ(disk.list("quarantine").value().size(), quarantine_files_max);
  expect_clean();
}

TEST_F(NodeTest, AContentThatIsNotWhatTheTreeSaysUsesTheOrderUp) {
  auto lying = second_parts();
  lying.edit_members = [](testkit::Members& members) {
    auto& pack = testkit::member(members, "Artifacts/content.pack");
    pack.content[pack.content.size() / 2] ^= 1U;
  };
  const auto refused = world.install(deliver(lying, 2));
  EXPECT_EQ(exit_of(refused.error().code), Exit::integrity);
  EXPECT_EQ(refused.error().effect, "nothing changed, the order is used up; nothing is active");
  EXPECT_EQ(world.state().find(1)->stage, install::Stage::failed);
  EXPECT_EQ(world.runs(), "");
  expect_clean();
}

TEST_F(NodeTest, ADamagedObjectIsReplacedNotTrusted) {
  world.install(first_delivery()).value();
  disk.corrupt("generations/1/tree/usr/lib/mme/table", 5);
  EXPECT_EQ(verify(disk, {}, world.workers).error().code, Code::generation_damaged);
  world.install(second_delivery()).value();
  EXPECT_TRUE(verify(disk, {}, world.workers).ok());
  // The damage is still where it was, and fsck says so.
  ASSERT_FALSE(world.fsck().findings.empty());
  EXPECT_EQ(world.fsck().findings[0].code, Code::generation_damaged);
}

TEST_F(NodeTest, TheKernelKeepsWhatIsInTheStore) {
  disk.set_keeper(Frozen::by_kernel);
  world.install(first_delivery()).value();
  for (const auto& file : disk.dump()) {
    const auto kept = file.first.starts_with("objects/") || file.first.starts_with("generations/1/tree/");
    if (!kept || disk.find(file.first).value()->type != FileType::file) continue;
    EXPECT_EQ(disk.append(file.first, as_bytes("x")).error().code, Code::permission_missing) << file.first;
  }
  expect_clean();
}

TEST_F(NodeTest, WhatTheKernelNoLongerLetsReadIsWrittenAnew) {
  disk.set_keeper(Frozen::by_kernel);
  world.install(first_delivery()).value();
  disk.corrupt("generations/1/tree/usr/lib/mme/table", 5);
  EXPECT_EQ(verify(disk, {}, world.workers).error().code, Code::io_failed);
  world.install(second_delivery()).value();
  EXPECT_TRUE(verify(disk, {}, world.workers).ok());
}

TEST_F(NodeTest, ADryRunChangesNothing) {
  world.install(first_delivery()).value();
  const auto before = disk.dump();
  const MemorySource source(second_delivery().package);
  const auto at = world.ports();
  const auto preview =
      preview_install(at, {source, second_delivery().verdict, second_delivery().order}).value();
  EXPECT_EQ(preview.generation, 2U);
  EXPECT_EQ(preview.steps.front(), "write into the journal: begun, generation 2");
  EXPECT_EQ(disk.dump(), before);
  world.install(second_delivery()).value();
  const auto later = disk.dump();
  EXPECT_EQ(preview_rollback(at, {}).value().to, 1U);
  EXPECT_EQ(disk.dump(), later);
}

TEST_F(NodeTest, StatusAndHistoryTellWhatHappened) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  const auto at = world.ports();
  const auto report = status(at).value();
  EXPECT_EQ(report.active->number, 2U);
  EXPECT_EQ(report.previous->number, 1U);
  EXPECT_FALSE(report.unfinished);
  ASSERT_EQ(report.services.size(), 1U);
  EXPECT_EQ(report.services[0].state, ServiceState::running);
  const auto lines = history(disk).value();
  ASSERT_EQ(lines.size(), 12U);
  EXPECT_EQ(lines[0].event, "initialised");
  EXPECT_EQ(lines[1].event, "time-seen");
  EXPECT_EQ(lines[11].event, "confirmed");
  EXPECT_EQ(lines[11].version, "1.1");
}

TEST_F(NodeTest, InitHappensOnce) {
  const auto before = disk.dump();
  EXPECT_EQ(world.init().error().code, Code::node_already_initialised);
  EXPECT_EQ(disk.dump(), before);
}

TEST_F(NodeTest, InitRefusesAPolicyThatDoesNotNameTheNode) {
  MemoryDisk other;
  const Bytes policy = copy(as_bytes(policy_text()));
  const auto pool = PoolId::parse("mme-east").value();
  EXPECT_EQ(
      init(other, {policy, NodeId::parse("mme-9").value(), pool}, world.now, node_key_for_test).error().code,
      Code::node_unknown);
  EXPECT_EQ(init(other, {policy, NodeId::parse("mme-1").value(), PoolId::parse("west").value()}, world.now,
                 node_key_for_test)
                .error()
                .code,
            Code::pool_unknown);
  EXPECT_EQ(Books::open(other).error().code, Code::node_not_initialised);
}

TEST_F(NodeTest, InitDoesNotResetANodeWhoseIdentityIsGone) {
  world.install(first_delivery()).value();
  disk.remove("node.json").value();
  EXPECT_EQ(world.init().error().code, Code::node_already_initialised);
  EXPECT_EQ(Books::open(disk).error().code, Code::trust_file_damaged);
}

}  // namespace
}  // namespace sallyport::node
