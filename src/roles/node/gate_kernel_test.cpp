// SPDX-License-Identifier: Apache-2.0
// The gate against the kernel of this host. Tests are named by the attacks that they try; with GATE_OFF=1 in
// the environment no gate runs, and they fail.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <linux/sched.h>
#include <sys/syscall.h>

#include <algorithm>
#include <map>

#include "roles/node/gate_world_for_test.h"

namespace sallyport::node {
namespace {

class GateKernelTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (const auto what = lacking(); !what.empty()) GTEST_SKIP() << what;
    begin();
  }
  void TearDown() override { end(); }
};

constexpr int some_file = O_RDONLY | O_CLOEXEC;

int execute_descriptor(int file) {
  char name[] = "it";
  char* const argv[] = {name, nullptr};
  char* const environment[] = {nullptr};
  ::syscall(SYS_execveat, file, "", argv, environment, AT_EMPTY_PATH);
  return errno;
}

TEST_F(GateKernelTest, M01_AnUnlistedProgramIsNotExecutedAndAListedOneIs) {
  write_text(at("good"), good);
  write_text(at("bad"), bad);
  publish({good});
  start_gate();
  EXPECT_EQ(run("bad"), EPERM);
  EXPECT_EQ(run("good"), 0);
  EXPECT_EQ(run("good"), 0);
  EXPECT_TRUE(soon([&] { return board->counts().denied == 1; }));
  std::optional<GateRecord> record;
  ASSERT_TRUE(soon([&] { return record || (record = board->take()); }));
  EXPECT_EQ(record->file, at("bad"));
  EXPECT_EQ(record->line.verdict, (GateVerdict{GateAnswer::deny, GateReason::unlisted}));
}

TEST_F(GateKernelTest, M02_NamespacesAreNoWayAround) {
  write_text(at("good"), good);
  write_text(at("bad"), bad);
  publish({good});
  start_gate();
  for (const int flags :
       {CLONE_NEWNS, CLONE_NEWNS | CLONE_NEWUSER, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET}) {
    for (const auto& [name, expected] : {std::pair{"bad", EPERM}, std::pair{"good", 0}}) {
      EXPECT_EQ(attempt_in_child("",
                                 [&, name = name] {
                                   if (::unshare(flags) != 0) return 251;
                                   return execute({at(name)});
                                 }),
                expected)
          << name << ", flags " << flags;
    }
  }
}

TEST_F(GateKernelTest, M06_FilesWithoutANameAreRefused) {
  write_text(at("bad"), bad);
  write_text(at("good"), good);
  publish({good});
  start_gate();
  for (const auto& content : {bad, good}) {
    const int expected = content == good ? 0 : EPERM;
    // Without a name from the beginning.
    const int unnamed = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0755);
    ASSERT_EQ(::write(unnamed, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    const int reading = ::open(("/proc/self/fd/" + std::to_string(unnamed)).c_str(), some_file);
    ::close(unnamed);
    ASSERT_GE(reading, 0);
    EXPECT_EQ(attempt_in_child("", [&] { return execute_descriptor(reading); }), expected);
    EXPECT_EQ(attempt_in_child("", [&] { return execute({"/proc/self/fd/" + std::to_string(reading)}); }),
              expected);
    ::close(reading);
    // Deleted while it is open.
    write_text(at("gone"), content);
    const int deleted = ::open(at("gone").c_str(), some_file);
    ::unlink(at("gone").c_str());
    EXPECT_EQ(attempt_in_child("", [&] { return execute_descriptor(deleted); }), expected);
    ::close(deleted);
    // Opened only to be named.
    const int path = ::open(at(content == good ? "good" : "bad").c_str(), O_PATH | O_CLOEXEC);
    EXPECT_EQ(attempt_in_child("", [&] { return execute_descriptor(path); }), expected);
    ::close(path);
  }
}

// What runs already and is no longer listed cannot start itself again.
TEST_F(GateKernelTest, M06_AProgramThatIsNotListedIsNotExecutedByItself) {
  const auto shell = read_text("/bin/sh");
  write_text(at("good"), shell);
  write_text(at("bad"), shell + "1");
  publish({}, GateMode::observe);
  start_gate();
  const auto again = "while ! test -e " + at("go") + "; do :; done; exec /proc/self/exe -c 'exit 9'";
  std::map<std::string, pid_t> running;
  for (const std::string name : {"good", "bad"}) {
    running[name] = ::fork();
    if (running[name] == 0) ::_exit(execute({at(name), "-c", again}));
  }
  ASSERT_TRUE(soon([&] {
    return std::ranges::all_of(running, [&](const auto& one) {
      return std::filesystem::read_symlink("/proc/" + std::to_string(one.second) + "/exe") == at(one.first);
    });
  }));
  publish({shell});
  write_text(at("go"), "");
  for (const auto& [name, expected] : {std::pair{"good", 9}, std::pair{"bad", 126}}) {
    int status = 0;
    ::waitpid(running[name], &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), expected) << name;
  }
}

