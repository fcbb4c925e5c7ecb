// SPDX-License-Identifier: Apache-2.0
// Mounts as descriptors: made or copied detached, restricted, and only then attached to a place.
#pragma once

#include <sys/mount.h>

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/confine/descriptor.h"
#include "core/base/result.h"

namespace sallyport::confine {

constexpr std::uint64_t writable = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
constexpr std::uint64_t sealed = writable | MOUNT_ATTR_RDONLY;
constexpr std::uint64_t generation = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
constexpr std::uint64_t device = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;

struct MountOption {
  const char* key;
  std::string value;
};

Result<Descriptor> new_file_system(const char* type, const std::vector<MountOption>& options,
                                   std::uint64_t attributes);
// A copy of the mount that holds folder/name, with that as its root; an empty name is the folder itself.
Result<Descriptor> copy_mount(int folder, const std::string& name, std::uint64_t attributes);
Result<void> attach(const Descriptor& mount, int folder, const std::string& path);
// Of a mount that is attached.
Result<void> restrict_mount(const std::string& path, std::uint64_t attributes);
// Asks the kernel what holds at the path; `flags` as of statvfs. Code: not_supported.
Result<void> expect_flags(const std::string& path, unsigned long flags);

Result<void> make_folder(int folder, const std::string& path);
Result<void> make_file(int folder, const std::string& path);
Result<void> make_link(int folder, const std::string& path, const std::string& target);

}  // namespace sallyport::confine
