// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_answer.h"

#include <gtest/gtest.h>

#include "adapters/exec_events/memory.h"
#include "adapters/exec_events/shared_board.h"

namespace sallyport::node {
namespace {

FileDigest digest(std::uint8_t byte) {
  std::array<std::uint8_t, FileDigest::size> bytes{};
  bytes.fill(byte);
  return FileDigest(bytes);
}

class AnswererTest : public testing::Test {
 protected:
  void publish(GateMode mode) {
    ListedFile file{9, {}};
    file.digest.fill(1);
    const std::vector<ListedFile> files{file};
    const std::vector<std::uint64_t> groups{5};
    board->publish({mode, groups, files}).value();
  }
  void ask(std::uint8_t byte, Access access = Access::execute, std::uint64_t group = 5,
           std::uint64_t size = 9) {
    events.waiting.push_back(
        {{1, group, access, FileKind::regular, Place::code, size}, {}, {}, digest(byte)});
  }

  MemoryExecEvents events;
  std::unique_ptr<SharedBoard> board = SharedBoard::create().value();
};

TEST_F(AnswererTest, AnswersFirstAndWritesDownWhatItRefused) {
  publish(GateMode::enforce);
  Answerer answerer(events, *board);
  ask(1);
  ask(2);
  answerer.round().value();
  answerer.round().value();
  ASSERT_EQ(events.answers.size(), 2U);
  EXPECT_EQ(events.answers[0].answer, GateAnswer::allow);
  EXPECT_EQ(events.answers[0].keep, Keep::until_changed);
  EXPECT_EQ(events.answers[1].answer, GateAnswer::deny);
  EXPECT_EQ(events.answers[1].keep, Keep::nothing);
  const auto record = board->take();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->file, "/made/up");  // asked for when the answer was out
  EXPECT_EQ(record->line.question.digest, digest(2));
  EXPECT_FALSE(board->take());
}

// M33, M44: what cannot be listed is not read.
TEST_F(AnswererTest, M33_MeasuresNothingOfASizeThatNoListedFileHas) {
  publish(GateMode::enforce);
  Answerer answerer(events, *board);
  ask(1, Access::execute, 5, 1ULL << 40U);
  ask(2, Access::open, 6);
  answerer.round().value();
  answerer.round().value();
  EXPECT_EQ(events.answers[0].answer, GateAnswer::deny);
  EXPECT_FALSE(events.answers[0].measured);
  EXPECT_EQ(events.answers[1].answer, GateAnswer::allow);
  EXPECT_FALSE(events.answers[1].measured);
}

// M19: what the kernel let pass is alarming, and observe mode is over.
TEST_F(AnswererTest, M19_AfterAnOverflowItEnforces) {
  publish(GateMode::observe);
  OverflowingExecEvents overflowing(events, 2);
  Answerer answerer(overflowing, *board);
  ask(2);
  ask(2);
  answerer.round().value();
  answerer.round().value();
  EXPECT_EQ(board->counts().overflows, 1U);
  answerer.round().value();
  ASSERT_EQ(events.answers.size(), 2U);
  EXPECT_EQ(events.answers[0].answer, GateAnswer::allow);
  EXPECT_EQ(events.answers[1].answer, GateAnswer::deny);
  EXPECT_GT(events.forgotten, 1);
}

// M24: nothing is remembered across new terms.
TEST_F(AnswererTest, M24_ForgetsEverythingWhenTheTermsChange) {
  publish(GateMode::enforce);
  Answerer answerer(events, *board);
  answerer.round().value();
  EXPECT_EQ(events.forgotten, 1);
  EXPECT_EQ(board->adopted(), 1U);
  publish(GateMode::enforce);
  EXPECT_FALSE(board->publish({GateMode::enforce, {}, {}}).ok());  // the ones before are not adopted
  answerer.round().value();
  EXPECT_EQ(events.forgotten, 2);
  EXPECT_EQ(board->adopted(), 2U);
  answerer.round().value();
  EXPECT_EQ(events.forgotten, 2);
}

TEST_F(AnswererTest, MoreRefusalsThanThereIsRoomForAreCounted) {
  publish(GateMode::enforce);
  Answerer answerer(events, *board);
  constexpr int count = 300;
  for (int i = 0; i < count; ++i) ask(2);
  for (int i = 0; i < count; ++i) answerer.round().value();
  int taken = 0;
  while (board->take()) ++taken;
  EXPECT_EQ(static_cast<std::uint64_t>(taken) + board->counts().unrecorded,
            static_cast<std::uint64_t>(count));
  EXPECT_EQ(board->counts().denied, static_cast<std::uint64_t>(count));
  EXPECT_GT(board->counts().unrecorded, 0U);
}

// M27: a set with more than there is room for changes nothing.
TEST_F(AnswererTest, TooLargeASetIsRefused) {
  publish(GateMode::enforce);
  board->adopt(1);
  const std::vector<ListedFile> many(listed_files_max + 1);
  const auto refused = board->publish({GateMode::enforce, {}, many});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::gate_set_too_large);
  EXPECT_EQ(board->terms().files.size(), 1U);
}

}  // namespace
}  // namespace sallyport::node
