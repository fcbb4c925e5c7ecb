// SPDX-License-Identifier: Apache-2.0
#include "roles/node/host_keeper.h"

#include <gtest/gtest.h>

#include "adapters/exec_events/host_memory.h"
#include "core/crypto/file_digest.h"
#include "core/gate/decide.h"
#include "roles/node/baseline.h"
#include "roles/node/baselines_for_test.h"

namespace sallyport::node {
namespace {

HostProgram program(const std::string& path, const std::string& content) {
  return {path, content.size(), file_digest(as_bytes(content))};
}

// A node whose policy wants the whole host guarded.
class HostKeeperTest : public testing::Test {
 protected:
  HostKeeperTest() {
    host.programs = {program("/sbin/init", "init"), program("/usr/sbin/sshd", "sshd")};
    host.files = {{"/bin/sh", program("/bin/sh", "sh")}};
  }
  void begin(const testkit::GatePart& gate) {
    auto parts = officers_parts(1);
    parts.pools[0].gate = gate;
    world.init(testkit::print_policy(parts)).value();
  }
  void take(std::uint64_t number, const std::map<std::string, std::string>& files) {
    take_baseline(world.ports(), signed_baseline(baseline_of(number, files), {"alice-1", "bob-1"})).value();
  }
  GateMode prepare() { return keeper.prepare(gate_set(disk).value(), world.now); }
  GateMode look() {
    const auto mode = prepare();
    keeper.act();
    return mode;
  }
  std::string alarm() { return keeper.guard()->alarm; }

