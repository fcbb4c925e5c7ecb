// SPDX-License-Identifier: Apache-2.0
// The few texts of Linux's /proc that say which process is which and what it listens on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/format/tree.h"

namespace sallyport {

// Field 22 of /proc/<pid>/stat: when the process began, in ticks since boot. The name in field 2 may hold
// anything, brackets and spaces included.
Result<std::uint64_t> parse_start_ticks(std::string_view stat);

// Field 4: the process that it was made by, or was given to.
Result<int> parse_parent(std::string_view stat);

// The inodes of the sockets that /proc/<pid>/net/{tcp,udp}{,6} shows as bound to the port (tcp: and listening).
// For sctp the text is that of /proc/<pid>/net/sctp/eps. Lines that are not of the known form do not count.
std::vector<std::uint64_t> sockets_on(std::string_view table, Port port);

// What a process can execute besides what it was started from: /proc/<pid>/maps.
struct MappedCode {
  std::vector<std::string> files;  // their names in /proc/<pid>/map_files, one for each mapping
  std::uint64_t without_file = 0;  // mappings of memory alone, but for the kernel's own
};
// A line that is not of the known form is io_failed: it may be code.
Result<MappedCode> parse_mapped_code(std::string_view maps);

}  // namespace sallyport
