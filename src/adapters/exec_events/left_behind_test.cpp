// SPDX-License-Identifier: Apache-2.0
// What a gate leaves behind for the next one: its watch, in somebody else's hands, and its terms.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fstream>
#include <span>
#include <vector>

#include "adapters/exec_events/fanotify.h"
#include "adapters/exec_events/kept_terms.h"

namespace sallyport {
namespace {

constexpr std::uint64_t questions = FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM;
constexpr int soon_ms = 5000;

// A watched tmpfs with one file; `kept` is the watch as a service manager has it.
class LeftBehindTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    std::array<char, 32> name{"/tmp/left-behind-XXXXXX"};
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name.data();
    ASSERT_EQ(::mount("test", folder_.c_str(), "tmpfs", 0, nullptr), 0);
    std::ofstream(folder_ + "/file") << "content";
    ::alarm(60);  // with this process the watch ends
    const auto watch = FanotifyWatch::open().value();
    watch->add(folder_).value();
    kept = ::fcntl(watch->descriptor(), F_DUPFD_CLOEXEC, 0);
  }
  void TearDown() override {
    if (kept >= 0) ::close(kept);
    ::alarm(0);
    ::umount2(folder_.c_str(), MNT_DETACH);
    ::rmdir(folder_.c_str());
  }

  pid_t somebody_opens() {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::close_range(3, ~0U, 0);
    ::_exit(::open((folder_ + "/file").c_str(), O_RDONLY) >= 0 ? 0 : errno);
  }
  static int result(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
  bool asked_within(int ms) {
    pollfd group{kept, POLLIN, 0};
    return ::poll(&group, 1, ms) == 1;
  }
  // Reads a question and keeps nothing of it.
  bool reads_one() {
    std::array<std::uint8_t, sizeof(fanotify_event_metadata) + sizeof(fanotify_event_info_pidfd)> bytes;
    const auto size = ::read(kept, bytes.data(), bytes.size());
    fanotify_event_metadata event;
    std::memcpy(&event, bytes.data(), sizeof event);
    return size > 0 && ::close(event.fd) == 0;
  }
  std::unique_ptr<FanotifyWatch> next() {
    return FanotifyWatch::left_behind(::fcntl(kept, F_DUPFD_CLOEXEC, 0));
  }

  std::string folder_;
  int kept = -1;
};

TEST_F(LeftBehindTest, WhatWasReadAndNotAnsweredIsDenied) {
  const auto asker = somebody_opens();
  ASSERT_TRUE(asked_within(soon_ms));
  const pid_t reader = ::fork();
  if (reader == 0) ::_exit(reads_one() ? 0 : 1);
  ASSERT_EQ(result(reader), 0);
  EXPECT_EQ(::waitpid(asker, nullptr, WNOHANG), 0);  // it waits
  const auto watch = next();
  EXPECT_EQ(result(asker), EPERM);
}

TEST_F(LeftBehindTest, WhatWasAllowedForGoodIsAskedAboutAgain) {
  const auto file = folder_ + "/file";
  ASSERT_EQ(::fanotify_mark(kept, FAN_MARK_ADD | FAN_MARK_IGNORED_MASK, questions, AT_FDCWD, file.c_str()),
            0);
  EXPECT_EQ(result(somebody_opens()), 0);
  const auto watch = next();
  const auto asker = somebody_opens();
  EXPECT_TRUE(asked_within(soon_ms));
  ASSERT_TRUE(reads_one());
  next();
  EXPECT_EQ(result(asker), EPERM);
}

TEST(KeptTermsTest, TheNextOneReadsWhatWasWritten) {
  const auto terms = KeptTerms::create().value();
  EXPECT_EQ(terms->read().mode, GateMode::enforce);
  EXPECT_TRUE(terms->read().files.empty());
  const std::vector<std::uint64_t> groups{7, 9};
  const std::vector<ListedFile> files{{1, {1, 2}}, {2, {3}}};
  terms->write({GateMode::observe, groups, files});
  const auto next = KeptTerms::of(::fcntl(terms->descriptor(), F_DUPFD_CLOEXEC, 0)).value();
  const auto read = next->read();
  EXPECT_EQ(read.mode, GateMode::observe);
  EXPECT_TRUE(std::ranges::equal(read.service_groups, groups));
  EXPECT_TRUE(std::ranges::equal(read.files, files));
}

// Whoever is killed while writing leaves nothing that could be taken for terms: here a fault ends it, half-way.
TEST(KeptTermsTest, WhatWasCutShortListsNothing) {
  const auto terms = KeptTerms::create().value();
  const std::vector<ListedFile> files{{1, {1, 2}}, {2, {3}}};
  terms->write({GateMode::observe, {}, files});
  constexpr std::size_t page = 4096;
  void* memory = ::mmap(nullptr, 2 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(static_cast<char*>(memory) + page, page, PROT_NONE), 0);
  const std::span<const ListedFile> half(static_cast<const ListedFile*>(memory),
                                         2 * page / sizeof(ListedFile));
  const pid_t writer = ::fork();
  if (writer == 0) {
    ::signal(SIGSEGV, SIG_DFL);
    terms->write({GateMode::observe, {}, half});
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(writer, &status, 0);
  ::munmap(memory, 2 * page);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(terms->read().mode, GateMode::enforce);
  EXPECT_TRUE(terms->read().files.empty());
}

// Sizes beyond what there is are no sizes.
TEST(KeptTermsTest, WhatWasSpoiledListsNothing) {
  const std::vector<ListedFile> files{{1, {1, 2}}};
  for (const off_t at : {16, 24}) {  // the number of groups, and of files
    const auto terms = KeptTerms::create().value();
    terms->write({GateMode::observe, {}, files});
    const std::uint64_t many = 1ULL << 40U;
    ASSERT_EQ(::pwrite(terms->descriptor(), &many, sizeof many, at), static_cast<ssize_t>(sizeof many));
    EXPECT_EQ(terms->read().mode, GateMode::enforce) << at;
    EXPECT_TRUE(terms->read().files.empty()) << at;
    EXPECT_TRUE(terms->read().service_groups.empty()) << at;
  }
}

TEST(KeptTermsTest, AnotherFormIsRefused) {
  const int other = ::memfd_create("other", MFD_CLOEXEC);
  ASSERT_EQ(::ftruncate(other, 4096), 0);
  const auto refused = KeptTerms::of(other);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::not_supported);
  ::close(other);
}

}  // namespace
}  // namespace sallyport
