// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/kept_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace sallyport {
namespace {

// A tmpfs of its own whose files are marked, and not the file system: nobody waits here.
class KeptFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    CHECK(::unshare(CLONE_NEWNS) == 0);
    CHECK(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    char name[] = "/tmp/kept-files-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    folder = name;
    CHECK(::mount("test", name, "tmpfs", 0, nullptr) == 0);
    std::ofstream(folder + "/file") << "content";
    watch = FanotifyWatch::open().value();
    kept = std::make_unique<KeptFiles>(*watch, *board);
    file = open_file();
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, KeptFiles::lease_signal());
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
  }
  void TearDown() override {
    if (folder.empty()) return;
    kept.reset();
    watch.reset();
    ::umount2(folder.c_str(), MNT_DETACH);
    ::rmdir(folder.c_str());
  }
  int open_file() const { return ::open((folder + "/file").c_str(), O_RDONLY | O_CLOEXEC); }
  int marks() const {
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(watch->descriptor()));
    int count = 0;
    for (std::string line; std::getline(info, line);) count += line.starts_with("fanotify ino:") ? 1 : 0;
    return count;
  }
  bool can_be_written() const {
    const int writer = ::open((folder + "/file").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (writer >= 0) ::close(writer);
    return writer >= 0;
  }
  bool is_open() const { return ::fcntl(file, F_GETFD) >= 0; }

  std::string folder;
  std::unique_ptr<SharedBoard> board = SharedBoard::create().value();
  std::unique_ptr<FanotifyWatch> watch;
  std::unique_ptr<KeptFiles> kept;
  int file = -1;
};

TEST_F(KeptFilesTest, IsRefusedWhileSomebodyCanWrite) {
  const int writer = ::open((folder + "/file").c_str(), O_WRONLY | O_CLOEXEC);
  EXPECT_FALSE(kept->hold(file));
  ::close(writer);
  EXPECT_TRUE(kept->hold(file));
  kept->let_go(file);
  EXPECT_TRUE(can_be_written());
}

TEST_F(KeptFilesTest, WhatIsKeptIsMarkedAndHeldUntilItIsAskedBack) {
  ASSERT_TRUE(kept->hold(file));
  ASSERT_TRUE(kept->mark(file));
  ASSERT_TRUE(kept->keep(file));
  EXPECT_TRUE(board->known(file));
  EXPECT_EQ(marks(), 1);
  EXPECT_FALSE(can_be_written());
  kept->lease_broken(file);
  EXPECT_EQ(marks(), 0);
  EXPECT_FALSE(board->known(file));
  EXPECT_FALSE(is_open());
  EXPECT_TRUE(can_be_written());
}

// Asked back while it is being measured: it is not kept afterwards, and no mark stays.
TEST_F(KeptFilesTest, WhatIsAskedBackTooEarlyIsNotKept) {
  ASSERT_TRUE(kept->hold(file));
  kept->lease_broken(file);
  EXPECT_TRUE(is_open());
  EXPECT_FALSE(can_be_written());  // who measures still relies on it
  ASSERT_TRUE(kept->mark(file));
  EXPECT_FALSE(kept->keep(file));
  EXPECT_EQ(marks(), 0);
  EXPECT_FALSE(board->known(file));
  EXPECT_TRUE(can_be_written());
  ::close(file);
}

TEST_F(KeptFilesTest, ForgetsAllAndNothingThatSomebodyStillHas) {
  const int other = open_file();
  ASSERT_TRUE(kept->hold(file) && kept->mark(file) && kept->keep(file));
  ASSERT_TRUE(kept->hold(other));
  kept->forget_all();
  EXPECT_EQ(marks(), 0);
  EXPECT_FALSE(is_open());
  EXPECT_FALSE(can_be_written());
  ASSERT_TRUE(kept->mark(other) && kept->keep(other));
  EXPECT_EQ(marks(), 1);
  kept->forget_all();
  EXPECT_TRUE(can_be_written());
}

// Twice the same file, by two workers: the mark goes with the first one, so that it is asked about again.
TEST_F(KeptFilesTest, AFileThatIsKeptTwiceLosesItsMarkAtOnce) {
  const int other = open_file();
  ASSERT_TRUE(kept->hold(file) && kept->mark(file) && kept->keep(file));
  ASSERT_TRUE(kept->hold(other) && kept->mark(other) && kept->keep(other));
  kept->lease_broken(file);
  EXPECT_EQ(marks(), 0);
  EXPECT_FALSE(can_be_written());
  kept->lease_broken(other);
  EXPECT_TRUE(can_be_written());
}

TEST_F(KeptFilesTest, NumbersThatNobodyKnowsChangeNothing) {
  for (const int number : {-1, file, gate_descriptors_max, 1 << 30}) kept->lease_broken(number);
  EXPECT_TRUE(is_open());
  ::close(file);
}

}  // namespace
}  // namespace sallyport
