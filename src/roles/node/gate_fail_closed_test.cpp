// SPDX-License-Identifier: Apache-2.0
// What becomes of the gate when its processes are killed, stopped or late. M42: at no time does an unlisted
// program run.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>

#include "core/crypto/file_digest.h"
#include "roles/node/gate_world_for_test.h"

namespace sallyport::node {
namespace {

using Clock = std::chrono::steady_clock;

// A stall has an end; how long it is depends on who else uses this machine.
constexpr auto stall_max = std::chrono::seconds(10);

// Runs a program over and over, in a thread of its own, until it is told to stop.
class Runner {
 public:
  explicit Runner(const std::function<int()>& run) {
    thread_ = std::thread([this, run] {
      while (!stop_) {
        const auto begin = Clock::now();
        const int result = run();
        longest_ = std::max(longest_, Clock::now() - begin);
        ++runs;
        if (result == 0) ++well;
      }
    });
  }
  ~Runner() { stop(); }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  // Then `runs` and `well` stand still.
  std::chrono::milliseconds stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return std::chrono::duration_cast<std::chrono::milliseconds>(longest_);
  }

  std::atomic<int> runs = 0;
  std::atomic<int> well = 0;

 private:
  std::atomic<bool> stop_ = false;
  Clock::duration longest_{0};
  std::thread thread_;
};

class GateFailClosedTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (const auto what = lacking(); !what.empty()) GTEST_SKIP() << what;
    begin();
    write_text(at("good"), good);
    write_text(at("bad"), bad);
    publish({good});
    start_gate();
  }
  void TearDown() override { end(); }
  // Listed, and not remembered: each is run once.
  void make_copies() const {
    for (int i = 0; i < copies; ++i) write_text(at("copy-" + std::to_string(i)), good);
  }
  int run_next_copy() {
    CHECK(next_copy_ < copies);
    return run("copy-" + std::to_string(next_copy_++));
  }
  void await_other_than(int process) const {
    for (int i = 0; *answering == process && i < 1000; ++i) pause();
    ASSERT_NE(*answering, process);
  }

  static constexpr int copies = 3000;

 private:
  int next_copy_ = 0;
};

TEST_F(GateFailClosedTest, M42_KilledAgainAndAgainItLetsNothingUnlistedThrough) {
  make_copies();
  Runner attack([&] { return run("bad"); });
  Runner service([&] { return run_next_copy(); });
  for (int i = 0; i < 30; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + i * 7 % 13));
    const int before = *answering;
    ASSERT_GT(before, 0);
    ::kill(before, SIGKILL);
    await_other_than(before);
  }
  const auto stall = attack.stop();
  const auto service_stall = service.stop();
  EXPECT_EQ(attack.well, 0);
  EXPECT_GT(attack.runs, 10);
  EXPECT_EQ(service.well, service.runs);
  EXPECT_GT(service.runs, 10);
  EXPECT_LT(std::max(stall, service_stall), stall_max);
  EXPECT_EQ(board->counts().restarts, 30U);
  RecordProperty("longest_stall_ms", static_cast<int>(std::max(stall, service_stall).count()));
}

TEST_F(GateFailClosedTest, P05_WithoutADescriptorItDeniesAndTells) {
  make_copies();
  ASSERT_EQ(run_next_copy(), 0);
  const rlimit none{3, gate_descriptors_max};
  rlimit before{};
  ASSERT_EQ(::prlimit(*answering, RLIMIT_NOFILE, &none, &before), 0);
  EXPECT_EQ(run_next_copy(), EPERM);
  EXPECT_EQ(run("bad"), EPERM);
  ASSERT_EQ(::prlimit(*answering, RLIMIT_NOFILE, &before, nullptr), 0);
  EXPECT_EQ(board->counts().late, 2U);
  EXPECT_EQ(run_next_copy(), 0);
  EXPECT_EQ(run("bad"), EPERM);
}

