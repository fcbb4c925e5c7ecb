// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/board_worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "adapters/exec_events/shared_board.h"

namespace sallyport {
namespace {

constexpr ExecEvent event{7, 5, Access::execute, FileKind::regular, Place::code, 9};

class BoardWorkerTest : public testing::Test {
 protected:
  std::unique_ptr<SharedBoard> board = SharedBoard::create().value();
  BoardWorker worker = board->worker(3);
};

TEST_F(BoardWorkerTest, AQuestionIsAnsweredByItsWorkerOrByTheOverseerAndNotByBoth) {
  worker.begin({10, 0, event}, 1000);
  EXPECT_FALSE(worker.claim_if_overdue(999));
  EXPECT_TRUE(worker.claim());
  EXPECT_FALSE(worker.claim_if_overdue(5000));
  worker.finish();
  EXPECT_FALSE(worker.pending());
  EXPECT_FALSE(worker.claim_if_overdue(5000));

  worker.begin({11, 0, event}, 1000);
  const auto overdue = worker.claim_if_overdue(1000);
  ASSERT_TRUE(overdue);
  EXPECT_EQ(overdue->descriptor, 11);
  EXPECT_EQ(overdue->event.process, 7);
  EXPECT_FALSE(worker.claim());
  EXPECT_EQ(worker.hand(), Hand::overseer);
  worker.finish_late();
  EXPECT_EQ(worker.hand(), Hand::answered);
}

// What is not known yet has no time, and shows as something that goes on.
TEST_F(BoardWorkerTest, ReadingIsSeen) {
  const auto before = worker.question();
  worker.begin_reading();
  EXPECT_EQ(worker.hand(), Hand::reading);
  EXPECT_NE(worker.question(), before);
  EXPECT_FALSE(worker.claim_if_overdue(5000));
  EXPECT_FALSE(worker.claim());
}

TEST_F(BoardWorkerTest, AQuestionOutlivesWhoHasReadIt) {
  worker.begin({10, 1, event}, 1000);
  EXPECT_TRUE(board->in_question(10));
  worker.take_terms();
  auto next = board->worker(3);
  next.reset();
  const auto pending = next.pending();
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->descriptor, 10);
  EXPECT_EQ(pending->tries, 1);
  EXPECT_EQ(next.hand(), Hand::none);
  next.finish();
  EXPECT_FALSE(board->in_question(10));
}

// Both at once, many times: each question is claimed exactly once, and never one of before.
TEST_F(BoardWorkerTest, TwoThatClaimAtOnceNeverBothHaveIt) {
  constexpr int count = 20000;
  std::atomic<bool> done = false;
  std::atomic<int> late = 0;
  std::thread overseer([&] {
    while (!done) {
      // Every second question is overdue.
      if (!worker.claim_if_overdue(1)) continue;
      ++late;
      worker.finish_late();
    }
  });
  int own = 0;
  auto its = board->worker(3);
  for (int i = 0; i < count; ++i) {
    its.begin({i, 0, event}, static_cast<std::uint64_t>(i % 2 == 0 ? 1 : 1000));
    if (i % 16 == 0) std::this_thread::yield();
    if (its.claim()) {
      ++own;
    } else {
      EXPECT_EQ(i % 2, 0);
      while (its.hand() != Hand::answered) std::this_thread::yield();
    }
    its.finish();
  }
  done = true;
  overseer.join();
  EXPECT_EQ(own + late, count);
}

}  // namespace
}  // namespace sallyport
