// SPDX-License-Identifier: Apache-2.0
// Files of which somebody holds a write lease: to open one, and the kernel opens it for the gate, is to wait until
// the holder gives it back, up to /proc/sys/fs/lease-break-time. Whoever owns a file may take one: M21.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <utility>

#include "core/crypto/file_digest.h"
#include "roles/node/gate_world_for_test.h"

namespace sallyport::node {
namespace {

using Clock = std::chrono::steady_clock;

class GateLeasedTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    begin();
    write_text(at("good"), good);
    for (int i = 0; i < files; ++i) write_text(leased(i), good);
    hold_leases();
    publish({good});
    start_gate();
  }
  void TearDown() override {
    end_holder();
    end();
  }
  void end_holder() {
    if (holder <= 0) return;
    ::kill(holder, SIGKILL);
    ::waitpid(std::exchange(holder, 0), nullptr, 0);
  }

  std::string leased(int number) const { return at("leased-" + std::to_string(number)); }

  // In a process that does not hear when they are asked back.
  void hold_leases() {
    int ends[2];
    CHECK(::pipe2(ends, O_CLOEXEC) == 0);
    holder = ::fork();
    if (holder == 0) {
      limit_life();
      ::signal(SIGIO, SIG_IGN);
      char held = 0;
      for (int i = 0; i < files; ++i) {
        const int file = ::open(leased(i).c_str(), O_RDWR | O_CLOEXEC);
        if (::fcntl(file, F_SETLEASE, F_WRLCK) == 0) ++held;
      }
      CHECK(::write(ends[1], &held, 1) == 1);
      for (;;) ::pause();
    }
    char held = 0;
    CHECK(::read(ends[0], &held, 1) == 1);
    CHECK(held == files);
    ::close(ends[0]);
    ::close(ends[1]);
  }

  static constexpr int files = gate_workers_max + 8;
  pid_t holder = 0;
};

TEST_F(GateLeasedTest, M21_WhoeverAsksForOneIsDeniedAndKeepsNobodyElse) {
  const auto begin = Clock::now();
  std::vector<std::thread> askers;
  std::atomic<int> denied = 0;
  for (int i = 0; i < files; ++i) {
    askers.emplace_back([&, i] {
      if (run("leased-" + std::to_string(i)) == EPERM) ++denied;
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(run("good"), 0);
  const auto waited = Clock::now() - begin;
  end_holder();  // what still waits goes on
  for (auto& asker : askers) asker.join();
  EXPECT_LT(waited, std::chrono::seconds(5));
  EXPECT_EQ(denied, files);
}

TEST_F(GateLeasedTest, M21_WhenItIsGivenBackTheFileIsDecidedAsEver) {
  EXPECT_EQ(run("leased-0"), EPERM);
  end_holder();
  EXPECT_EQ(run("leased-0"), 0);
}

// M12: what is read is listed; before it is executed, whoever waits for the gate's own lease could write to it.
TEST_F(GateLeasedTest, M12_AFileThatSomebodyWaitsToWriteToIsRefused) {
  constexpr std::uint64_t size = 256U << 20U;
  FileDigester digester;
  const Bytes zeros(1U << 20U);
  for (std::uint64_t i = 0; i < size / zeros.size(); ++i) digester.update(zeros);
  ListedFile file{size, {}};
  std::ranges::copy(digester.finish().bytes(), file.digest.begin());
  write_text(at("large"), "");
  ASSERT_EQ(::truncate(at("large").c_str(), static_cast<off_t>(size)), 0);
  publish_files({file});
  int result = 0;
  std::thread asking([&] { result = run("large"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  // The lease is there, and from now on asked back.
  EXPECT_EQ(::open(at("large").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC), -1);
  EXPECT_EQ(errno, EWOULDBLOCK);
  asking.join();
  EXPECT_EQ(result, EPERM);
  // Let through, as soon as the lease that was asked back is gone: it is no program.
  int again = run("large");
  for (int i = 0; again == EPERM && i < 500; ++i, pause()) again = run("large");
  EXPECT_EQ(again, ENOEXEC);
}

}  // namespace
}  // namespace sallyport::node
