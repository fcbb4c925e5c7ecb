// SPDX-License-Identifier: Apache-2.0
// The known ways around the confinement of a service, named by their numbers, each tried from inside. Where the release
// declares an exception the same attempt goes through: so it is the confinement that refuses it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cstdlib>
#include <functional>
#include <memory>

#include "adapters/confine/attempt_calls.h"
#include "adapters/confine/confined_for_test.h"
#include "adapters/confine/system_calls.h"

namespace sallyport {
namespace {

using enum AttemptEnd;

class ServiceWaysTest : public ConfinedServiceTest {
 protected:
  void TearDown() override {
    for (const char* path : {"tree/usr/later", "tree"}) ::umount2((home_ / path).c_str(), MNT_DETACH);
    ConfinedServiceTest::TearDown();
  }

  void try_all(std::vector<ServiceException> exceptions = {}) {
    auto asked = confinement({});
    asked.service.argv[0] = program_;
    asked.service.exceptions = std::move(exceptions);
    for (const auto& path : interpreters_) asked.interpreters.push_back(RelativePath::parse(path).value());
    for (const auto& path : writable_code_) asked.writable_code.push_back(RelativePath::parse(path).value());
    auto tried = NamespaceGate().try_ways(asked);
    ASSERT_TRUE(tried.ok()) << tried.error().where << ": " << tried.error().found;
    attempts_ = std::move(tried).value();
  }

  AttemptEnd end_of(std::string_view way) const {
    for (const auto& attempt : attempts_) {
      if (attempt.way != way) continue;
      if (attempt.end == passed) ADD_FAILURE() << way << ": " << attempt.detail;
      return attempt.end;
    }
    ADD_FAILURE() << "nobody tried " << way;
    return not_tried;
  }

  // Refused, but for a service that declares it.
  void expect_closed_unless(ServiceException exception, const std::vector<std::string>& ways) {
    try_all();
    for (const auto& way : ways) EXPECT_EQ(end_of(way), refused) << way;
    try_all({exception});
    for (const auto& way : ways) EXPECT_EQ(end_of(way), declared) << way;
  }
  void expect_closed(const std::vector<std::string>& ways) {
    try_all();
    for (const auto& way : ways) EXPECT_EQ(end_of(way), refused) << way;
  }

  // A program of this machine, with what it is linked to.
  void add_program(const std::string& from, const std::string& to) {
    fs::copy_file(from, home_ / "tree" / to);
    for (const std::string needed : {"/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6"}) {
      if (!fs::exists(needed)) GTEST_SKIP() << "this machine has no " << needed;
      fs::create_directories((home_ / ("tree" + needed)).parent_path());
      fs::copy_file(needed, home_ / ("tree" + needed), fs::copy_options::overwrite_existing);
    }
  }

  // The probe, but for the flags that its headers give the stack.
  static void ask_for_executable_stack(const fs::path& path) {
    auto bytes = text_of(SALLYPORT_PROBE);
    constexpr std::size_t table = 64;
    constexpr std::size_t entry = 56;
    const std::string stack{"\x51\xe5\x74\x64\x06", 5};
    std::size_t changed = 0;
    for (std::size_t at = table; at < table + 20 * entry; at += entry) {
      if (bytes.compare(at, stack.size(), stack) != 0) continue;
      bytes[at + stack.size() - 1] = 7;
      ++changed;
    }
    ASSERT_EQ(changed, 1U);
    std::ofstream(path, std::ios::binary) << bytes;
    fs::permissions(path, fs::perms::all);
  }