TEST_F(GateFailClosedTest, M42_StoppedItIsReplacedAndWhoeverAskedWaits) {
  ASSERT_EQ(run("good"), 0);
  for (int i = 0; i < 3; ++i) {
    const int before = *answering;
    ASSERT_GT(before, 0);
    const auto begin = Clock::now();
    stop_process(before);
    EXPECT_EQ(run("bad"), EPERM);
    EXPECT_NE(*answering, before);
    EXPECT_GT(Clock::now() - begin, std::chrono::milliseconds(300));
    EXPECT_LT(Clock::now() - begin, stall_max);
    EXPECT_EQ(run("good"), 0);
  }
}

// Each of the two watches the other: what stands still is ended, and the other takes its place.
TEST_F(GateFailClosedTest, M42_AStoppedCustodianIsReplacedAndNobodyWaits) {
  make_copies();
  for (int i = 0; i < 2; ++i) {
    const int before = *answering;
    ASSERT_GT(before, 0);
    ASSERT_GT(custodian, 0);
    const auto begin = Clock::now();
    stop_process(custodian);
    EXPECT_EQ(run("bad"), EPERM);
    EXPECT_EQ(run_next_copy(), 0);
    // Dying as well, it is not waited for in vain.
    if (i == 0) ::waitpid(custodian, nullptr, 0);
    await_other_than(before);
    EXPECT_LT(Clock::now() - begin, stall_max);
    custodian = before;  // took its place, and is no child of ours
    EXPECT_EQ(run_next_copy(), 0);
    EXPECT_EQ(run("bad"), EPERM);
  }
}

// Both stopped, as with the whole machine, and going on: neither takes the other for dead, which would let all through.
TEST_F(GateFailClosedTest, M42_BothStoppedTheyGoOnTogether) {
  make_copies();
  Runner attack([&] { return run("bad"); });
  const int before = *answering;
  ASSERT_GT(before, 0);
  ASSERT_GT(custodian, 0);
  for (int i = 0; i < 2; ++i) {
    for (const int process : {custodian, before}) ::kill(process, SIGSTOP);
    std::this_thread::sleep_for(3 * silence_max);
    for (const int process : i == 0 ? std::array{custodian, before} : std::array{before, custodian}) {
      ::kill(process, SIGCONT);
      std::this_thread::sleep_for(silence_max / 10);
    }
    EXPECT_EQ(run_next_copy(), 0);
  }
  attack.stop();
  EXPECT_EQ(attack.well, 0);
  EXPECT_EQ(*answering, before);
  EXPECT_EQ(::kill(custodian, 0), 0);
}

