// SPDX-License-Identifier: Apache-2.0
// Which file system holds a folder, by the name that does not change with the machine's disks.
#pragma once

#include <string>

#include "core/base/result.h"

namespace sallyport {

// The UUID, as udev has it. not_supported: it has none, or nobody knows it here (a tmpfs, a machine without udev).
Result<std::string> file_system_uuid(const std::string& folder,
                                     const std::string& by_uuid = "/dev/disk/by-uuid");

}  // namespace sallyport