  std::string program_ = "/usr/bin/probe";
  std::vector<std::string> interpreters_;
  std::vector<std::string> writable_code_;
  std::vector<Attempt> attempts_;
};

TEST_F(ServiceWaysTest, M02_M03_NoFileSystemIsMountedAndNoNamespaceMade) {
  expect_closed_unless(ServiceException::namespaces, {"service-namespaces"});
  EXPECT_EQ(end_of("service-mounts"), refused);  // even then
}

TEST_F(ServiceWaysTest, M03_WhatTheHostMountsLaterIsNotSeen) {
  fs::create_directories(home_ / "tree/usr/later");
  // Shared, as systemd makes all mounts: what is mounted below appears in every other namespace that shares it.
  ASSERT_EQ(::mount((home_ / "tree").c_str(), (home_ / "tree").c_str(), nullptr, MS_BIND, nullptr), 0);
  ASSERT_EQ(::mount(nullptr, (home_ / "tree").c_str(), nullptr, MS_SHARED, nullptr), 0);
  auto service = NamespaceGate().start(
      confinement({"write=/var/state/ready", "await=/var/state/go", "exec=/usr/later/x", "list=/usr/later"}));
  ASSERT_TRUE(service.ok());
  await_ready();
  ASSERT_EQ(::mount("later", (home_ / "tree/usr/later").c_str(), "tmpfs", 0, nullptr), 0);
  fs::copy_file(SALLYPORT_PROBE, home_ / "tree/usr/later/x");
  std::ofstream(home_ / "data/var/state/go") << "go";
  ASSERT_TRUE(service.value()->wait().ok());
  const auto output = text_of(home_ / "log");
  EXPECT_THAT(output, testing::HasSubstr("exec=/usr/later/x: ENOENT"));
  EXPECT_THAT(output, testing::HasSubstr("list=/usr/later: \n"));
}

TEST_F(ServiceWaysTest, M05_MemoryFilesAreNeitherExecutedNorMapped) {
  expect_closed_unless(ServiceException::memory_files, {"service-memory-file-mapped"});
  EXPECT_EQ(end_of("service-memory-file-exec"), refused);  // even then
  expect_closed({"service-memory-file-exec"});
}

TEST_F(ServiceWaysTest, M06_FilesWithoutANameAreNotExecuted) {
  expect_closed({"service-unnamed-file-exec"});
}

TEST_F(ServiceWaysTest, M07_NothingIsExecutedFromTemporaryFolders) {
  expect_closed({"service-temporary-exec", "service-shared-memory-exec"});
}

TEST_F(ServiceWaysTest, M08_TheLoaderOfTheReleaseLoadsNothingThatTheServiceWrote) {
  add_program("/bin/true", "usr/bin/true");
  program_ = "/usr/bin/true";
  expect_closed({"service-loader"});
}

TEST_F(ServiceWaysTest, M10_NoMemoryBecomesCode) {
  expect_closed_unless(ServiceException::jit,
                       {"service-memory-to-code", "service-new-code", "service-segment-code",
                        "service-filled-code", "service-executable-data"});
  expect_closed({"service-data-mapped", "service-own-memory-file"});
}

// The kernel makes such a stack when it executes the program, and asks no filter.
TEST_F(ServiceWaysTest, M10_NoProgramBringsMemoryThatIsWrittenAndExecuted) {
  const auto path = home_ / "tree/usr/bin/stack";
  ask_for_executable_stack(path);
  auto asked = confinement({"exec=/usr/bin/stack", "exec=/usr/bin/probe"});
  asked.writable_code = {RelativePath::parse("usr/bin/stack").value()};
  auto output = output_of(asked);
  EXPECT_THAT(output, testing::HasSubstr("exec=/usr/bin/stack: EACCES"));
  EXPECT_THAT(output, testing::HasSubstr("exec=/usr/bin/probe: done"));
  writable_code_ = {"usr/bin/stack"};
  expect_closed_unless(ServiceException::jit, {"service-writable-code"});
  // And it is what it is taken for: there a service may execute it, and has such memory then.
  asked.service.argv = {"/usr/bin/stack", "read=/proc/self/maps"};
  asked.service.exceptions = {ServiceException::jit};
  output = output_of(asked);
  EXPECT_THAT(output, testing::ContainsRegex("rwxp[^\n]*\\[stack\\]"));
}

TEST_F(ServiceWaysTest, M15_M16_InterpretersRunNoScriptHoweverTheyGetIt) {
  add_program("/bin/sh", "usr/bin/other-name");
  interpreters_ = {"usr/bin/other-name"};
  fs::permissions(home_ / "tree/usr/bin/other-name", fs::perms::all);
  expect_closed_unless(ServiceException::interpreters,
                       {"service-script-file", "service-script-text", "service-script-input"});
  auto asked =
      confinement({"exec=/usr/bin/other-name", "map=/usr/bin/other-name", "write=/usr/bin/other-name"});
  asked.interpreters = {RelativePath::parse("usr/bin/other-name").value()};
  const auto output = output_of(asked);
  EXPECT_THAT(output, testing::HasSubstr("exec=/usr/bin/other-name: EACCES"));
  EXPECT_THAT(output, testing::HasSubstr("map=/usr/bin/other-name: EPERM"));  // as the loader would
  EXPECT_THAT(output, testing::HasSubstr("write=/usr/bin/other-name: EROFS"));
  EXPECT_TRUE(in_force("interpreters-noexec"));
  asked.service.exceptions = {ServiceException::interpreters};
  output_of(asked);
  EXPECT_FALSE(in_force("interpreters-noexec"));
}

TEST_F(ServiceWaysTest, M15_InterpretersThatAskAreToldWhatTheyMayRun) {
  constexpr unsigned long asked_bits = 0xF00;  // both, and both locked
  const auto output = output_of({"secure-bits"});
  if (!in_force("script-checks")) GTEST_SKIP() << "this kernel has no SECBIT_EXEC_RESTRICT_FILE";
  const auto found = std::stoul(output.substr(output.find(": ") + 2));
  EXPECT_EQ(found & asked_bits, asked_bits);
}

TEST_F(ServiceWaysTest, M29_TheKernelsOwnPartsAreOutOfReach) {
  expect_closed({"service-kernel"});
}

TEST_F(ServiceWaysTest, M30_NoProcessIsTracedOrWrittenTo) {
  expect_closed_unless(ServiceException::ptrace, {"service-trace", "service-write-process"});
}

TEST_F(ServiceWaysTest, M31_NoFileIsOpenedPastItsName) {
  expect_closed({"service-file-handle"});
}

TEST_F(ServiceWaysTest, M31_NoRingOfCallsIsMade) {
  expect_closed_unless(ServiceException::io_uring, {"service-io-uring"});
}

TEST_F(ServiceWaysTest, CallsOfOtherArchitecturesAreRefused) {
  expect_closed({"service-other-architecture"});
}

TEST_F(ServiceWaysTest, ADeclarationOpensNothingElse) {
  try_all({ServiceException::io_uring, ServiceException::ptrace});
  for (const auto& [way, end, detail] : attempts_) {
    const bool asked = way == "service-io-uring" || way == "service-trace" || way == "service-write-process";
    EXPECT_EQ(end == declared, asked) << way;
    EXPECT_NE(end, passed) << way << ": " << detail;
  }
}

class SystemCallsTest : public testing::Test {
 protected:
  // What came of it under the filter: 0 or an errno, or 250 when there was no filter.
  static int filtered(const confine::MemoryProtection& memory, const std::function<bool()>& call,
                      std::vector<ServiceException> exceptions = {}) {
    Service service{ServiceId::parse("s").value(), {"/s"}, 0, 0, {}, Network::own, {}, {}, {}, 5};
    service.exceptions = std::move(exceptions);
    return filtered_for(service, memory, call);
  }
  static int filtered_for(const Service& service, const confine::MemoryProtection& memory,
                          const std::function<bool()>& call) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      if (!confine::refuse_system_calls(service, memory).ok()) ::_exit(250);
      ::_exit(call() ? 0 : errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 251;
  }
  static constexpr confine::MemoryProtection all_there{Force::in_force, Force::in_force};
  static constexpr confine::MemoryProtection none_there{Force::not_available, Force::not_available};
};

// Linux 6.1, of Debian 12, has neither PR_SET_MDWE nor vm.memfd_noexec.
TEST_F(SystemCallsTest, M05_M10_OlderKernelsLeaveMoreToTheFilter) {
  const auto to_code = [] {
    void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return ::mprotect(memory, 4096, PROT_READ | PROT_EXEC) == 0;
  };
  EXPECT_EQ(filtered(none_there, to_code), EPERM);
  EXPECT_EQ(filtered(none_there, to_code, {ServiceException::jit}), 0);
  const auto memory_file = [] { return ::memfd_create("x", 0) >= 0; };
  EXPECT_EQ(filtered(all_there, memory_file, {ServiceException::memory_files}), 0);
  EXPECT_EQ(filtered(none_there, memory_file, {ServiceException::memory_files}), ENOSYS);
}

TEST_F(SystemCallsTest, M31_OnlyAskingWhetherAFileMayBeExecutedNeedsNoName) {
  const auto execute = [](const char* path, unsigned flags) {
    return [=] {
      char name[] = "true";
      char* const words[] = {name, nullptr};
      char* const environment[] = {nullptr};
      const int file = ::open(path, O_PATH | O_CLOEXEC);
      return ::syscall(SYS_execveat, file, "", words, environment, flags) == 0;
    };
  };
  constexpr unsigned check = 0x10000;
  EXPECT_EQ(filtered(all_there, execute("/bin/true", AT_EMPTY_PATH)), EPERM);
  const int asked = filtered(all_there, execute("/bin/true", AT_EMPTY_PATH | check));
  if (asked == EINVAL) GTEST_SKIP() << "this kernel has no AT_EXECVE_CHECK";
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(filtered(all_there, execute("/etc/passwd", AT_EMPTY_PATH | check)), EACCES);
}

// As root with all capabilities: here nothing but the filter says no.
TEST_F(SystemCallsTest, M02_M03_M29_M31_RootIsRefusedAsWell) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  using namespace confine;
  for (const auto& [what, call] :
       {std::pair{"handles", &open_by_handle}, std::pair{"mounts", &make_mount},
        std::pair{"kernel", &reach_into_kernel}, std::pair{"namespaces", &make_namespace},
        std::pair{"rings", &make_ring}, std::pair{"other architectures", &call_as_another_architecture}}) {
    const int came = filtered(all_there, [call = call] { return (errno = call()) == 0; });
    EXPECT_TRUE(came == EPERM || came == ENOSYS) << what << ": " << came;
  }
}

TEST_F(SystemCallsTest, WhatADeclaredCapabilityIsForStaysPossible) {
  Service service{ServiceId::parse("s").value(), {"/s"}, 0, 0, {"cap_bpf"}, Network::own, {}, {}, {}, 5};
  const auto came = [&](long call) {
    return filtered_for(service, all_there, [=] { return ::syscall(call, -1, nullptr, 0) >= 0; });
  };
  EXPECT_NE(came(SYS_bpf), EPERM);
  EXPECT_EQ(came(SYS_perf_event_open), EPERM);
  service.capabilities = {"cap_perfmon"};
  EXPECT_EQ(came(SYS_bpf), EPERM);
  EXPECT_NE(came(SYS_perf_event_open), EPERM);
}

// The kernel's calls that are younger than the library.
std::vector<long> calls_that_are_too_new() {
  std::vector<long> calls;
  for (int number = 400; number < 500; ++number) {
    const std::unique_ptr<char, void (*)(void*)> known(
        ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number), std::free);
    if (!known && (::syscall(number, -1, nullptr, nullptr, nullptr, -1, -1) >= 0 || errno != ENOSYS))
      calls.push_back(number);
  }
  return calls;
}

