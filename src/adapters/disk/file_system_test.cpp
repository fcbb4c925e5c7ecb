// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

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
    ASSERT_EQ(::mknod((folder + "/bbbb").c_str(), S_IFBLK | 0600, status.st_dev), 0);
    EXPECT_EQ(file_system_uuid(folder, folder).value(), "bbbb");
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sallyport
