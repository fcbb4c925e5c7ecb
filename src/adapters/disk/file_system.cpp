// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_system.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "adapters/disk/system_error.h"

namespace sallyport {

Result<std::string> file_system_uuid(const std::string& folder, const std::string& by_uuid) {
  struct stat wanted {};
  if (::stat(folder.c_str(), &wanted) != 0) return system_error(errno, folder);
  std::error_code ended;
  for (const auto& entry : std::filesystem::directory_iterator(by_uuid, ended)) {
    struct stat device {};
    const bool found = ::stat(entry.path().c_str(), &device) == 0 && S_ISBLK(device.st_mode);
    if (found && device.st_rdev == wanted.st_dev) return entry.path().filename().string();
  }
  return Error(Code::not_supported, folder, "a file system with a UUID that " + by_uuid + " names", "none");
}

}  // namespace sallyport
