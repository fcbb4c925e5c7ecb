// SPDX-License-Identifier: Apache-2.0
// A confined service under a gate that runs: what it wrote into its temporary folders is no code for it, whoever reads
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/confine/namespaces.h"
#include "adapters/confine/watch.h"
#include "roles/node/gate_world_for_test.h"

namespace sallyport::node {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class GateServiceTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    begin();
    fs::permissions(folder, fs::perms::others_exec, fs::perm_options::add);
    fs::create_directories(at("tree/usr/bin"));
    fs::copy_file(SALLYPORT_PROBE, at("tree/usr/bin/probe"));
    publish({read_text(SALLYPORT_PROBE)});
  }
  void TearDown() override {
    if (!folder.empty()) end();
  }

  Confinement confinement(std::vector<std::string> attempts) {
    attempts.insert(attempts.begin(), "/usr/bin/probe");
    const Service service{
        ServiceId::parse("probe").value(), std::move(attempts), 4123, 4123, {}, Network::own, {}, {}, {}, 5};
    Confinement made{at("tree"), at("data"), at("log"), at("lock"), service};
    made.group = group;
    made.group_need = GroupNeed::required;
    made.custodian = custodian;
    return made;
  }

  std::string output_of(const Confinement& confinement) {
    const auto service = NamespaceGate().start(confinement);
    EXPECT_TRUE(service.ok()) << service.error().where << ": " << service.error().found;
    if (!service.ok()) return {};
    watched = false;
    for (const auto& coverage : service.value()->coverage())
      watched = watched || (coverage.facility == "temporary-watched" && coverage.force == Force::in_force);
    EXPECT_TRUE(service.value()->wait().ok());
    return read_text(at("log"));
  }

  bool watched = false;
};

TEST_F(GateServiceTest, M07_M15_NoScriptIsReadFromTheTemporaryFoldersOfAService) {
  start_gate();
  for (const std::string place : {"/tmp/x", "/run/x", "/dev/shm/x"}) {
    const auto output = output_of(confinement(
        {"script=" + place, "open=" + place, "write=" + place + "data", "open=" + place + "data"}));
    EXPECT_THAT(output, HasSubstr("script=" + place + ": done")) << output;
    EXPECT_THAT(output, HasSubstr("open=" + place + ": EPERM")) << output;
    EXPECT_THAT(output, HasSubstr("open=" + place + "data: done")) << output;
    EXPECT_TRUE(watched);
  }
  const auto record = board->take();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->line.verdict, (GateVerdict{GateAnswer::deny, GateReason::code_in_data}));
}

// What was started without a gate has nobody who marked its temporary folders: the gate that comes later does.
TEST_F(GateServiceTest, M07_M28_TheTemporaryFoldersOfAServiceFromBeforeTheGateAreWatched) {
  const std::vector<std::string> places = {"/tmp/x", "/run/x", "/dev/shm/x"};
  std::vector<std::string> attempts;
  for (const auto& place : places) attempts.push_back("script=" + place);
  attempts.emplace_back("await=/tmp/go");
  for (const auto& place : places) attempts.push_back("open=" + place);
  const auto asked = confinement(std::move(attempts));
  const auto service = NamespaceGate().start(asked).value();
  const auto root = "/proc/" + std::to_string(service->process().pid) + "/root";
  ASSERT_TRUE(soon([&] { return fs::exists(root + places.back()); }));
  start_gate();
  ASSERT_TRUE(confine::watch_running(group, custodian).ok());
  std::ofstream(root + "/tmp/go") << "go";
  ASSERT_TRUE(service->wait().ok());
  const auto output = read_text(at("log"));
  for (const auto& place : places) EXPECT_THAT(output, HasSubstr("open=" + place + ": EPERM"));
}

// The parent of a service is in its group, and has the machine's root: none of that is to be watched.
TEST_F(GateServiceTest, WhoHasTheMachinesRootBringsNothingUnderTheWatch) {
  start_gate();
  const auto marks = [&] {
    std::size_t count = 0;
    for (const auto& file : fs::directory_iterator("/proc/" + std::to_string(custodian) + "/fdinfo")) {
      const auto text = read_text(file.path());
      for (auto at = text.find("fanotify sdev:"); at != std::string::npos;
           at = text.find("fanotify sdev:", at + 1)) {
        ++count;
      }
    }
    return count;
  };
  const auto before = marks();
  ASSERT_GT(before, 0U);
  const pid_t child = ::fork();
  if (child == 0) {
    limit_life();
    confine::join_group(group);
    for (;;) ::pause();
  }
  ASSERT_TRUE(soon([&] { return confine::is_in_group(child, group); }));
  EXPECT_TRUE(confine::watch_running(group, custodian).ok());
  EXPECT_EQ(marks(), before);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

// By its number it would be another one, and whoever is in it no service's.
TEST_F(GateServiceTest, M09_NoGroupIsMadeBelowAServices) {
  confine::group_number(group).value();
  for (const char* base : {"/sys/fs/cgroup/unified/", "/sys/fs/cgroup/"}) {
    if (::access((base + group).c_str(), F_OK) != 0) continue;
    EXPECT_NE(::mkdir((base + group + "/below").c_str(), 0755), 0) << base;
    ::rmdir((base + group + "/below").c_str());
  }
}

TEST_F(GateServiceTest, WithoutAGateItIsReadAndTheCoverageSaysSo) {
  const auto output = output_of(confinement({"script=/tmp/x", "open=/tmp/x"}));
  EXPECT_THAT(output, HasSubstr("open=/tmp/x: done"));
  EXPECT_FALSE(watched);
}

TEST_F(GateServiceTest, IsNotStartedWhenTheGateThatIsToWatchItIsGone) {
  auto asked = confinement({"stay"});
  asked.custodian = ::getpid();  // holds no watch
  const auto refused = NamespaceGate().start(asked);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::gate_stalled);
}

}  // namespace
}  // namespace sallyport::node
