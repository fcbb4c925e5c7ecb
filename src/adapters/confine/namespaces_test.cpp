// SPDX-License-Identifier: Apache-2.0
// What a confined service can and cannot do, asked from inside by tests/probe.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/confine/confined_for_test.h"
#include "adapters/confine/log_file.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::Not;
TEST_F(ConfinedServiceTest, CannotWriteIntoTheGeneration) {
  const auto output = output_of({"write=/usr/bin/other", "write=/usr/new", "write=/readme", "write=/new"});
  EXPECT_THAT(output, HasSubstr("write=/usr/bin/other: EROFS"));
  EXPECT_THAT(output, HasSubstr("write=/usr/new: EROFS"));
  EXPECT_THAT(output, HasSubstr("write=/readme: EROFS"));
  EXPECT_THAT(output, HasSubstr("write=/new: EROFS"));
}

TEST_F(ConfinedServiceTest, CannotExecuteWhatItWrote) {
  for (const std::string folder : {"/var/state", "/tmp", "/run", "/dev/shm"}) {
    const auto output = output_of({"copy=" + folder + "/x", "exec=" + folder + "/x"});
    EXPECT_THAT(output, HasSubstr("copy=" + folder + "/x: done"));
    EXPECT_THAT(output, HasSubstr("exec=" + folder + "/x: EACCES"));
  }
}

TEST_F(ConfinedServiceTest, CannotMapWhatItWroteAsCode) {
  const auto output = output_of({"copy=/var/state/x", "map=/var/state/x", "map=/usr/bin/probe"});
  EXPECT_THAT(output, HasSubstr("map=/var/state/x: EPERM"));
  EXPECT_THAT(output, HasSubstr("map=/usr/bin/probe: done"));
}

TEST_F(ConfinedServiceTest, IsInItsControlGroupOrDoesNotStart) {
  auto grouped = confinement({"read=/proc/self/cgroup"});
  grouped.group = "sallyport-test-" + std::to_string(::getpid()) + "/svc";
  grouped.group_need = GroupNeed::required;
  const auto number = NamespaceGate().group(grouped.group);
  if (!number.ok()) GTEST_SKIP() << "this host has no control groups of version 2";
  EXPECT_THAT(output_of(grouped), HasSubstr("0::/" + grouped.group));
  EXPECT_TRUE(in_force("service-group"));
  EXPECT_EQ(NamespaceGate().group(grouped.group).value(), number.value());
  for (const std::string base : {"/sys/fs/cgroup/unified/", "/sys/fs/cgroup/"}) {
    ::rmdir((base + grouped.group).c_str());
    ::rmdir((base + grouped.group.substr(0, grouped.group.find('/'))).c_str());
  }
  grouped.group = "cgroup.procs/svc";  // below a file
  const auto refused = NamespaceGate().start(grouped);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::not_supported);
  grouped.group_need = GroupNeed::wanted;
  output_of(grouped);
  EXPECT_FALSE(in_force("service-group"));
}

TEST_F(ConfinedServiceTest, ExecutesTheGeneration) {
  const auto output = output_of({"exec=/usr/bin/probe", "exec=/bin/probe", "read=/readme"});
  EXPECT_THAT(output, HasSubstr("exec=/usr/bin/probe: done"));
  EXPECT_THAT(output, HasSubstr("exec=/bin/probe: done"));
  EXPECT_THAT(output, HasSubstr("of the release"));
}

TEST_F(ConfinedServiceTest, ReachesNoProgramOfTheHost) {
  const auto output = output_of(
      {"exec=/bin/sh", "exec=/usr/bin/env", "list=/", "list=/home", "list=/tmp", "exec=/proc/1/root/bin/sh"});
  EXPECT_THAT(output, HasSubstr("exec=/bin/sh: ENOENT"));
  EXPECT_THAT(output, HasSubstr("exec=/usr/bin/env: ENOENT"));
  EXPECT_THAT(output, HasSubstr("list=/home: ENOENT"));
  EXPECT_THAT(output, HasSubstr("list=/tmp: \n"));
  EXPECT_THAT(output, Not(HasSubstr("exec=/proc/1/root/bin/sh: done")));
}

TEST_F(ConfinedServiceTest, CannotTurnWritableMemoryIntoCode) {
  const auto output = output_of({"w-to-x"});
  if (!in_force("memory-deny-write-execute")) GTEST_SKIP() << "this kernel has no PR_SET_MDWE";
  EXPECT_THAT(output, HasSubstr("w-to-x: EACCES"));
}

TEST_F(ConfinedServiceTest, CannotExecuteAMemoryFile) {
  const auto output = output_of({"memfd"});
  if (!in_force("memfd-noexec")) GTEST_SKIP() << "this kernel has no vm.memfd_noexec";
  EXPECT_THAT(output, Not(HasSubstr("memfd: done")));
}

