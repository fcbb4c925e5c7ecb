// SPDX-License-Identifier: Apache-2.0
// What runs when a gate begins, as the kernel tells it.
#include <gtest/gtest.h>

#include <sys/syscall.h>

#include <algorithm>
#include <filesystem>

#include "adapters/exec_events/running_code.h"
#include "core/crypto/file_digest.h"
#include "roles/node/gate_world_for_test.h"
#include "roles/node/hanging_files_for_test.h"

namespace sallyport::node {
namespace {

namespace fs = std::filesystem;

class RunningCodeTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    const auto lacks = lacking();
    if (!lacks.empty()) GTEST_SKIP() << lacks;
    begin();
  }
  void TearDown() override {
    for (const pid_t process : processes) {
      ::kill(process, SIGKILL);
      ::waitpid(process, nullptr, 0);
    }
    end();
  }

  // A process that runs the program, which is a copy of sleep, as one of the service or not.
  pid_t start(const std::string& program, const std::string& of_group) {
    const pid_t process = ::fork();
    if (process == 0) {
      limit_life();
      if (!of_group.empty()) confine::join_group(of_group);
      ::execl(program.c_str(), "sleep", "60", nullptr);
      ::_exit(1);
    }
    processes.push_back(process);
    const auto of_process = "/proc/" + std::to_string(process);
    const auto name = "/" + fs::path(program).filename().string();
    // When it sleeps, all of it is there.
    CHECK(soon([&] {
      const auto maps = read_text(of_process + "/maps");
      const bool is_it = maps.find(name) != std::string::npos && maps.find("libc") != std::string::npos;
      return is_it && read_text(of_process + "/stat").find(") S ") != std::string::npos;
    }));
    return process;
  }
  // A process that has the file mapped as code; with its first thread gone, if that is wanted.
  pid_t start_mapping(const std::string& file, const std::string& of_group, bool first_thread_ends) {
    int ready[2];
    CHECK(::pipe(ready) == 0);
    const pid_t process = ::fork();
    if (process == 0) {
      limit_life();
      if (!of_group.empty()) confine::join_group(of_group);
      const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
      if (::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, descriptor, 0) == MAP_FAILED) ::_exit(1);
      std::thread([] {
        for (;;) ::pause();
      }).detach();
      if (::write(ready[1], "1", 1) != 1) ::_exit(1);
      if (first_thread_ends) ::syscall(SYS_exit, 0);
      for (;;) ::pause();
    }
    processes.push_back(process);
    char byte = 0;
    CHECK(::read(ready[0], &byte, 1) == 1);
    for (const int end : ready) ::close(end);
    const auto stat = "/proc/" + std::to_string(process) + "/stat";
    CHECK(!first_thread_ends || soon([&] { return read_text(stat).find(") Z ") != std::string::npos; }));
    return process;
  }
  std::vector<RunningCode> running(bool measure = true) const {
    const std::vector<std::uint64_t> groups{service_group};
    return running_code({folder, groups, [=](std::uint64_t) { return measure; }}).value();
  }
  static std::vector<RunningCode> of(pid_t process, const std::vector<RunningCode>& all) {
    std::vector<RunningCode> own;
    for (const auto& code : all) {
      if (code.process.pid == process) own.push_back(code);
    }
    return own;
  }
  static bool has(const std::vector<RunningCode>& all, const std::string& content) {
    return std::ranges::any_of(all, [&](const RunningCode& code) {
      return code.size == content.size() && code.digest == file_digest(as_bytes(content));
    });
  }

  std::vector<pid_t> processes;
  const std::string sleeper = read_text("/bin/sleep");
};

TEST_F(RunningCodeTest, M28_TellsWhatIsMappedFromTheFileSystemWhoeverItIs) {
  write_text(at("stray"), sleeper + "1");
  const auto process = start(at("stray"), "");
  fs::remove(at("stray"));
  write_text(at("stray"), good);  // of the same name, and another file
  const auto own = of(process, running());
  ASSERT_EQ(own.size(), 1U);
  EXPECT_TRUE(has(own, sleeper + "1"));
  EXPECT_NE(own[0].file.find("/stray (deleted)"), std::string::npos);
  EXPECT_EQ(own[0].parent, ::getpid());
}

TEST_F(RunningCodeTest, M28_OfAServiceItTellsWhateverIsMapped) {
  write_text(at("program"), sleeper);
  const auto process = start(at("program"), group);
  const auto own = of(process, running());
  EXPECT_TRUE(has(own, sleeper));
  EXPECT_EQ(own[0].group, service_group);
  const bool has_library = std::ranges::any_of(
      own, [](const RunningCode& code) { return code.file.find("libc") != std::string::npos; });
  EXPECT_TRUE(has_library);
}

TEST_F(RunningCodeTest, OfOthersItTellsNothingFromElsewhere) {
  const auto process = start("/bin/sleep", "");
  EXPECT_TRUE(of(process, running()).empty());
}

// Its process has no mappings any more by its own number; its threads have.
TEST_F(RunningCodeTest, M28_AProcessWhoseFirstThreadHasEndedIsToldAsWell) {
  write_text(at("stray"), sleeper + "1");
  const auto process = start_mapping(at("stray"), "", true);
  const auto own = of(process, running());
  ASSERT_EQ(own.size(), 1U);
  EXPECT_TRUE(has(own, sleeper + "1"));
  EXPECT_EQ(own[0].parent, ::getpid());
}

// M21: whose file system does not answer any more, mapped by anybody, keeps nobody from looking through what runs.
TEST_F(RunningCodeTest, M21_WhoeverServesAMappedFileIsNotAsked) {
  if (::access("/dev/fuse", R_OK | W_OK) != 0) GTEST_SKIP() << "needs FUSE";
  fs::create_directory(at("hanging"));
  HangingFiles hanging(at("hanging"), good);
  const auto other = start_mapping(at("hanging/silent-1"), "", false);
  const auto service = start_mapping(at("hanging/silent-2"), group, false);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto all = running();
    const bool others = std::ranges::any_of(of(other, all), [](const RunningCode& code) {
      return code.file.find("silent") != std::string::npos;
    });
    const auto told = of(service, all);
    const auto its = std::ranges::find_if(
        told, [](const RunningCode& code) { return code.file.find("silent-2") != std::string::npos; });
    ::_exit(!others && its != told.end() && !its->digest ? 0 : 1);
  }
  int status = -1;
  EXPECT_TRUE(soon([&] { return ::waitpid(child, &status, WNOHANG) == child; }));
  EXPECT_EQ(status, 0);
  hanging.end();
  if (status == -1) ::waitpid(child, nullptr, 0);
}

TEST_F(RunningCodeTest, WhatIsNotWorthItIsNotMeasured) {
  write_text(at("stray"), sleeper);
  const auto process = start(at("stray"), "");
  const auto own = of(process, running(false));
  ASSERT_EQ(own.size(), 1U);
  EXPECT_FALSE(own[0].digest);
}

}  // namespace
}  // namespace sallyport::node