TEST_F(GateKernelTest, M07_OtherMountsOfTheSameFileSystemCount) {
  write_text(at("good"), good);
  write_text(at("bad"), bad);
  publish({good});
  start_gate();
  char other[] = "/tmp/gate-bind-XXXXXX";
  ASSERT_NE(::mkdtemp(other), nullptr);
  ASSERT_EQ(::mount(folder.c_str(), other, nullptr, MS_BIND, nullptr), 0);
  EXPECT_EQ(attempt_in_child("", [&] { return execute({std::string(other) + "/bad"}); }), EPERM);
  EXPECT_EQ(attempt_in_child("", [&] { return execute({std::string(other) + "/good"}); }), 0);
  ::umount2(other, MNT_DETACH);
  ::rmdir(other);
}

TEST_F(GateKernelTest, M07_AnOverlayOverItCounts) {
  for (const char* name : {"lower", "upper", "work", "merged"}) ::mkdir(at(name).c_str(), 0755);
  write_text(at("lower/bad"), bad);
  write_text(at("lower/good"), good);
  const auto options = "lowerdir=" + at("lower") + ",upperdir=" + at("upper") + ",workdir=" + at("work");
  char other[] = "/tmp/gate-over-XXXXXX";
  ASSERT_NE(::mkdtemp(other), nullptr);
  ASSERT_EQ(::mount("over", other, "overlay", 0, options.c_str()), 0);
  write_text(std::string(other) + "/new", bad);
  publish({good});
  start_gate();
  EXPECT_EQ(attempt_in_child("", [&] { return execute({std::string(other) + "/bad"}); }), EPERM);
  EXPECT_EQ(attempt_in_child("", [&] { return execute({std::string(other) + "/new"}); }), EPERM);
  EXPECT_EQ(attempt_in_child("", [&] { return execute({std::string(other) + "/good"}); }), 0);
  ::umount2(other, MNT_DETACH);
  ::rmdir(other);
}

TEST_F(GateKernelTest, M08_TheLoaderOfAServiceRunsNothingUnlisted) {
  write_text(at("good"), good);
  write_text(at("bad"), bad);
  publish({good});
  start_gate();
  const std::string loader = "/lib64/ld-linux-x86-64.so.2";
  EXPECT_NE(run_as_service({loader, at("bad")}), 0);
  EXPECT_EQ(run_as_service({loader, at("good")}), 0);
  // It goes on without what it was to load first: what counts is that this was refused.
  const auto denied = board->counts().denied;
  run_as_service({loader, "--preload", at("bad"), "/bin/true"});
  EXPECT_TRUE(soon([&] { return board->counts().denied == denied + 1; }));
}

