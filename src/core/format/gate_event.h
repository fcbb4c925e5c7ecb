// SPDX-License-Identifier: Apache-2.0
// A line of a node's event log in which its gate says that it refused, or would have refused, a program of the host.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/format/gate.h"

namespace sallyport {

struct SeenProgram {
  std::string path;  // as the kernel showed it, or its end; a hint and never proof
  std::uint64_t size;
  std::optional<FileDigest> digest;  // where it was measured

  bool operator==(const SeenProgram&) const = default;
};

// Nothing: the line is about something else. json_malformed, gate_trace_malformed.
Result<std::optional<SeenProgram>> parse_seen_program(std::string_view line);

}  // namespace sallyport