// Whoever is killed over a question leaves it to the next one, who knows the file by the same descriptor.
TEST_F(GateFailClosedTest, M42_KilledWhileItMeasures) {
  constexpr std::uint64_t size = 1U << 30U;
  FileDigester digester;
  const Bytes zeros(1U << 20U);
  for (std::uint64_t i = 0; i < size / zeros.size(); ++i) digester.update(zeros);
  ListedFile file{size, {}};
  std::ranges::copy(digester.finish().bytes(), file.digest.begin());
  publish_files({file});
  for (const auto& [name, end] : {std::pair{"listed", '\0'}, std::pair{"other", '1'}}) {
    write_text(at(name), "");
    const int writer = ::open(at(name).c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_EQ(::pwrite(writer, &end, 1, static_cast<off_t>(size - 1)), 1);
    ::close(writer);
  }
  const auto killed_over = [&](const char* name, int times) {
    int result = 0;
    std::thread asking([&] { result = run(name); });
    for (int i = 0; i < times; ++i) {
      const int before = *answering;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      ::kill(before, SIGKILL);
      for (int waits = 0; *answering == before && waits < 500; ++waits) pause();
    }
    asking.join();
    return result;
  };
  ASSERT_GT(*answering, 0);
  EXPECT_EQ(killed_over("listed", 1), ENOEXEC);  // let through: it is no program
  EXPECT_EQ(killed_over("other", 1), EPERM);
  publish_files({file});                       // nothing is remembered
  EXPECT_EQ(killed_over("listed", 2), EPERM);  // who dies over it twice does not decide a third time
}

// What was remembered needs no answer: it does not even wait.
class GatePatientTest : public GateFailClosedTest {
 protected:
  GatePatientTest() { silence_max = std::chrono::seconds(10); }
};

TEST_F(GatePatientTest, M42_WhatWasRememberedRunsWhileNobodyAnswers) {
  ASSERT_EQ(run("good"), 0);
  ASSERT_EQ(run("good"), 0);
  const int before = *answering;
  ASSERT_GT(before, 0);
  stop_process(before);
  EXPECT_EQ(run("good"), 0);
  EXPECT_EQ(*answering, before);
  EXPECT_EQ(board->counts().restarts, 0U);
}

TEST_F(GateFailClosedTest, M42_WithoutItsCustodianItGoesOn) {
  make_copies();
  Runner attack([&] { return run("bad"); });
  for (int i = 0; i < 3; ++i) {
    const int before = *answering;
    ASSERT_GT(before, 0);
    ASSERT_GT(custodian, 0);
    ::kill(custodian, SIGKILL);
    ::waitpid(custodian, nullptr, 0);
    await_other_than(before);
    custodian = before;  // took its place, and is no child of ours
    EXPECT_EQ(run_next_copy(), 0);
  }
  attack.stop();
  EXPECT_EQ(attack.well, 0);
  EXPECT_GT(attack.runs, 0);
  EXPECT_EQ(run("bad"), EPERM);
}

// A control group that limits the number of processes, on hosts that have one for it.
class ProcessLimit {
 public:
  ProcessLimit() {
    const auto name = "sallyport-limit-" + std::to_string(::getpid());
    for (const std::string base : {"/sys/fs/cgroup/pids/", "/sys/fs/cgroup/"}) {
      std::ofstream(base + "cgroup.subtree_control") << "+pids";  // of version 2
      if (::mkdir((base + name).c_str(), 0755) != 0) continue;
      folder_ = base + name;
      if (::access((folder_ + "/pids.max").c_str(), W_OK) == 0) return;
      ::rmdir(folder_.c_str());
    }
    folder_.clear();
  }
  ~ProcessLimit() {
    if (folder_.empty()) return;
    std::ifstream held(folder_ + "/cgroup.procs");
    for (int process = 0; held >> process;) std::ofstream(folder_ + "/../cgroup.procs") << process;
    ::rmdir(folder_.c_str());
  }
  ProcessLimit(const ProcessLimit&) = delete;
  ProcessLimit& operator=(const ProcessLimit&) = delete;
  bool there() const { return !folder_.empty(); }
  void hold(int process) const { std::ofstream(folder_ + "/cgroup.procs") << process; }
  void set(const char* most) const { std::ofstream(folder_ + "/pids.max") << most; }

 private:
  std::string folder_;
};

// Who cannot be replaced now is replaced later; till then whoever asks waits.
TEST_F(GateFailClosedTest, M42_WhileNoProcessCanBeMadeWhoeverAsksWaits) {
  const ProcessLimit limit;
  if (!limit.there()) GTEST_SKIP() << "needs control groups that limit processes";
  ASSERT_EQ(run("good"), 0);
  const int before = *answering;
  ASSERT_GT(before, 0);
  limit.hold(custodian);
  limit.set("1");
  ::kill(before, SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::atomic<int> result = -1;
  std::thread attack([&] { result = run("bad"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(result, -1);
  EXPECT_EQ(*answering, before);
  limit.set("max");
  attack.join();
  EXPECT_EQ(result, EPERM);
  EXPECT_NE(*answering, before);
  EXPECT_EQ(run("good"), 0);
}

// The lease of a remembered file outlives who took it: a writer waits, and what it writes is looked at.
TEST_F(GateFailClosedTest, M42_WritersOfRememberedFilesWaitForTheNextOne) {
  ASSERT_EQ(run("good"), 0);
  const int before = *answering;
  ASSERT_GT(before, 0);
  const auto begin = Clock::now();
  stop_process(before);
  EXPECT_EQ(::open(at("good").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC), -1);
  EXPECT_EQ(errno, EWOULDBLOCK);
  auto changed = good;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  store_through_mapping(at("good"), changed);
  EXPECT_GT(Clock::now() - begin, std::chrono::milliseconds(300));
  EXPECT_EQ(run("good"), EPERM);
}

}  // namespace
}  // namespace sallyport::node
