// SPDX-License-Identifier: Apache-2.0
// Which file system holds a folder, by the name that does not change with the machine's disks.
#pragma once

#include <string>

#include "core/base/result.h"

namespace sallyport {

// The UUID, as udev has it. not_supported: it has none, or nobody knows it here (a tmpfs, a machine without udev).
Result<std::string> file_system_uuid(const std::string& folder,
                                     const std::string& by_uuid = "/dev/disk/by-uuid");

// gate_file_system_foreign: where the files below the folder may become others without this kernel being asked to
// write to them (an overlay, FUSE, NFS and their like), so that no lease and no mark says what they are.
Result<void> changes_by_this_kernel_alone(const std::string& folder);

}  // namespace sallyport
