// SPDX-License-Identifier: Apache-2.0
// Control groups (version 2), for nothing but to tell whose a process is: no controller is asked of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/format/run_record.h"

namespace sallyport::confine {

// Makes it where there is none; groups below it are not made any more. Codes: not_supported, permission_missing.
Result<std::uint64_t> group_number(const std::string& name);

// The processes that are in it, as this process sees them.
Result<std::vector<int>> processes_of(const std::string& name);
bool is_in_group(int process, const std::string& name);

// Puts the calling process into it, with all that it forks from now on. A service cannot leave it: it sees no
// cgroup file system.
Coverage join_group(const std::string& name);

}  // namespace sallyport::confine
