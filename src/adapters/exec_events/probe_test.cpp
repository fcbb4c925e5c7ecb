// SPDX-License-Identifier: Apache-2.0
// What the probe says of a way that it could not try.
#include "adapters/exec_events/probe.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace sallyport {
namespace {

class ProbeTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    char name[] = "/tmp/probe-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder = name;
  }
  void TearDown() override {
    if (folder.empty()) return;
    ::umount2(folder.c_str(), MNT_DETACH);
    ::rmdir(folder.c_str());
  }

  // With room for so many copies of the program.
  void mount(double copies) {
    struct stat status;
    ASSERT_EQ(::stat(program, &status), 0);
    const auto size =
        "size=" + std::to_string(static_cast<long>(copies * static_cast<double>(status.st_size)));
    ASSERT_EQ(::mount("probe", folder.c_str(), "tmpfs", 0, size.c_str()), 0);
  }
  HoleState state_of(const std::string& way, const std::function<bool()>& join = {}) const {
    const auto holes = probe_holes({folder + "/probe", program, join}).value();
    return std::ranges::find(holes, way, &Hole::way)->state;
  }

  static constexpr const char* program = "/bin/bash";
  std::string folder;
};

// Whoever comes next may have the room.
TEST_F(ProbeTest, WhatThereWasNoRoomForIsNotSaidToBeNoWay) {
  mount(1.5);
  EXPECT_EQ(state_of("exec-unnamed-file"), HoleState::not_run);
  EXPECT_EQ(state_of("exec-unlisted"), HoleState::open);  // no gate runs here
}

TEST_F(ProbeTest, WithRoomItIsTried) {
  mount(3);
  EXPECT_EQ(state_of("exec-unnamed-file"), HoleState::open);
  EXPECT_EQ(state_of("exec-bind-mount"), HoleState::open);
}

TEST_F(ProbeTest, WithoutAServiceThereIsNoWayOfOne) {
  mount(3);
  EXPECT_EQ(state_of("open-program-in-service"), HoleState::not_applicable);
  EXPECT_EQ(state_of("open-program-in-service", [] { return false; }), HoleState::not_run);
  EXPECT_EQ(state_of("open-program-in-service", [] { return true; }), HoleState::open);
}

}  // namespace
}  // namespace sallyport
