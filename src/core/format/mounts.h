// SPDX-License-Identifier: Apache-2.0
// /proc/<pid>/mountinfo (proc(5)): what is mounted where, as a process sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sallyport {

struct MountEntry {
  std::uint64_t id;
  std::string device;   // "259:1": the file system; two mounts of one have the same
  std::string point;    // where, as a path
  std::string type;     // "ext4"
  std::string options;  // of the file system: "rw,user_id=0,group_id=0"; for FUSE, whose it is
};

constexpr std::uint64_t mounts_text_size_max = 16ULL << 20U;

// Lines that are not of the known form refuse the whole: io_failed, for the kernel wrote them.
Result<std::vector<MountEntry>> parse_mounts(std::string_view text);

// Whether programs can lie on file systems of this type. Those that cannot are views into the kernel; of a type that is
// not known here, they can.
bool may_hold_programs(std::string_view type);

// Whether this kernel alone makes what files of this type contain: it is asked by whoever writes, so a lease or a mark
// says what a file is. Not so of layers (overlay), of what a process serves (FUSE), of network file systems, and of
// types that are not known here.
bool keeps_its_contents(std::string_view type);

// A number among the options ("user_id"), as mounts of FUSE have them.
std::optional<std::uint32_t> option_number(const MountEntry& mount, std::string_view name);

}  // namespace sallyport
