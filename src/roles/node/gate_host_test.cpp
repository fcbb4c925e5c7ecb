// SPDX-License-Identifier: Apache-2.0
// The whole host under the gate: what is executed on its own file systems, and what is not asked about there.
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "roles/node/tiny_host_for_test.h"

namespace sallyport::node {
namespace {

const std::string of_host = "a program of the host";
const std::string of_node = "a program of the node";
const std::string stray = "a program of nobody's";

class GateHostTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  }
  // Failures within are told there, and counted here.
  static void on_a_host(const std::function<void(TinyHost&)>& test) {
    const int code = TinyHost::visit([&](TinyHost& host) {
      write_text("/good", of_host);
      write_text("/stray", stray);
      write_text("/node/of-node", of_node);
      test(host);
      return HasFailure() ? 1 : 0;
    });
    if (code == 250) GTEST_SKIP() << "needs namespaces of its own";
    EXPECT_EQ(code, 0);
  }
};

TEST_F(GateHostTest, M01_OnlyTheBaselineIsExecutedOnTheHost) {
  on_a_host([](TinyHost& host) {
    host.publish({of_node}, {of_host}, GateMode::enforce);
    host.start_gate();
    EXPECT_EQ(host.run("/good"), ENOEXEC);
    EXPECT_EQ(host.run("/good"), ENOEXEC);
    EXPECT_EQ(host.run("/stray"), EPERM);
    write_text("/copy", stray);
    EXPECT_EQ(host.run("/copy"), EPERM);
  });
}

// The baseline is the host's: on the node's file system nothing but its generations runs.
TEST_F(GateHostTest, EachPlaceHasItsList) {
  on_a_host([](TinyHost& host) {
    host.publish({of_node}, {of_host}, GateMode::enforce);
    host.start_gate();
    write_text("/node/good", of_host);
    EXPECT_EQ(host.run("/node/of-node"), ENOEXEC);
    EXPECT_EQ(host.run("/node/good"), EPERM);
  });
}

TEST_F(GateHostTest, M12_ChangedInItsPlaceItIsAnotherProgram) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    EXPECT_EQ(host.run("/good"), ENOEXEC);
    auto changed = of_host;
    changed[0] = 'A';
    store_through_mapping("/good", changed);
    EXPECT_EQ(host.run("/good"), EPERM);
    write_text("/good", of_host);
    EXPECT_EQ(host.run("/good"), ENOEXEC);
  });
}

TEST_F(GateHostTest, M03_AFileSystemThatIsMountedLaterIsWatched) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    EXPECT_EQ(::mount("later", "/later", "tmpfs", 0, nullptr), 0);
    write_text("/later/stray", stray);
    write_text("/later/good", of_host);
    EXPECT_TRUE(host.soon([&] { return host.run("/later/stray") == EPERM; }));
    EXPECT_EQ(host.run("/later/good"), ENOEXEC);
  });
}

// M02, M37: a mount that only another process sees, after a second at the latest.
TEST_F(GateHostTest, M02_AFileSystemOfAnotherMountNamespaceIsWatched) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    const int code = attempt_in_child("", [&] {
      if (::unshare(CLONE_NEWNS) != 0) return 1;
      if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 2;
      if (::mount("elsewhere", "/later", "tmpfs", 0, nullptr) != 0) return 3;
      write_text("/later/stray", stray);
      return host.soon([&] { return host.run("/later/stray") == EPERM; }) ? 0 : 4;
    });
    EXPECT_EQ(code, 0);
  });
}

// Its processes were given a smaller root: what is mounted, as they see it, has nothing of it.
TEST_F(GateHostTest, M02_AFileSystemThatNoRootFolderShowsIsWatched) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    const int code = attempt_in_child("", [&] {
      if (::unshare(CLONE_NEWNS) != 0) return 1;
      if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 2;
      if (::mount("elsewhere", "/later", "tmpfs", 0, nullptr) != 0) return 3;
      write_text("/later/stray", stray);
      if (::chdir("/later") != 0 || ::chroot("/tmp") != 0) return 4;
      return host.soon([&] { return host.run("stray") == EPERM; }) ? 0 : 5;
    });
    EXPECT_EQ(code, 0);
  });
}

// M02: a thread has namespaces of its own.
TEST_F(GateHostTest, M02_AFileSystemOfAThreadIsWatched) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    const int code = attempt_in_child("", [&] {
      int outcome = 0;
      std::thread([&] {
        outcome = 1;
        if (::unshare(CLONE_NEWNS) != 0) return;
        if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return;
        if (::mount("elsewhere", "/later", "tmpfs", 0, nullptr) != 0) return;
        write_text("/later/stray", stray);
        outcome = host.soon([&] { return host.run("/later/stray") == EPERM; }) ? 0 : 2;
      }).join();
      return outcome;
    });
    EXPECT_EQ(code, 0);
  });
}