TEST_F(ConfinedServiceTest, CannotExecuteFromAMountOfItsOwn) {
  EXPECT_THAT(output_of({"own-mount"}), HasSubstr("own-mount: no namespace"));
  auto asked = confinement({"own-mount"});
  asked.service.exceptions = {ServiceException::namespaces};
  EXPECT_THAT(output_of(asked), HasSubstr("own-mount: EPERM"));
}

TEST_F(ConfinedServiceTest, MakesThreadsAndProcessesAsEver) {
  const auto output = output_of({"thread", "leave-child"});
  EXPECT_THAT(output, HasSubstr("thread: done"));
  EXPECT_THAT(output, HasSubstr("leave-child: done"));
  EXPECT_TRUE(in_force("system-calls"));
}

TEST_F(ConfinedServiceTest, HasNoCapabilityThatItDoesNotDeclare) {
  const auto output = output_of({"status"});
  EXPECT_THAT(output, HasSubstr("Uid:\t41234\t41234\t41234\t41234"));
  EXPECT_THAT(output, HasSubstr("Groups:\t "));
  for (const std::string set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
    EXPECT_THAT(output, HasSubstr(set + ":\t0000000000000000"));
  }
  EXPECT_THAT(output, HasSubstr("NoNewPrivs:\t1"));
}

TEST_F(ConfinedServiceTest, HasExactlyTheCapabilitiesThatItDeclares) {
  auto asked = confinement({"status", "udp=80"});
  asked.service.capabilities = {"cap_net_admin", "cap_net_bind_service"};
  const auto output = output_of(asked);
  for (const std::string set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
    EXPECT_THAT(output, HasSubstr(set + ":\t0000000000001400"));
  }
  EXPECT_THAT(output, HasSubstr("udp=80: done"));
}

TEST_F(ConfinedServiceTest, AsUserZeroHasNoCapabilityEither) {
  auto asked = confinement({"status", "write=/usr/new", "own-mount"});
  asked.service.uid = 0;
  asked.service.gid = 0;
  const auto output = output_of(asked);
  EXPECT_THAT(output, HasSubstr("Uid:\t0\t0\t0\t0"));
  for (const std::string set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
    EXPECT_THAT(output, HasSubstr(set + ":\t0000000000000000"));
  }
  EXPECT_THAT(output, HasSubstr("write=/usr/new: EROFS"));
  EXPECT_THAT(output, Not(HasSubstr("own-mount: done")));
}

TEST_F(ConfinedServiceTest, ACapabilityThatTheKernelDoesNotKnowIsAFault) {
  auto asked = confinement({"stay"});
  asked.service.capabilities = {"cap_fly"};
  const auto service = NamespaceGate().start(asked);
  ASSERT_FALSE(service.ok());
  EXPECT_EQ(service.error().code, Code::not_supported);
}

TEST_F(ConfinedServiceTest, SeesItsOwnNetworkOnly) {
  const auto output = output_of({"list=/proc/sys/net/ipv4/conf", "udp=2123"});
  std::istringstream words(output.substr(0, output.find('\n')));
  std::vector<std::string> interfaces;
  for (std::string word; words >> word;) interfaces.push_back(word);
  EXPECT_THAT(interfaces,
              testing::UnorderedElementsAre("list=/proc/sys/net/ipv4/conf:", "all", "default", "lo"));
  EXPECT_THAT(output, HasSubstr("udp=2123: done"));
}

TEST_F(ConfinedServiceTest, SeesItsOwnProcessesOnly) {
  const auto output = output_of({"list=/proc"});
  std::vector<int> processes;
  std::istringstream words(output);
  for (std::string word; words >> word;) {
    if (word.find_first_not_of("0123456789") == std::string::npos) processes.push_back(std::stoi(word));
  }
  EXPECT_THAT(processes, testing::UnorderedElementsAre(1, 2));
}

TEST_F(ConfinedServiceTest, GetsNothingOfTheCallersSurroundings) {
  ASSERT_EQ(::setenv("LD_PRELOAD", "/tmp/evil.so", 1), 0);
  const int leaked = ::open("/etc/passwd", O_RDONLY);
  const auto output = output_of({"environment", "list=/proc/self/fd", "umask"});
  ::close(leaked);
  ASSERT_EQ(::unsetenv("LD_PRELOAD"), 0);
  EXPECT_THAT(output, HasSubstr("environment: PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \n"));
  EXPECT_THAT(output, HasSubstr("list=/proc/self/fd: 0 1 2 3 \n"));  // 3 is the listing's own
  EXPECT_THAT(output, HasSubstr("umask: 63\n"));                     // 077
}

