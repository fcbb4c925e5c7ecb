// SPDX-License-Identifier: Apache-2.0
#include "adapters/worker/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "adapters/worker/attempts.h"
#include "adapters/worker/descriptor.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using worker::Descriptor;

class Workers : public testing::Test {
 protected:
  Workers() : folder_(testing::TempDir() + "worker-XXXXXX") {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);  // of this test alone: others run beside it
    std::ofstream(folder_ + "/package") << "a package";
    package_ = Descriptor(::open((folder_ + "/package").c_str(), O_RDWR | O_CLOEXEC));
  }
  ~Workers() override { std::filesystem::remove_all(folder_); }

  // A program in the place of the worker, in the shell's words: 3 is the package, 4 the order, 6 the answer.
  std::string script(const std::string& words) {
    const auto path = folder_ + "/script";
    std::ofstream(path) << "#!/bin/bash\n" << words << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  ApartJob job(std::string order) {
    return {std::move(order),         package_.get(), [](std::uint64_t, Talk&) {},
            std::chrono::seconds(60), 100000,         no_progress};
  }
  static Error refusal(const Result<Bytes>& result) {
    EXPECT_FALSE(result.ok());
    return result.ok() ? Error(Code::internal_error) : result.error();
  }

  std::string folder_;
  Descriptor package_;
};

TEST_F(Workers, H12_EveryWayOutIsRefusedFromInsideOfTheRealWalls) {
  const auto answer = WorkerProcesses(SALLYPORT_PROGRAM).run(job(std::string(worker::attempts_order)));
  ASSERT_TRUE(answer.ok()) << answer.error().found;
  std::istringstream lines{std::string(as_text(answer.value()))};
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_THAT(line, HasSubstr(" refused ")) << line;
  EXPECT_GE(count, 40);
}

TEST_F(Workers, GetTheOrderAndTheFileAndNothingElse) {
  const auto answer =
      WorkerProcesses(script("cat <&4 >&6; cat <&3 >&6; env >&6; ls /proc/self/fd | tr '\\n' ' ' >&6"))
          .run(job("an order, "));
  ASSERT_TRUE(answer.ok()) << answer.error().found;
  const std::string text(as_text(answer.value()));
  EXPECT_THAT(text, HasSubstr("an order, a package"));
  EXPECT_THAT(text, HasSubstr("0 1 2 3 4 5 6 "));
  EXPECT_THAT(text, testing::Not(HasSubstr("HOME=")));
  EXPECT_THAT(text, testing::Not(HasSubstr("PATH=/")));
}

TEST_F(Workers, H03_OneThatDiesGivesNoAnswer) {
  EXPECT_THAT(refusal(WorkerProcesses(script("echo half >&6; kill -9 $$")).run(job(""))).found,
              HasSubstr("killed by signal 9"));
  EXPECT_THAT(refusal(WorkerProcesses(script("echo all >&6; exit 3")).run(job(""))).found,
              HasSubstr("exit code 3"));
  EXPECT_EQ(refusal(WorkerProcesses("/nowhere").run(job(""))).code, Code::not_supported);
}

TEST_F(Workers, H03_OneThatHangsIsKilledAtItsDeadline) {
  auto hanging = job("");
  hanging.deadline = std::chrono::seconds(1);
  const auto begun = std::chrono::steady_clock::now();
  const auto error = refusal(WorkerProcesses(script("exec sleep 100")).run(hanging));
  EXPECT_EQ(error.code, Code::examiner_failed);
  EXPECT_THAT(error.found, HasSubstr("within 1 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST_F(Workers, OneThatSaysTooMuchIsNotHeard) {
  auto talking = job("");
  talking.answer_size_max = 1000;
  EXPECT_THAT(refusal(WorkerProcesses(script("head -c 1001 /dev/zero >&6")).run(talking)).found,
              HasSubstr("more than it may say"));
  EXPECT_TRUE(WorkerProcesses(script("head -c 1000 /dev/zero >&6")).run(talking).ok());
}

TEST_F(Workers, SeveralRunSideBySide) {
  WorkerProcesses workers(script("sleep 0.2; cat <&4 >&6"));
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const auto order = "order " + std::to_string(i);
      const auto answer = workers.run(job(order));
      if (answer.ok() && as_text(answer.value()) == order) ++answered;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 4);
}

TEST_F(Workers, OneThatHangsIsKilledWithItsParentsEndAndNoOtherBegins) {
  WorkerProcesses apart(script("exec sleep 1000"));
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    apart.stop();
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(refusal(apart.run(job("hang"))).code, Code::io_failed);
  EXPECT_EQ(refusal(apart.run(job("again"))).code, Code::io_failed);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  ends.join();
}

}  // namespace
}  // namespace sallyport