TEST_F(SystemCallsTest, ACallThatTheFilterDoesNotKnowIsNone) {
  const auto calls = calls_that_are_too_new();
  if (calls.empty()) GTEST_SKIP() << "the library knows all calls of this kernel";
  for (const long call : calls) {
    const auto attempt = [=] { return ::syscall(call, -1, nullptr, nullptr, nullptr, -1, -1) >= 0; };
    EXPECT_EQ(filtered(all_there, attempt), ENOSYS) << call;
  }
  EXPECT_EQ(filtered(all_there, [] { return ::syscall(SYS_getpid) > 0; }), 0);
}

// They are of no network namespace.
TEST_F(SystemCallsTest, SocketsOfVirtualMachinesAreForTheHostsNetworkAlone) {
  const auto open = [](int family) {
    return [=] { return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0; };
  };
  Service service{ServiceId::parse("s").value(), {"/s"}, 0, 0, {}, Network::own, {}, {}, {}, 5};
  EXPECT_EQ(filtered_for(service, all_there, open(AF_VSOCK)), EAFNOSUPPORT);
  EXPECT_EQ(filtered_for(service, all_there, open(AF_UNIX)), 0);
  const int host = ::socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (host < 0) GTEST_SKIP() << "this kernel has no sockets of virtual machines";
  ::close(host);
  service.network = Network::host;
  EXPECT_EQ(filtered_for(service, all_there, open(AF_VSOCK)), 0);
}

TEST_F(SystemCallsTest, AskingForThePersonalityIsAllowed) {
  const auto set = [](unsigned long to) { return [=] { return ::syscall(SYS_personality, to) >= 0; }; };
  EXPECT_EQ(filtered(all_there, set(0xffffffff)), 0);
  EXPECT_EQ(filtered(all_there, set(0)), 0);
  for (const unsigned long to : {0x0400000UL, 0x8400000UL, 0x80400000UL, 0xfffffffeUL}) {
    EXPECT_EQ(filtered(all_there, set(to)), EPERM) << to;
  }
}

}  // namespace
}  // namespace sallyport
