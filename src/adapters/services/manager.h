// SPDX-License-Identifier: Apache-2.0
// What a process tells the service manager that has started it, and what that one keeps for it: sd_notify(3) and
// sd_listen_fds(3), which are systemd's. Where there is no manager nothing is told and nothing is kept.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sallyport {

void tell_manager(std::string_view state);  // "READY=1", "STOPPING=1"

// From here on the manager holds the open file as well: whoever it starts next for the same service finds it. Without
// a manager, nothing. io_failed: it was not told.
Result<void> keep_with_manager(const std::string& name, int descriptor);

// What it has kept, by name; asked once, before anything is started: the descriptors are the caller's from then on.
std::map<std::string, int> kept_by_manager();

}  // namespace sallyport