  MemoryDisk disk;
  World world{disk};
  MemoryHost host;
  HostKeeper keeper{host, disk};
  const testkit::GatePart enforce{"enforce", {}, {}, "host", {}};
  const testkit::GatePart host_observed{"enforce", {}, {}, "host", "2026-12-31T23:59:59Z"};
  const std::map<std::string, std::string> whole{
      {"/bin/sh", "sh"}, {"/sbin/init", "init"}, {"/usr/sbin/sshd", "sshd"}};
};

TEST_F(HostKeeperTest, WhereNobodyWantsItNothingIsAsked) {
  begin({"enforce", {}, {}});
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_FALSE(keeper.guard());
  EXPECT_FALSE(host.watched);
  EXPECT_FALSE(keeper.alarm_to_tell(world.now));
  EXPECT_EQ(host.looked_at_processes, 0);
}

TEST_F(HostKeeperTest, M27_WithoutABaselineTheHostIsLeftAloneAndThatIsAnAlarm) {
  begin(enforce);
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_EQ(keeper.guard()->state, HostGuardState::off);
  EXPECT_FALSE(host.watched);
  EXPECT_EQ(alarm(), "baseline-missing");
  EXPECT_EQ(keeper.alarm_to_tell(world.now)->code, Code::baseline_missing);
  EXPECT_FALSE(keeper.alarm_to_tell(world.now));
}

TEST_F(HostKeeperTest, ABaselineThatHasAllThatRunsIsEnforced) {
  begin(enforce);
  take(1, whole);
  EXPECT_EQ(look(), GateMode::enforce);
  EXPECT_TRUE(host.watched);
  EXPECT_EQ(keeper.guard()->state, HostGuardState::enforce);
  EXPECT_EQ(keeper.guard()->baseline, 1U);
  EXPECT_EQ(keeper.guard()->files, 3U);
  EXPECT_EQ(alarm(), "");
}

// Nobody is locked out: what runs, and what is needed to get in, comes first.
TEST_F(HostKeeperTest, ABaselineThatLacksWhatRunsIsObservedAndSaysWhat) {
  begin(enforce);
  take(1, {{"/bin/sh", "sh"}, {"/sbin/init", "init"}});
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_TRUE(host.watched);
  EXPECT_EQ(keeper.guard()->state, HostGuardState::observe);
  EXPECT_EQ(keeper.alarm_to_tell(world.now)->code, Code::baseline_incomplete);
  EXPECT_EQ(keeper.guard()->found, "/usr/sbin/sshd");
}

TEST_F(HostKeeperTest, ABaselineThatLacksTheShellIsObserved) {
  begin(enforce);
  take(1, {{"/sbin/init", "init"}, {"/usr/sbin/sshd", "sshd"}});
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_EQ(keeper.guard()->found, "/bin/sh");
}

// M28: what runs by then is looked at once. Later nobody ends the enforcing by running something.
TEST_F(HostKeeperTest, WhatIsStartedLaterDoesNotEndTheEnforcing) {
  begin(enforce);
  take(1, whole);
  EXPECT_EQ(look(), GateMode::enforce);
  host.programs.push_back(program("/tmp/evil", "evil"));
  HostKeeper next(host, disk);
  EXPECT_EQ(next.prepare(gate_set(disk).value(), world.now), GateMode::enforce);
  // Nor does he under the next baseline: what runs is an alarm, and looked for again.
  take(2, whole);
  EXPECT_EQ(next.prepare(gate_set(disk).value(), world.now), GateMode::enforce);
  EXPECT_EQ(next.guard()->state, HostGuardState::enforce);
  EXPECT_EQ(next.guard()->alarm, "baseline-incomplete");
  EXPECT_EQ(next.guard()->found, "/tmp/evil");
  EXPECT_TRUE(next.is_due(world.now.plus(60)));
}

// Only the officers can do that: everybody would be locked out.
TEST_F(HostKeeperTest, TheNextBaselineWithoutTheShellIsObserved) {
  begin(enforce);
  take(1, whole);
  EXPECT_EQ(look(), GateMode::enforce);
  take(2, {{"/sbin/init", "init"}, {"/usr/sbin/sshd", "sshd"}});
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_EQ(keeper.guard()->found, "/bin/sh");
}

TEST_F(HostKeeperTest, AProgramThatCannotBeMeasuredIsNotCovered) {
  begin(enforce);
  take(1, whole);
  host.programs.push_back({"/home/user/fuse/prog (Permission denied)", 0, std::nullopt});
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_EQ(keeper.guard()->alarm, "baseline-incomplete");
  EXPECT_EQ(keeper.guard()->found, "/home/user/fuse/prog (Permission denied)");
}

// The node's terms wait for nothing that is about the host: a fault leaves its mode as it was.
TEST_F(HostKeeperTest, AFaultAboutTheHostIsAnAlarmAndChangesNothing) {
  begin(enforce);
  take(1, whole);
  host.running_error = Error(Code::io_failed, "/proc", {}, "made up");
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_EQ(alarm(), "io-failed");
  EXPECT_TRUE(keeper.is_due(world.now.plus(60)));
  host.running_error.reset();
  EXPECT_EQ(look(), GateMode::enforce);
  host.running_error = Error(Code::io_failed, "/proc", {}, "made up");
  take(2, whole);
  EXPECT_EQ(look(), GateMode::enforce);
  EXPECT_EQ(alarm(), "io-failed");
}

TEST_F(HostKeeperTest, M34_WhereContentsAreNotTheKernelsEverythingIsDeniedOnceEnforced) {
  begin(enforce);
  take(1, {{"/bin/sh", "sh"}});
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_EQ(host.foreign, ForeignFiles::leave);
  take(2, whole);
  EXPECT_EQ(look(), GateMode::enforce);
  EXPECT_EQ(host.foreign, ForeignFiles::deny);
}

TEST_F(HostKeeperTest, WhatWasMissingIsLookedForAgain) {
  begin(enforce);
  take(1, {{"/bin/sh", "sh"}, {"/sbin/init", "init"}});
  look();
  EXPECT_FALSE(keeper.is_due(world.now.plus(59)));
  EXPECT_TRUE(keeper.is_due(world.now.plus(60)));
  host.programs.pop_back();  // it was ended
  EXPECT_EQ(look(), GateMode::enforce);
  EXPECT_EQ(alarm(), "");
  EXPECT_FALSE(keeper.is_due(world.now.plus(600)));
}

TEST_F(HostKeeperTest, TheHostMayBeObservedWhileTheNodeIsEnforced) {
  begin(host_observed);
  take(1, {{"/bin/sh", "sh"}});
  EXPECT_EQ(look(), GateMode::observe);
  EXPECT_EQ(keeper.guard()->state, HostGuardState::observe);
  EXPECT_EQ(alarm(), "");
  EXPECT_EQ(host.looked_at_processes, 0);
  EXPECT_EQ(gate_set(disk).value().orders.mode, GateMode::enforce);
}

TEST_F(HostKeeperTest, M03_AFileSystemThatCannotBeWatchedIsAnAlarmAsLongAsItIsThere) {
  begin(enforce);
  take(1, whole);
  host.coverage.unwatched = {"fuse on /mnt: Permission denied"};
  look();
  EXPECT_EQ(alarm(), "gate-unwatched");
  EXPECT_EQ(keeper.alarm_to_tell(world.now)->code, Code::gate_unwatched);
  EXPECT_EQ(keeper.guard()->unwatched.size(), 1U);
  host.coverage.unwatched.clear();
  host.mounted = true;
  keeper.act();
  EXPECT_EQ(alarm(), "");
  EXPECT_TRUE(keeper.guard()->unwatched.empty());
  EXPECT_FALSE(keeper.alarm_to_tell(world.now));
}

// New terms, with nothing mounted since.
TEST_F(HostKeeperTest, M03_NewTermsDoNotEndTheAlarmOfAFileSystemThatCannotBeWatched) {
  begin(enforce);
  take(1, whole);
  host.coverage.unwatched = {"fuse on /mnt: Permission denied"};
  look();
  EXPECT_TRUE(keeper.alarm_to_tell(world.now));
  take(2, whole);
  look();
  EXPECT_EQ(alarm(), "gate-unwatched");
  EXPECT_FALSE(keeper.alarm_to_tell(world.now));
}

// Whoever mounts and unmounts makes no event of each.
TEST_F(HostKeeperTest, TheSameAlarmIsToldOnceAMinute) {
  begin(enforce);
  take(1, whole);
  host.coverage.unwatched = std::vector<std::string>(40, std::string(4000, 'a'));
  look();
  EXPECT_LT(keeper.alarm_to_tell(world.now)->found.size(), 4000U);
  host.coverage.unwatched.pop_back();
  host.mounted = true;
  keeper.act();
  EXPECT_FALSE(keeper.alarm_to_tell(world.now.plus(59)));
  EXPECT_TRUE(keeper.alarm_to_tell(world.now.plus(60)));
  EXPECT_FALSE(keeper.alarm_to_tell(world.now.plus(600)));
  const auto unwatched = host.coverage.unwatched;
  host.coverage.unwatched.clear();
  host.mounted = true;
  keeper.act();
  EXPECT_FALSE(keeper.alarm_to_tell(world.now.plus(601)));
  host.coverage.unwatched = unwatched;
  host.mounted = true;
  keeper.act();
  EXPECT_TRUE(keeper.alarm_to_tell(world.now.plus(700)));
}

TEST_F(HostKeeperTest, AFaultOfWatchingIsAnAlarm) {
  begin(enforce);
  take(1, whole);
  host.error = Error(Code::permission_missing, "fanotify");
  look();
  EXPECT_EQ(alarm(), "permission-missing");
}

TEST_F(HostKeeperTest, APolicyThatNoLongerWantsItTakesTheMarksAway) {
  begin(enforce);
  take(1, whole);
  look();
  EXPECT_TRUE(host.watched);
  auto parts = officers_parts(2);
  parts.pools[0].gate = testkit::GatePart{"enforce", {}, {}};
  change_policy(world.ports(), signed_text(testkit::print_policy(parts), {"bob-1", "carol-1"})).value();
  look();
  EXPECT_FALSE(host.watched);
  EXPECT_FALSE(keeper.guard());
}

}  // namespace
}  // namespace sallyport::node