TEST_F(ConfinedServiceTest, KeepsItsStateFromStartToStart) {
  EXPECT_THAT(output_of({"write=/var/state/kept"}), HasSubstr("kept: done"));
  EXPECT_THAT(output_of({"list=/var/state"}), HasSubstr("list=/var/state: kept"));
  EXPECT_TRUE(fs::exists(home_ / "data/var/state/kept"));
  EXPECT_FALSE(fs::exists(home_ / "tree/var/state/kept"));
}

TEST_F(ConfinedServiceTest, ALinkInTheDataFolderLeadsNowhere) {
  fs::create_directories(home_ / "data");
  fs::create_directory_symlink("/etc", home_ / "data/var");
  EXPECT_FALSE(NamespaceGate().start(confinement({"stay"})).ok());
}

TEST_F(ConfinedServiceTest, AStateFolderThatTheReleaseLacksIsAFault) {
  auto asked = confinement({"stay"});
  asked.service.state_folders = {RelativePath::parse("var/other").value()};
  const auto service = NamespaceGate().start(asked);
  ASSERT_FALSE(service.ok());
  EXPECT_EQ(service.error().code, Code::service_start_failed);
  EXPECT_EQ(service.error().where, "state folder var/other");
}

TEST_F(ConfinedServiceTest, AStateFolderBelowRunNeedsNoPlaceInTheRelease) {
  auto asked = confinement({"write=/run/a/probe/pid"});
  asked.service.state_folders = {RelativePath::parse("run/a/probe").value()};
  const auto before = ::umask(0777);
  EXPECT_THAT(output_of(asked), HasSubstr("write=/run/a/probe/pid: done"));
  ::umask(before);
  EXPECT_TRUE(fs::exists(home_ / "data/run/a/probe/pid"));
}

TEST_F(ConfinedServiceTest, ReadsTheOperatorsConfigurationAndCanNeitherChangeNorExecuteIt) {
  fs::create_directories(home_ / "config/var");
  fs::copy_file(SALLYPORT_PROBE, home_ / "config/readme");
  fs::permissions(home_ / "config/readme", fs::perms::all);
  auto asked = confinement({"exec=/readme", "write=/readme", "map=/readme"});
  asked.config_folder = home_ / "config";
  asked.config = {RelativePath::parse("readme").value()};
  auto output = output_of(asked);
  EXPECT_THAT(output, HasSubstr("exec=/readme: EACCES"));
  EXPECT_THAT(output, HasSubstr("write=/readme: EROFS"));
  EXPECT_THAT(output, HasSubstr("map=/readme: EPERM"));
  std::ofstream(home_ / "config/readme", std::ios::trunc) << "of the operator\n";
  asked.service.argv = {"/usr/bin/probe", "read=/readme"};
  EXPECT_THAT(output_of(asked), HasSubstr("of the operator"));
  EXPECT_EQ(text_of(home_ / "tree/readme"), "of the release\n");
}

TEST_F(ConfinedServiceTest, AConfigurationThatIsNoFileIsAFault) {
  auto asked = confinement({"stay"});
  asked.config_folder = home_ / "config";
  asked.config = {RelativePath::parse("readme").value()};
  const auto refusal = [&] {
    const auto service = NamespaceGate().start(asked);
    EXPECT_FALSE(service.ok());
    return service.ok() ? std::string("started") : service.error().where;
  };
  EXPECT_EQ(refusal(), "configuration " + (home_ / "config").string());
  fs::create_directories(home_ / "config/readme");
  EXPECT_EQ(refusal(), "configuration readme");
  fs::remove(home_ / "config/readme");
  fs::create_symlink("/etc/hostname", home_ / "config/readme");
  EXPECT_EQ(refusal(), "configuration readme");
  fs::remove(home_ / "config/readme");
  ASSERT_EQ(::mkfifo((home_ / "config/readme").c_str(), 0644), 0);
  EXPECT_EQ(refusal(), "configuration readme");
}

TEST_F(ConfinedServiceTest, SettingsOfTheKernelReachItsOwnNamespacesAlone) {
  const auto before = text_of("/proc/sys/net/ipv4/ip_forward") + text_of("/proc/sys/kernel/shmmni");
  auto asked = confinement({"read=/proc/sys/net/ipv4/ip_local_port_range", "read=/proc/sys/kernel/shmmni",
                            "write=/proc/sys/net/ipv4/ip_forward"});
  asked.service.sysctls = {{"kernel.shmmni", "77"}, {"net.ipv4.ip_local_port_range", "40000 40100"}};
  const auto output = output_of(asked);
  EXPECT_THAT(output, HasSubstr("40000\t40100"));
  EXPECT_THAT(output, HasSubstr("77\n"));
  EXPECT_THAT(output, Not(HasSubstr("ip_forward: done")));  // what is set stays set
  EXPECT_TRUE(in_force("sysctls"));
  EXPECT_EQ(text_of("/proc/sys/net/ipv4/ip_forward") + text_of("/proc/sys/kernel/shmmni"), before);
  EXPECT_THAT(text_of("/proc/sys/net/ipv4/ip_local_port_range"), Not(HasSubstr("40000\t40100")));
}

