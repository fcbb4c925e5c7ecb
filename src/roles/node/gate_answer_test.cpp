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
  void publish_nothing_for(std::uint64_t group) {
    board->adopt(board->published());
    const std::vector<std::uint64_t> groups{group};
    board->publish({GateMode::enforce, groups, {}}).value();
  }
  void ask(std::uint8_t byte, Access access = Access::execute, std::uint64_t group = 5,
           std::uint64_t size = 9) {
    events.waiting.push_back(
        {{1, group, access, FileKind::regular, Place::code, size}, {}, {}, digest(byte)});
  }

  void answer() { answer_next(events, worker).value(); }

  MemoryExecEvents events;
  std::unique_ptr<SharedBoard> board = SharedBoard::create().value();
  BoardWorker worker = board->worker(0);
};

TEST_F(AnswererTest, AnswersFirstAndWritesDownWhatItRefused) {
  publish(GateMode::enforce);
  ask(1);
  ask(2);
  answer();
  answer();
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
  ask(1, Access::execute, 5, 1ULL << 40U);
  ask(2, Access::open, 6);
  answer();
  answer();
  EXPECT_EQ(events.answers[0].answer, GateAnswer::deny);
  EXPECT_FALSE(events.answers[0].measured);
  EXPECT_EQ(events.answers[1].answer, GateAnswer::allow);
  EXPECT_FALSE(events.answers[1].measured);
}

// M19: what the kernel let pass is alarming, and observe mode is over.
TEST_F(AnswererTest, M19_AfterAnOverflowItEnforces) {
  publish(GateMode::observe);
  OverflowingExecEvents overflowing(events, 2);
  ask(2);
  ask(2);
  answer_next(overflowing, worker).value();
  answer_next(overflowing, worker).value();
  EXPECT_EQ(board->counts().overflows, 1U);
  auto other = board->worker(1);
  answer_next(overflowing, other).value();
  ASSERT_EQ(events.answers.size(), 2U);
  EXPECT_EQ(events.answers[0].answer, GateAnswer::allow);
  EXPECT_EQ(events.answers[1].answer, GateAnswer::deny);
  EXPECT_EQ(events.forgotten, 1);
}

// A file whose content the kernel keeps is neither read nor held.
TEST_F(AnswererTest, ASealedFileIsNotRead) {
  publish(GateMode::enforce);
  for (const auto byte : {std::uint8_t{1}, std::uint8_t{2}}) {
    ask(2);
    events.waiting.back().sealed = digest(byte);
    events.waiting.back().steadiness = Steadiness::written;  // nobody asks
    answer();
  }
  EXPECT_EQ(events.answers[0].answer, GateAnswer::allow);
  EXPECT_EQ(events.answers[0].keep, Keep::until_changed);
  EXPECT_FALSE(events.answers[0].measured);
  EXPECT_EQ(events.answers[1].answer, GateAnswer::deny);
}

// Sealed with another block size or a salt its digest is another one; its content may be listed nevertheless.
TEST_F(AnswererTest, AFileThatIsSealedOtherwiseIsRead) {
  publish(GateMode::enforce);
  ask(1);
  events.waiting.back().sealed = digest(7);
  answer();
  EXPECT_EQ(events.answers[0].answer, GateAnswer::allow);
  EXPECT_TRUE(events.answers[0].measured);
}

// M21: whom another one has answered for counts and records nothing.
TEST_F(AnswererTest, M21_WhoIsLateSaysNothing) {
  publish(GateMode::enforce);
  events.given = Given::too_late;
  ask(2);
  answer();
  EXPECT_EQ(board->counts().answered, 0U);
  EXPECT_FALSE(board->take());
}

// M22: what could not be found out is denied, or in observe mode written down.
TEST_F(AnswererTest, M22_WhatCouldNotBeFoundOutFollowsTheMode) {
  for (const auto mode : {GateMode::enforce, GateMode::observe}) {
    publish(mode);
    board->adopt(board->published());
    ask(1);
    events.waiting.back().digest.reset();
    answer();
    EXPECT_EQ(events.answers.back().answer, mode == GateMode::enforce ? GateAnswer::deny : GateAnswer::allow);
    EXPECT_EQ(board->take().value().line.verdict.reason, GateReason::unmeasured);
  }
}

// Terms that come while a file is being read count for it, and what they ask for is found out.
class TermsThatChange final : public ExecEvents {
 public:
  TermsThatChange(ExecEvents& events, std::function<void()> change)
      : events_(events), change_(std::move(change)) {}
  Result<Arrived> next(std::chrono::milliseconds wait, ExecEvent& event) override {
    return events_.next(wait, event);
  }
  Looks look() override {
    change_();
    return events_.look();
  }
  std::optional<FileDigest> sealed_digest() override { return events_.sealed_digest(); }
  Steadiness hold() override { return events_.hold(); }
  std::optional<FileDigest> measure() override {
    change_();
    return events_.measure();
  }
  Given answer(GateAnswer answer, Keep keep) override { return events_.answer(answer, keep); }
  std::string place_of_last() override { return events_.place_of_last(); }
  void forget_all() override { events_.forget_all(); }

 private:
  ExecEvents& events_;
  std::function<void()> change_;
};

TEST_F(AnswererTest, M26_TheNewestTermsCountHoweverLongItTakes) {
  publish(GateMode::enforce);
  TermsThatChange changing(events, [&] {
    board->adopt(board->published());
    board->publish({GateMode::enforce, {}, {}}).value();
  });
  ask(1);
  answer_next(changing, worker).value();
  EXPECT_EQ(events.answers.back().answer, GateAnswer::deny);
  // The other way round: nothing of its size was listed before.
  TermsThatChange listing(events, [&] {
    board->adopt(board->published());
    publish(GateMode::enforce);
  });
  events.waiting.push_back(
      {{1, 5, Access::open, FileKind::regular, Place::data, 9}, Looks::code, {}, digest(1)});
  publish_nothing_for(5);
  answer_next(listing, worker).value();
  EXPECT_EQ(events.answers.back().answer, GateAnswer::allow);
  EXPECT_TRUE(events.answers.back().measured);
}

// M24, M41: later terms are in force when nobody reads the ones before any more, and not earlier.
TEST_F(AnswererTest, M24_NobodyAnswersByTermsOfBefore) {
  publish(GateMode::enforce);
  auto other = board->worker(1);
  EXPECT_EQ(worker.take_terms().files.size(), 1U);
  board->adopt(1);
  EXPECT_TRUE(board->all_read(1));
  publish_nothing_for(5);
  EXPECT_EQ(other.take_terms().files.size(), 0U);
  EXPECT_FALSE(board->all_read(2));
  EXPECT_EQ(board->publish({GateMode::enforce, {}, {}}).error().code, Code::node_busy);
  worker.give_back();
  EXPECT_TRUE(board->all_read(2));
}

TEST_F(AnswererTest, MoreRefusalsThanThereIsRoomForAreCounted) {
  publish(GateMode::enforce);
  constexpr int count = 300;
  for (int i = 0; i < count; ++i) ask(2);
  for (int i = 0; i < count; ++i) answer();
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
  EXPECT_EQ(worker.take_terms().files.size(), 1U);
}

}  // namespace
}  // namespace sallyport::node
