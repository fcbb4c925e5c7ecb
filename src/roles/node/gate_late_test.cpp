// SPDX-License-Identifier: Apache-2.0
// Files that nobody finishes reading: M21, M22. Whoever asked for such a file is denied in time, and nobody else
// notices.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "roles/node/gate_world_for_test.h"
#include "roles/node/hanging_files_for_test.h"

namespace sallyport::node {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint64_t time_ms = 1500;

class GateLateTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    if (::access("/dev/fuse", R_OK | W_OK) != 0) GTEST_SKIP() << "needs FUSE";
    begin();
    ::mkdir(at("hanging").c_str(), 0755);
    for (int i = 0; i < copies; ++i) write_text(at("copy-" + std::to_string(i)), good);
    write_text(at("bad"), bad);
    hanging = std::make_unique<HangingFiles>(at("hanging"), good);
    also_watched = at("hanging");
    time_to_answer = [](std::uint64_t) { return time_ms; };
    publish({good});
    start_gate();
  }
  void TearDown() override {
    for (auto& asker : askers) asker.join();
    end();
    hanging.reset();
  }

  // Somebody executes it, and tells what came of it.
  void ask(const std::string& name) {
    int& result = results.emplace_back(-1);
    askers.emplace_back([this, name, &result] { result = run("hanging/" + name); });
  }
  void expect_denied() {
    for (auto& asker : askers) asker.join();
    askers.clear();
    for (const int result : results) EXPECT_EQ(result, EPERM);
  }
  // Each is asked about, for the first time.
  void expect_others_go_on(int count) {
    for (int i = 0; i < count; ++i) {
      const auto begin = Clock::now();
      EXPECT_EQ(run("copy-" + std::to_string(next_copy++)), 0);
      EXPECT_EQ(run("bad"), EPERM);
      longest = std::max(longest, std::chrono::duration_cast<milliseconds>(Clock::now() - begin));
    }
    EXPECT_LT(longest, milliseconds(time_ms));
  }
  void await_late(std::uint64_t count) const {
    for (int i = 0; board->counts().late < count && i < 1000; ++i) pause();
    EXPECT_EQ(board->counts().late, count);
  }

  static constexpr int copies = 100;
  std::unique_ptr<HangingFiles> hanging;
  std::vector<std::thread> askers;
  std::deque<int> results;
  milliseconds longest{0};
  int next_copy = 0;
};

// What a busy machine does is not taken for a process that answers no more; one that a file has kept for its whole time
// still is.
class GatePatientLateTest : public GateLateTest {
 protected:
  GatePatientLateTest() { silence_max = milliseconds(time_ms - 100); }
};

TEST_F(GatePatientLateTest, M21_AFileThatHangsIsDeniedInTimeAndKeepsNobodyElse) {
  const auto begin = Clock::now();
  ask("waits-1");
  pause();
  expect_others_go_on(20);
  expect_denied();
  EXPECT_GE(Clock::now() - begin, milliseconds(time_ms));
  EXPECT_LT(Clock::now() - begin, milliseconds(time_ms + 3000));
  await_late(1);
  // Not started anew for it, and written down.
  EXPECT_EQ(board->counts().restarts, 0U);
  bool recorded = false;
  while (const auto record = board->take()) {
    recorded |=
        record->file == at("hanging/waits-1") && record->line.verdict.reason == GateReason::unmeasured;
  }
  EXPECT_TRUE(recorded);
}

// More of them than there are workers at first, twice: the second time while the first ones are still held up.
TEST_F(GatePatientLateTest, M21_ManyFilesThatHangKeepNobodyElse) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 9; ++i) ask("waits-" + std::to_string(i));
    pause();
    expect_others_go_on(20);
    expect_denied();
  }
  await_late(18);
  EXPECT_EQ(board->counts().restarts, 0U);
}

// With most workers held up no file is read any more that is not remembered; what needs no reading is answered, and
// when the device is gone all is well again.
TEST_F(GatePatientLateTest, M21_WithTooManyFilesThatHangTheRestIsStillAnswered) {
  ASSERT_EQ(run("copy-0"), 0);
  for (int i = 0; i < 60; ++i) ask("waits-" + std::to_string(i % 10));
  await_late(Workplace::readers_max);
  EXPECT_EQ(run("copy-0"), 0);
  EXPECT_EQ(run("bad"), EPERM);
  expect_denied();
  // At once: it does not even wait for its turn.
  const auto begin = Clock::now();
  EXPECT_EQ(run("copy-1"), EPERM);
  EXPECT_LT(Clock::now() - begin, milliseconds(time_ms));
  hanging->end();
  int result = EPERM;
  for (int i = 0; i < 500 && result != 0; ++i, pause()) result = run("copy-1");
  EXPECT_EQ(result, 0);
  EXPECT_EQ(board->counts().restarts, 0U);
}