TEST_F(GateKernelTest, M09_NoServiceLoadsAnUnlistedLibrary) {
  const auto library = read_text("/lib/x86_64-linux-gnu/libutil.so.1");
  ASSERT_FALSE(library.empty());
  write_text(at("good.so"), library);
  write_text(at("bad.so"), library + "1");
  publish({library});
  start_gate();
  const auto load = [&](const std::string& name) {
    return attempt_in_child(group, [&] { return ::dlopen(at(name).c_str(), RTLD_NOW) != nullptr ? 0 : 1; });
  };
  EXPECT_EQ(load("bad.so"), 1);
  EXPECT_EQ(load("good.so"), 0);
  EXPECT_TRUE(soon([&] { return board->counts().denied == 1; }));
  // None of these stops the program: what counts is that the library was refused.
  write_text(at("libc.so.6"), library + "1");
  std::uint64_t denied = 1;
  for (const auto& [name, value] :
       {std::pair{"LD_PRELOAD", at("bad.so")}, {"LD_AUDIT", at("bad.so")}, {"LD_LIBRARY_PATH", folder}}) {
    attempt_in_child(group, [&, name = name, value = value] {
      ::setenv(name, value.c_str(), 1);
      return execute({"/bin/true"});
    });
    ++denied;
    EXPECT_TRUE(soon([&] { return board->counts().denied == denied; })) << name;
  }
}

TEST_F(GateKernelTest, M15_ScriptsAreRefusedWhoeverReadsThem) {
  const std::string script = "#!/bin/sh\nexit 0\n";
  write_text(at("good.sh"), script);
  write_text(at("bad.sh"), script + "#\n");
  write_text(at("plain.sh"), "exit 0\n");
  publish({script});
  start_gate();
  EXPECT_EQ(run("good.sh"), 0);
  EXPECT_EQ(run("bad.sh"), EPERM);
  EXPECT_EQ(run_as_service({"/bin/sh", at("good.sh")}), 0);
  EXPECT_NE(run_as_service({"/bin/sh", at("bad.sh")}), 0);
  // From where code lies nothing unlisted is read, whatever it looks like.
  EXPECT_NE(run_as_service({"/bin/sh", at("plain.sh")}), 0);
  // Others read what they like: they are outside of the scope.
  EXPECT_EQ(attempt_in_child("", [&] { return execute({"/bin/sh", at("bad.sh")}); }), 0);
}

TEST_F(GateKernelTest, M15_WhatLooksLikeCodeIsNotReadFromWhereDataLies) {
  write_text(at("bad.sh"), "#!/bin/sh\nexit 0\n");
  write_text(at("data"), "subscriber=1\n");
  write_text(at("bad.so"), bad);
  publish({good});
  start_gate();
  char data[] = "/tmp/gate-data-XXXXXX";
  ASSERT_NE(::mkdtemp(data), nullptr);
  ASSERT_EQ(::mount(folder.c_str(), data, nullptr, MS_BIND, nullptr), 0);
  ASSERT_EQ(::mount(nullptr, data, nullptr, MS_REMOUNT | MS_BIND | MS_NOEXEC, nullptr), 0);
  const auto open_as_service = [&](const std::string& name) {
    return attempt_in_child(
        group, [&] { return ::open((std::string(data) + "/" + name).c_str(), O_RDONLY) >= 0 ? 0 : errno; });
  };
  EXPECT_EQ(open_as_service("bad.sh"), EPERM);
  EXPECT_EQ(open_as_service("bad.so"), EPERM);
  EXPECT_EQ(open_as_service("data"), 0);
  ::umount2(data, MNT_DETACH);
  ::rmdir(data);
}

// Neither the one that the kernel keeps nor the first word.
TEST_F(GateKernelTest, M17_WhatAProcessCallsItselfExemptsItFromNothing) {
  write_text(at("bad"), bad);
  publish({good});
  start_gate();
  for (const char* name : {"dnf", "dpkg", "sallyport"}) {
    const auto called = [name](const std::function<int()>& what) {
      ::prctl(PR_SET_NAME, name);
      return what();
    };
    const auto execute_it = [&] {
      std::string first = name;
      char* const words[] = {first.data(), nullptr};
      ::execv(at("bad").c_str(), words);
      return errno;
    };
    const auto open_it = [&] { return ::open(at("bad").c_str(), some_file) >= 0 ? 0 : errno; };
    EXPECT_EQ(attempt_in_child("", [&] { return called(execute_it); }), EPERM) << name;
    EXPECT_EQ(attempt_in_child(group, [&] { return called(open_it); }), EPERM) << name;
  }
}

