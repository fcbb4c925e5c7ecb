// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_system.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace sallyport {
namespace {

// A made-up /dev/disk/by-uuid: with two devices, one of them the folder's.
TEST(FileSystemTest, TheUuidIsThatOfTheDeviceBelow) {
  std::array<char, 32> name{"/tmp/file-system-XXXXXX"};
  const std::string folder = ::mkdtemp(name.data());
  struct stat status {};
  ASSERT_EQ(::stat(folder.c_str(), &status), 0);
  const auto none = file_system_uuid(folder, folder);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, Code::not_supported);
  EXPECT_EQ(file_system_uuid(folder, "/nonexistent").error().code, Code::not_supported);
  EXPECT_EQ(file_system_uuid("/nonexistent").error().code, Code::file_missing);
  if (::mknod((folder + "/aaaa").c_str(), S_IFBLK | 0600, status.st_dev + 1) == 0) {
    // A character device has numbers of its own.
    ASSERT_EQ(::mknod((folder + "/cccc").c_str(), S_IFCHR | 0600, status.st_dev), 0);
    EXPECT_EQ(file_system_uuid(folder, folder).error().code, Code::not_supported);
    // As udev makes them: links.
    std::filesystem::create_directory(folder + "/devices");
    ASSERT_EQ(::mknod((folder + "/devices/sda").c_str(), S_IFBLK | 0600, status.st_dev), 0);
    std::filesystem::create_symlink("devices/sda", folder + "/bbbb");
    EXPECT_EQ(file_system_uuid(folder, folder).value(), "bbbb");
  }
  std::filesystem::remove_all(folder);
}

// Files of the lower or the upper folder are written without the layer above knowing.
TEST(FileSystemTest, OfLayersChangesBesideTheKernel) {
  EXPECT_TRUE(changes_by_this_kernel_alone("/proc").ok());
  EXPECT_EQ(changes_by_this_kernel_alone("/nonexistent").error().code, Code::file_missing);
  if (::geteuid() != 0 || ::unshare(CLONE_NEWNS) != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
  char name[] = "/tmp/layers-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  ASSERT_EQ(::mount("layers", folder.c_str(), "tmpfs", 0, nullptr), 0);
  EXPECT_TRUE(changes_by_this_kernel_alone(folder).ok());
  for (const char* part : {"/lower", "/upper", "/work", "/all"}) ::mkdir((folder + part).c_str(), 0755);
  const auto options =
      "lowerdir=" + folder + "/lower,upperdir=" + folder + "/upper,workdir=" + folder + "/work";
  ASSERT_EQ(::mount("layers", (folder + "/all").c_str(), "overlay", 0, options.c_str()), 0);
  const auto refused = changes_by_this_kernel_alone(folder + "/all");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::gate_file_system_foreign);
  EXPECT_EQ(refused.error().found, "overlay");
  ::umount2(folder.c_str(), MNT_DETACH);
  ::rmdir(folder.c_str());
}

}  // namespace
}  // namespace sallyport
