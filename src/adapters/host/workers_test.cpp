// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/workers.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <set>

namespace sallyport {
namespace {

TEST(ThreadWorkers, DoesEveryPieceOnce) {
  ThreadWorkers workers(4);
  EXPECT_EQ(workers.width(), 4U);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::atomic<int>> done(97);
    ASSERT_TRUE(workers
                    .run(done.size(),
                         [&](std::size_t i) -> Result<void> {
                           ++done[i];
                           return {};
                         })
                    .ok());
    for (const auto& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(ThreadWorkers, UsesSeveralThreadsAtATime) {
  ThreadWorkers workers(2);
  std::atomic<int> arrived = 0;
  const auto met = workers.run(2, [&](std::size_t) -> Result<void> {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
    return {};
  });
  EXPECT_TRUE(met.ok());
}

TEST(ThreadWorkers, TellsTheLowestFailure) {
  ThreadWorkers workers(4);
  for (int round = 0; round < 200; ++round) {
    const auto result = workers.run(50, [](std::size_t i) -> Result<void> {
      if (i >= 7) return Error(Code::io_failed, std::to_string(i));
      return {};
    });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().where, "7");
  }
}

TEST(ThreadWorkers, APieceMayUseThemToo) {
  ThreadWorkers workers(3);
  std::atomic<int> done = 0;
  const auto result = workers.run(8, [&](std::size_t) {
    return workers.run(8, [&](std::size_t) -> Result<void> {
      ++done;
      return {};
    });
  });
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(done, 64);
}

TEST(ThreadWorkers, TheThreadsTakeNoSignals) {
  ThreadWorkers workers(4);
  sigset_t set;
  sigset_t before;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, &before);
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);  // deadly, if a thread took it
  const timespec soon{1, 0};
  EXPECT_EQ(::sigtimedwait(&set, nullptr, &soon), SIGTERM);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(ThreadWorkers, WithOneCpuEverythingRunsOnTheCaller) {
  cpu_set_t before;
  cpu_set_t one;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  CPU_ZERO(&one);
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &before)) continue;
    CPU_SET(cpu, &one);
    break;
  }
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  {
    ThreadWorkers workers;
    EXPECT_EQ(workers.width(), 1U);
    std::set<std::thread::id> ran_on;
    const auto result = workers.run(20, [&](std::size_t) -> Result<void> {
      ran_on.insert(std::this_thread::get_id());
      return {};
    });
    EXPECT_TRUE(result.ok());
    EXPECT_EQ(ran_on, std::set{std::this_thread::get_id()});
  }
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace sallyport