TEST_F(GateKernelTest, AFileThatSomebodyMayWriteToIsRefused) {
  write_text(at("good"), good);
  publish({good});
  start_gate();
  const int writer = ::open(at("good").c_str(), O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(attempt_in_child(group, [&] { return ::open(at("good").c_str(), O_RDONLY) >= 0 ? 0 : errno; }),
            EPERM);
  ::close(writer);
  EXPECT_EQ(run("good"), 0);
}

TEST_F(GateKernelTest, ARememberedFileCostsNoQuestion) {
  write_text(at("good"), good);
  publish({good});
  start_gate();
  EXPECT_EQ(run("good"), 0);
  // It is remembered after the answer, so that the next one may come before.
  while (board->counts().answered == 0) pause();
  EXPECT_EQ(run("good"), 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto answered = board->counts().answered;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(run("good"), 0);
  EXPECT_EQ(board->counts().answered, answered);
}

TEST_F(GateKernelTest, M24_WhatIsNoLongerListedIsRefusedThoughItWasRemembered) {
  write_text(at("good"), good);
  publish({good});
  start_gate();
  EXPECT_EQ(run("good"), 0);
  EXPECT_EQ(run("good"), 0);
  publish({bad});
  EXPECT_EQ(run("good"), EPERM);
  publish({good, bad});
  EXPECT_EQ(run("good"), 0);
}

TEST_F(GateKernelTest, M26_ASwitchRefusesNothingThatBothGenerationsHave) {
  write_text(at("old"), bad);
  write_text(at("both"), good);
  publish({good, bad});
  start_gate();
  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::atomic<int> runs = 0;
  std::thread runner([&] {
    while (!stop) {
      ++runs;
      if (run("both") != 0) ++refused;
    }
  });
  for (int i = 0; i < 50; ++i) {
    publish({good, bad});
    EXPECT_EQ(run("old"), 0);
    publish({good, bad + "new"});
    EXPECT_EQ(run("old"), EPERM);
  }
  stop = true;
  runner.join();
  EXPECT_EQ(refused, 0);
  EXPECT_GT(runs, 20);
}

TEST_F(GateKernelTest, ObserveModeRefusesNothingAndWritesItDown) {
  write_text(at("bad"), bad);
  publish({good}, GateMode::observe);
  start_gate();
  EXPECT_EQ(run("bad"), 0);
  EXPECT_TRUE(soon([&] { return board->counts().would_deny > 0; }));
  EXPECT_EQ(board->counts().denied, 0U);
  EXPECT_TRUE(soon([&] { return board->take().has_value(); }));
}

// M40: the digest covers every byte of a file beyond 4 GiB.
TEST_F(GateKernelTest, M40_TheLastByteOfALargeFileCounts) {
  constexpr std::uint64_t size = (1ULL << 32U) + 1;
  FileDigester digester;
  const Bytes zeros(1U << 20U);
  for (std::uint64_t left = size; left > 0; left -= std::min<std::uint64_t>(left, zeros.size())) {
    digester.update(BytesView(zeros).first(std::min<std::uint64_t>(left, zeros.size())));
  }
  ListedFile file{size, {}};
  std::ranges::copy(digester.finish().bytes(), file.digest.begin());
  write_text(at("large"), "");
  ASSERT_EQ(::truncate(at("large").c_str(), static_cast<off_t>(size)), 0);
  publish_files({file});
  start_gate();
  EXPECT_EQ(run("large"), ENOEXEC);  // let through: that it is no program is the kernel's word
  const int writer = ::open(at("large").c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_EQ(::pwrite(writer, "1", 1, static_cast<off_t>(size - 1)), 1);
  ::close(writer);
  EXPECT_EQ(run("large"), EPERM);
}

}  // namespace
}  // namespace sallyport::node