// M34: an overlay shows what others write below it, and may be of anything.
TEST_F(GateHostTest, M34_NothingIsBelievedOfAnOverlay) {
  on_a_host([](TinyHost& host) {
    for (const char* folder : {"/lower", "/upper", "/work"}) ::mkdir(folder, 0755);
    write_text("/lower/good", of_host);
    EXPECT_EQ(::mount("layers", "/later", "overlay", 0, "lowerdir=/lower,upperdir=/upper,workdir=/work"), 0);
    host.publish({}, {of_host}, GateMode::observe);
    host.start_gate();
    EXPECT_EQ(host.run("/later/good"), ENOEXEC);
    EXPECT_TRUE(host.soon([&] { return host.board->adopted() == host.board->published(); }));
    host.publish({}, {of_host}, GateMode::enforce);
    EXPECT_TRUE(host.soon([&] { return host.run("/later/good") == EPERM; }));
    EXPECT_EQ(host.run("/lower/good"), ENOEXEC);
    EXPECT_TRUE(host.soon([&] { return host.board->counts().denied != 0; }));
    host.publish({}, {of_host}, GateMode::observe);
    EXPECT_TRUE(host.soon([&] { return host.run("/later/good") == ENOEXEC; }));
  });
}

// M12: who owns a file can write to it between the answer and the kernel's own hold of it.
TEST_F(GateHostTest, M12_WhatOthersThanRootCanWriteToIsDenied) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    EXPECT_EQ(host.run("/good"), ENOEXEC);
    write_text("/owned", of_host);
    EXPECT_EQ(::chmod("/owned", 0755), 0);
    EXPECT_EQ(::chown("/owned", 1000, 1000), 0);
    EXPECT_EQ(host.run("/owned"), EPERM);
    EXPECT_EQ(::chown("/owned", 0, 0), 0);
    EXPECT_EQ(host.run("/owned"), ENOEXEC);
    write_text("/shared", of_host);
    EXPECT_EQ(::chmod("/shared", 0775), 0);
    EXPECT_EQ(host.run("/shared"), EPERM);
  });
}

// The one that keeps the books waits within the kernel, or was stopped: another one goes on.
TEST_F(GateHostTest, M42_BooksThatStandStillAreKeptByAnotherOne) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    ASSERT_GT(*host.books, 0);
    const int before = *host.books;
    ::kill(before, SIGSTOP);
    EXPECT_TRUE(host.soon([&] { return *host.books != before; }));
    EXPECT_EQ(host.board->books_restarts(), 1U);
    EXPECT_EQ(::mount("later", "/later", "tmpfs", 0, nullptr), 0);
    write_text("/later/stray", stray);
    EXPECT_TRUE(host.soon([&] { return host.run("/later/stray") == EPERM; }));
  });
}

// M20: opening is nobody's question there. So the gate never waits for its own files, nor anybody for the gate.
TEST_F(GateHostTest, M20_OpeningIsNotAskedAbout) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    const auto before = host.board->counts().answered;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(read_text("/stray"), stray);
    EXPECT_EQ(host.board->counts().answered, before);
    EXPECT_EQ(host.run("/stray"), EPERM);
    EXPECT_TRUE(host.soon([&] { return host.board->counts().answered == before + 1; }));
  });
}

TEST_F(GateHostTest, ObservedItRunsAndIsWrittenDown) {
  on_a_host([](TinyHost& host) {
    host.publish({of_node}, {of_host}, GateMode::observe);
    host.start_gate();
    EXPECT_EQ(host.run("/stray"), ENOEXEC);
    EXPECT_TRUE(host.soon([&] { return host.board->counts().would_deny == 1; }));
    const auto record = host.board->take();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->file, "/stray");
    EXPECT_EQ(record->line.question.place, Place::host);
    EXPECT_EQ(record->line.verdict.reason, GateReason::unlisted);
    // The node's own file system is enforced all the same.
    write_text("/node/stray", stray);
    EXPECT_EQ(host.run("/node/stray"), EPERM);
  });
}

TEST_F(GateHostTest, M42_TheDeathOfWhoAnswersLetsNothingThrough) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    EXPECT_EQ(host.run("/good"), ENOEXEC);
    ASSERT_GT(*host.answering, 0);
    for (int i = 0; i < 3; ++i) {
      ::kill(*host.answering, SIGKILL);
      EXPECT_EQ(host.run("/stray"), EPERM);
      EXPECT_EQ(host.run("/good"), ENOEXEC);
    }
  });
}

// Nobody could start the next gate, else.
TEST_F(GateHostTest, TheDeathOfAllLetsTheHostGoOn) {
  on_a_host([](TinyHost& host) {
    host.publish({}, {of_host}, GateMode::enforce);
    host.start_gate();
    EXPECT_EQ(host.run("/stray"), EPERM);
    ASSERT_GT(host.custodian, 0);
    ::kill(host.custodian, SIGSTOP);
    ::kill(*host.answering, SIGKILL);
    ::kill(host.custodian, SIGKILL);
    EXPECT_EQ(host.run("/stray"), ENOEXEC);
  });
}

}  // namespace
}  // namespace sallyport::node
