// SPDX-License-Identifier: Apache-2.0
// The known ways past a gate that can be tried on a host, and what came of trying them: the hole table. One table for
// the probe that tries them, the policy that wants them closed, and the reports. docs/spec/gate.md, *Holes*.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/json.h"
#include "core/format/json_writer.h"

namespace sallyport {

// Ways from outside of services, which a policy may want closed. Stable names, in the order in which they are tried.
inline constexpr std::array<std::string_view, 9> gate_ways{
    "exec-unlisted",         "exec-script",          "exec-other-mount-namespace", "exec-user-namespace",
    "exec-bind-mount",       "exec-open-descriptor", "exec-unnamed-file",          "open-program-in-service",
    "open-script-in-service"};

enum class HoleState : std::uint8_t {
  closed,          // the gate itself denied the attempt
  open,            // the attempt went through, or something else than the gate ended it
  not_applicable,  // there is no such way here: it could not be tried
  not_run,         // nobody has tried
  declared,        // open, and the signed release says so; of ways inside of services alone
};

struct Hole {
  std::string way;
  HoleState state;
  std::string detail;  // what closes it, what came of the attempt, or why nobody tried

  bool operator==(const Hole&) const = default;
};

bool is_gate_way(std::string_view name);
std::string_view word(HoleState state);  // "closed", "open", "not-applicable", "not-run", "declared"

// Every way, none of them tried.
std::vector<Hole> holes_not_tried(const std::string& why);

// A member `name`: a list of {"way", "state", "detail"}.
void write_holes(JsonWriter& json, std::string_view name, const std::vector<Hole>& holes);
Result<std::vector<Hole>> read_holes(JsonObject& object, std::string_view name);

}  // namespace sallyport
