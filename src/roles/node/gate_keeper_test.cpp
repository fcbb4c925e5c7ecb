// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_keeper.h"

#include <gtest/gtest.h>

#include "adapters/confine/memory.h"
#include "adapters/events/memory.h"
#include "adapters/exec_events/shared_board.h"
#include "core/crypto/file_digest.h"
#include "core/gate/decide.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

class GateKeeperTest : public testing::Test {
 protected:
  GateKeeperTest() { world.init().value(); }
  void look() { keeper.look(testkit::test_time()).value(); }
  void adopt() { board->adopt(board->published()); }
  bool lists(const std::string& content) const {
    return gate::ListedFiles(board->terms().files).has(content.size(), file_digest(as_bytes(content)));
  }
  GateStatus written() {
    const auto bytes = disk.read_small(gate_paths::status, gate_status_size_max).value();
    return parse_gate_status(bytes).value();
  }

  MemoryDisk disk;
  World world{disk};
  MemoryGate confinement;
  MemoryEventLog events;
  std::unique_ptr<SharedBoard> board = SharedBoard::create().value();
  GateKeeper keeper{{disk, *board, confinement, events, "/node", 4711}};
  const std::string only_first = first_parts().files.at("usr/bin/helper").content;
};

TEST_F(GateKeeperTest, M27_WithoutAGenerationNothingIsListed) {
  look();
  adopt();
  look();
  EXPECT_TRUE(board->terms().files.empty());
  EXPECT_EQ(board->terms().mode, GateMode::enforce);
  EXPECT_TRUE(written().generations.empty());
}

TEST_F(GateKeeperTest, ListsTheActiveGenerationAndTellsOnlyWhatIsInForce) {
  world.install(first_delivery()).value();
  look();
  EXPECT_FALSE(disk.find(gate_paths::status).value());
  adopt();
  look();
  const auto status = written();
  EXPECT_EQ(status.generations, std::vector<std::uint64_t>{1});
  EXPECT_EQ(status.custodian, 4711);
  EXPECT_EQ(status.services.size(), 1U);
  EXPECT_EQ(status.services.at(0).group,
            confinement.groups.at(service_group("/node", status.services[0].service)));
  EXPECT_EQ(board->terms().service_groups.size(), 1U);
  for (const auto& [path, file] : first_parts().files) EXPECT_TRUE(lists(file.content)) << path;
  EXPECT_FALSE(lists(only_first + "1"));
}

// M26: what is switched from and to is listed while it is switched, and no longer.
TEST_F(GateKeeperTest, M26_BothGenerationsAreListedDuringTheSwitchAlone) {
  world.install(first_delivery()).value();
  auto books = Books::open(disk).value();
  auto during = books.state();
  EXPECT_EQ(generations_to_run(during), std::vector<install::GenerationNumber>{1});
  during.switching = install::Switching{1, 2};
  EXPECT_EQ(generations_to_run(during), (std::vector<install::GenerationNumber>{1, 2}));
  during.active = 0;
  during.switching = install::Switching{0, 2};
  EXPECT_EQ(generations_to_run(during), std::vector<install::GenerationNumber>{2});
  look();
  adopt();
  world.install(second_delivery()).value();
  look();
  adopt();
  look();
  EXPECT_EQ(written().generations, std::vector<std::uint64_t>{2});
  EXPECT_FALSE(lists(only_first));
}

TEST_F(GateKeeperTest, WaitsUntilTheTermsBeforeAreAdopted) {
  look();
  world.install(first_delivery()).value();
  look();
  EXPECT_EQ(board->published(), 1U);
  adopt();
  look();
  EXPECT_EQ(board->published(), 2U);
}

TEST_F(GateKeeperTest, FollowsTheMode) {
  set_gate_mode(disk, GateMode::observe).value();
  look();
  adopt();
  EXPECT_EQ(board->terms().mode, GateMode::observe);
  set_gate_mode(disk, GateMode::enforce).value();
  look();
  EXPECT_EQ(board->terms().mode, GateMode::enforce);
  disk.replace_file(gate_paths::mode, as_bytes("anything\n"), 0600).value();
  EXPECT_FALSE(gate_mode(disk).ok());
}

// A generation whose papers were changed lists nothing anew: what was in force stays.
TEST_F(GateKeeperTest, DamagedPapersChangeNothing) {
  world.install(first_delivery()).value();
  look();
  adopt();
  const auto listed = board->terms().files.size();
  disk.replace_file("generations/1/tree.json", as_bytes("{}"), 0600).value();
  set_gate_mode(disk, GateMode::observe).value();
  EXPECT_FALSE(keeper.look(testkit::test_time()).ok());
  EXPECT_EQ(board->published(), 1U);
  EXPECT_EQ(board->terms().files.size(), listed);
  EXPECT_EQ(board->terms().mode, GateMode::enforce);
}

TEST_F(GateKeeperTest, WritesRefusalsAndAlarmsDown) {
  look();
  adopt();
  const GateQuestion question{
      Access::execute, Asker::other, FileKind::regular, Place::code, Looks::unknown, Steadiness::steady, 9,
      std::nullopt};
  const GateVerdict denied{GateAnswer::deny, GateReason::unlisted};
  board->record({{GateMode::enforce, question, denied}, 99, "/x/\n\xff"});
  board->record({{GateMode::observe, question, {GateAnswer::allow, GateReason::unlisted}}, 99, "/x"});
  board->alarm_overflow();
  look();
  ASSERT_EQ(events.events.size(), 3U);
  EXPECT_EQ(events.events[0].activity, "gate-deny");
  EXPECT_EQ(events.events[0].error.value().code, Code::gate_denied);
  EXPECT_EQ(parse_trace(events.events[0].checks.at(1).finding).value().verdict, denied);
  EXPECT_EQ(events.events[1].activity, "gate-observe");
  EXPECT_FALSE(events.events[1].error);
  EXPECT_EQ(events.events[2].error.value().code, Code::gate_overflow);
  look();
  EXPECT_EQ(events.events.size(), 3U);
}

TEST_F(GateKeeperTest, FloodsOfRefusalsAreWrittenInPortions) {
  look();
  adopt();
  const GateQuestion question{
      Access::execute, Asker::other, FileKind::regular, Place::code, Looks::unknown, Steadiness::steady, 9,
      std::nullopt};
  for (int i = 0; i < 300; ++i) {
    board->record({{GateMode::enforce, question, {GateAnswer::deny, GateReason::unlisted}}, i, "/x"});
  }
  look();
  // Sixteen refusals, and one event that says how many found no room.
  EXPECT_EQ(events.events.size(), 17U);
  EXPECT_NE(events.events.back().effect.find("44 refusals"), std::string::npos);
}

// node run: it waits for a gate, and for no gate it does not.
TEST_F(GateKeeperTest, NothingStartsBeforeAGateHasTakenTheJournalIn) {
  world.install(first_delivery()).value();
  EXPECT_EQ(admission(disk).value(), Admission::no_gate);
  EXPECT_EQ(gate_status(disk).error().code, Code::gate_not_running);
  disk.replace_file(gate_paths::lock, {}, 0600).value();
  const auto lock = disk.lock(gate_paths::lock).value();
  EXPECT_EQ(admission(disk).value(), Admission::not_yet);
  look();
  adopt();
  look();
  EXPECT_EQ(admission(disk).value(), Admission::admitted);
  world.install(second_delivery()).value();
  EXPECT_EQ(admission(disk).value(), Admission::not_yet);
  look();
  adopt();
  look();
  EXPECT_EQ(admission(disk).value(), Admission::admitted);
}

}  // namespace
}  // namespace sallyport::node
