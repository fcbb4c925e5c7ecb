// SPDX-License-Identifier: Apache-2.0
// In which control group (version 2) a process is: the number by which the kernel knows it, which is also the
// inode of the group's folder.
#pragma once

#include <cstdint>
#include <optional>

namespace sallyport::exec_events {

// By the process descriptor alone (Linux 6.13), without opening anything; an older kernel is asked by way of
// /proc and the group's folder, which no watched file system holds. The process must be kept from ending.
// Absent: could not find out.
std::optional<std::uint64_t> group_of(int process_descriptor, int process);

// The second way by itself.
std::optional<std::uint64_t> group_by_proc(int process);

}  // namespace sallyport::exec_events
