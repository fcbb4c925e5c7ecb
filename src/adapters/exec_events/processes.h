// SPDX-License-Identifier: Apache-2.0
// What runs on this machine, as /proc shows it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/exec_events/port.h"

namespace sallyport::exec_events {

// The folders of /proc that have a number for a name: processes, or the threads of one.
std::vector<int> numbers_in(const std::string& folder);

// Mounts (their numbers) of file systems whose contents are this kernel's own: from the others nothing is opened, and
// nobody waits for whoever serves them.
using OwnMounts = std::set<std::uint64_t>;

// The programs of all processes, each file once; threads of the kernel have none.
std::vector<HostProgram> running_programs(const OwnMounts& own);

// Nothing: there is no regular file of this name.
std::optional<HostProgram> measured_program(const std::string& path, const OwnMounts& own);

// Whether nobody but root can write to what this descriptor leads to; without asking whoever serves the file system.
// What others can write to may become another one between the answer and the kernel's own hold of what it executes.
bool root_alone_writes(int file);

}  // namespace sallyport::exec_events
