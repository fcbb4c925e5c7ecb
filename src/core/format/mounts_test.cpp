// SPDX-License-Identifier: Apache-2.0
#include "core/format/mounts.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sallyport {
namespace {

TEST(Mounts, AreReadAsTheKernelWritesThem) {
  const auto mounts = parse_mounts(
                          "36 35 98:0 / / rw,noatime master:1 - ext4 /dev/root rw,errors=continue\n"
                          "40 36 0:44 /a /mnt/a\\040b\\134c rw shared:3 master:2 - tmpfs none rw\n"
                          "41 36 0:45 / /proc rw - proc proc rw\n")
                          .value();
  ASSERT_EQ(mounts.size(), 3U);
  EXPECT_EQ(mounts[0].id, 36U);
  EXPECT_EQ(mounts[0].device, "98:0");
  EXPECT_EQ(mounts[0].point, "/");
  EXPECT_EQ(mounts[0].type, "ext4");
  EXPECT_EQ(mounts[1].point, "/mnt/a b\\c");
  EXPECT_EQ(mounts[1].type, "tmpfs");
  EXPECT_EQ(mounts[2].type, "proc");
}

TEST(Mounts, OthersAreRefused) {
  for (const char* line :
       {"", "36", "36 35 98:0 / / rw - ext4", "36 35 98:0 / / rw ext4 /dev/root rw",
        "x 35 98:0 / / rw - ext4 /dev/root rw", "36x 35 98:0 / / rw - ext4 /dev/root rw",
        "36 35 98:0 / mnt rw - ext4 /dev/root rw", "36 35 98:0 / /a\\04 rw - ext4 /dev/root rw",
        "36 35 98:0 / /a\\000 rw - ext4 /dev/root rw", "36 35 98:0 / /a\\089 rw - ext4 /dev/root rw",
        "36 35 98:0 / /a\\777 rw - ext4 /dev/root rw", "36 35 98:0 / /mnt - ext4 /dev/root rw"}) {
    EXPECT_FALSE(parse_mounts(std::string(line) + "\n").ok()) << line;
  }
}

TEST(Mounts, ThoseOfThisMachineAreRead) {
  std::ostringstream text;
  text << std::ifstream("/proc/self/mountinfo").rdbuf();
  EXPECT_FALSE(parse_mounts(text.str()).value().empty());
}

TEST(Mounts, WhatIsNotKnownIsNotBelieved) {
  for (const char* type : {"ext4", "xfs", "btrfs", "tmpfs", "devtmpfs", "squashfs", "vfat"})
    EXPECT_TRUE(keeps_its_contents(type)) << type;
  for (const char* type :
       {"overlay", "fuse", "fuse.sshfs", "fuseblk", "nfs4", "cifs", "9p", "ceph", "ecryptfs", "of tomorrow"})
    EXPECT_FALSE(keeps_its_contents(type)) << type;
}

TEST(Mounts, WhoseAFuseIsIsAmongItsOptions) {
  const auto mounts = parse_mounts(
                          "50 36 0:50 / /f rw - fuse none rw,super_user_id=7,user_id=1000,group_id=10x\n"
                          "51 36 0:51 / /g rw - fuse none\n")
                          .value();
  EXPECT_EQ(option_number(mounts[0], "user_id"), 1000U);
  EXPECT_EQ(option_number(mounts[0], "group_id"), std::nullopt);
  EXPECT_EQ(option_number(mounts[0], "rw"), std::nullopt);
  EXPECT_EQ(option_number(mounts[1], "user_id"), std::nullopt);
}

TEST(Mounts, WhatIsNotKnownMayHoldPrograms) {
  for (const char* type : {"ext4", "tmpfs", "devtmpfs", "overlay", "fuse.sshfs", "squashfs", "of tomorrow"})
    EXPECT_TRUE(may_hold_programs(type)) << type;
  for (const char* type : {"proc", "sysfs", "cgroup2", "devpts"})
    EXPECT_FALSE(may_hold_programs(type)) << type;
}

}  // namespace
}  // namespace sallyport
