// SPDX-License-Identifier: Apache-2.0
// A confined service under a gate that runs: what it wrote into its temporary folders is no code for it, whoever reads
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/confine/namespaces.h"
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