// To close a file is to wait for its server as well: the answer is out by then, and the worker is gone.
TEST_F(GatePatientLateTest, M21_AFileWhoseCloseHangsKeepsNobody) {
  const auto begin = Clock::now();
  for (int i = 0; i < 9; ++i) ask("flush-" + std::to_string(i));
  expect_denied();
  expect_others_go_on(20);
  EXPECT_LT(Clock::now() - begin, milliseconds(10 * time_ms));
  EXPECT_EQ(board->counts().late, 0U);
  EXPECT_EQ(board->counts().restarts, 0U);
}

// To open it, which the kernel does before it says what it is asked about: there is nothing to answer yet.
TEST_F(GatePatientLateTest, M21_AFileWhoseOpenHangsKeepsNobodyElse) {
  for (int i = 0; i < 9; ++i) ask("open-" + std::to_string(i));
  pause();
  expect_others_go_on(20);
  hanging->end();
  expect_denied();
  EXPECT_EQ(board->counts().restarts, 0U);
}

TEST_F(GatePatientLateTest, M21_AFileThatTellsNothingOfItselfIsDeniedInTime) {
  for (int i = 0; i < 9; ++i) ask("statfs-" + std::to_string(i));
  pause();
  expect_others_go_on(20);
  expect_denied();
  await_late(9);
  EXPECT_EQ(board->counts().restarts, 0U);
}

// What is not remembered need not be closed by who forgets, the overseer or the custodian: nobody is there for them.
TEST_F(GateLateTest, M21_NoFileIsKeptWhoseCloseMayHang) {
  for (const char* name : {"kept-1", "kept-2", "kept-3"}) EXPECT_EQ(run("hanging/" + std::string(name)), 0);
  publish({good});
  expect_others_go_on(5);
  ::kill(*answering, SIGKILL);
  expect_others_go_on(5);
  EXPECT_EQ(board->counts().restarts, 1U);
}

// All workers there can be, and more: another process takes their place, as often as it takes.
TEST_F(GateLateTest, M21_WhenNoWorkerGoesOnAnyMoreAnotherProcessAnswers) {
  for (const char* name : {"flush-1", "open-1"}) {
    const auto restarts = board->counts().restarts;
    for (int i = 0; i < 40; ++i) ask(name);
    std::this_thread::sleep_for(milliseconds(200));
    const auto begin = Clock::now();
    EXPECT_EQ(run("bad"), EPERM);
    EXPECT_EQ(run("copy-" + std::to_string(next_copy++)), 0);
    EXPECT_LT(Clock::now() - begin, milliseconds(5000));
    EXPECT_GT(board->counts().restarts, restarts);
  }
  expect_others_go_on(5);
  hanging->end();
  expect_denied();
}

// Its server was slow, and not dead: what the kernel opens for a process that was killed meanwhile is not forgotten.
TEST_F(GateLateTest, M21_WhoHasAskedAboutAFileThatIsOpenedAtLastIsAnswered) {
  for (int i = 0; i < 40; ++i) ask("open-1");
  EXPECT_TRUE(soon([&] { return board->counts().restarts > 0; }));
  hanging->let_go();
  const auto begin = Clock::now();
  expect_denied();
  EXPECT_LT(Clock::now() - begin, milliseconds(8000));
  EXPECT_EQ(run("copy-1"), 0);
}

// What no signal ends does not keep the next one from taking over.
TEST_F(GateLateTest, M21_KilledWithinAReadThatNeverEndsItIsReplaced) {
  ask("stuck-1");
  std::this_thread::sleep_for(milliseconds(200));
  const int before = *answering;
  ASSERT_GT(before, 0);
  ::kill(before, SIGKILL);
  const auto begin = Clock::now();
  EXPECT_EQ(run("bad"), EPERM);
  EXPECT_EQ(run("copy-0"), 0);
  EXPECT_LT(Clock::now() - begin, milliseconds(5000));
  EXPECT_NE(*answering, before);
  expect_denied();
  expect_others_go_on(5);
}

// Nor does it keep the one that answers from taking the custodian's place.
TEST_F(GateLateTest, M21_WithoutItsCustodianAFileThatHangsIsDeniedAsWell) {
  ask("stuck-1");
  ask("waits-1");
  std::this_thread::sleep_for(milliseconds(200));
  const int before = *answering;
  ASSERT_GT(before, 0);
  ASSERT_GT(custodian, 0);
  ::kill(custodian, SIGKILL);
  ::waitpid(custodian, nullptr, 0);
  custodian = before;
  for (int i = 0; *answering == before && i < 500; ++i) pause();
  EXPECT_NE(*answering, before);
  expect_others_go_on(5);
  expect_denied();
  EXPECT_EQ(run("bad"), EPERM);
}

}  // namespace
}  // namespace sallyport::node
