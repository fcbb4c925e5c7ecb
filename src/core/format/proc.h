// SPDX-License-Identifier: Apache-2.0
// The few texts of Linux's /proc that say which process is which and what it listens on.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"
#include "core/format/tree.h"

namespace sallyport {

// Field 22 of /proc/<pid>/stat: when the process began, in ticks since boot. The name in field 2 may hold
// anything, brackets and spaces included.
Result<std::uint64_t> parse_start_ticks(std::string_view stat);

enum class Bound : std::uint8_t { yes, no };

// Whether /proc/<pid>/net/{tcp,udp}{,6} has a socket bound to the port (tcp: that listens). For sctp the text
// is that of /proc/<pid>/net/sctp/eps. Lines that are not of the known form do not count.
Bound find_port(std::string_view table, Port port);

}  // namespace sallyport