TEST_F(ConfinedServiceTest, SettingsThatDoNotTakeOrReachTheHostAreAFault) {
  auto asked = confinement({"stay"});
  const auto refusal = [&](std::vector<Sysctl> sysctls) {
    asked.service.sysctls = std::move(sysctls);
    const auto service = NamespaceGate().start(asked);
    return service.ok() ? std::string("started") : std::string(name(service.error().code));
  };
  EXPECT_EQ(refusal({{"net.ipv4.no_such_thing", "1"}}), "not-supported");
  EXPECT_EQ(refusal({{"net.ipv4.ip_forward", "maybe"}}), "not-supported");
  EXPECT_EQ(refusal({{"vm.swappiness", "1"}}), "tree-malformed");
  EXPECT_EQ(refusal({{"net.core.../../kernel/panic", "1"}}), "tree-malformed");
  asked.service.network = Network::host;
  EXPECT_EQ(refusal({{"net.ipv4.ip_local_port_range", "40000 40100"}}), "tree-inconsistent");
  EXPECT_THAT(text_of("/proc/sys/net/ipv4/ip_local_port_range"), Not(HasSubstr("40000\t40100")));
}

TEST_F(ConfinedServiceTest, AProgramThatIsNotThereIsAFault) {
  auto asked = confinement({});
  asked.service.argv[0] = "/usr/bin/other";
  const auto service = NamespaceGate().start(asked);
  ASSERT_FALSE(service.ok());
  EXPECT_EQ(service.error().code, Code::service_start_failed);
  EXPECT_EQ(service.error().where, "/usr/bin/other");
}

TEST_F(ConfinedServiceTest, RunsOnce) {
  auto first = NamespaceGate().start(confinement({"stay"}));
  ASSERT_TRUE(first.ok());
  const auto second = NamespaceGate().start(confinement({"stay"}));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::service_running);
}

TEST_F(ConfinedServiceTest, L02_AChildThatWouldOutliveItEndsWithIt) {
  auto service =
      NamespaceGate().start(confinement({"leave-child", "ignore-term", "write=/var/state/ready", "stay"}));
  ASSERT_TRUE(service.ok());
  await_ready();
  const auto pid = service.value()->process().pid;
  const auto children =
      text_of("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  const auto program = std::stoi(children);
  const auto child = std::stoi(
      text_of("/proc/" + std::to_string(program) + "/task/" + std::to_string(program) + "/children"));
  ASSERT_EQ(::kill(child, 0), 0);
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  const auto ended = service.value()->wait();
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ended.value().how, ServiceEnd::killed);
  EXPECT_NE(::kill(child, 0), 0);
}

TEST_F(ConfinedServiceTest, HandsTermOn) {
  auto service = NamespaceGate().start(confinement({"write=/var/state/ready", "stay"}));
  ASSERT_TRUE(service.ok());
  await_ready();
  std::thread sender([self = ::getpid()] { ::kill(self, SIGTERM); });
  sender.join();
  const auto ended = service.value()->wait();
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ended.value().how, ServiceEnd::killed);
  EXPECT_EQ(ended.value().number, SIGTERM);
}

TEST_F(ConfinedServiceTest, TellsThatItCrashedAndLeavesNoCore) {
  auto service = NamespaceGate().start(confinement({"crash"}));
  ASSERT_TRUE(service.ok());
  const auto ended = service.value()->wait();
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ended.value().how, ServiceEnd::killed);
  EXPECT_EQ(ended.value().number, SIGABRT);
}

TEST_F(ConfinedServiceTest, LeavesTheHostsMountsAlone) {
  const auto before = text_of("/proc/self/mountinfo");
  output_of({"status"});
  EXPECT_EQ(text_of("/proc/self/mountinfo"), before);
}

TEST_F(ConfinedServiceTest, TheLogHasAnEnd) {
  fs::remove(home_ / "log");
  auto log = confine::LogFile::open(home_ / "log", 1000);
  ASSERT_TRUE(log.ok());
  const std::string line(99, 'x');
  for (int i = 0; i < 100; ++i) log.value().write(line);
  EXPECT_LE(fs::file_size(home_ / "log"), 1000U);
  EXPECT_LE(fs::file_size(home_ / "log.1"), 1000U);
  EXPECT_EQ(fs::status(home_ / "log").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ConfinedServiceTest, LongOutputArrivesWhole) {
  const auto output = output_of({"flood=8000"});
  EXPECT_EQ(std::count(output.begin(), output.end(), '\n'), 8001);
}

}  // namespace
}  // namespace sallyport
