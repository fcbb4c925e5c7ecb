// SPDX-License-Identifier: Apache-2.0
// What a policy says of the gates of a pool's nodes: the member `gate`. docs/spec/policy.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/format/gate.h"
#include "core/format/json.h"

namespace sallyport {

// What is asked about: the node's file system and its services, or programs on every file system of the host as well.
enum class GateScope : std::uint8_t { services, host };

struct GateRule {
  GateMode mode;
  // Ways past the gate (gate_ways.h) and out of services (service_ways.h) that have to be closed on a host before its
  // gate may be said to enforce, and a service be started; never empty. In enforce mode only.
  std::vector<std::string> closed;
  std::optional<Instant> observe_until;  // inclusive; in observe mode, and always there
  GateScope scope = GateScope::services;
  // In enforce mode of scope host: until then, inclusive, the host's own file systems are only observed.
  std::optional<Instant> host_observe_until = {};
};

// Absent: the node itself says, as it always could.
Result<std::optional<GateRule>> read_gate_rule(JsonObject& pool);

// Of the host's own file systems, where the scope is host.
GateMode host_mode(const GateRule& rule);

// "enforce, with exec-script closed"; "observe until 2026-12-31T23:59:59Z"
std::string describe(const GateRule& rule);

// Nothing, or gate_observes_too_long: by this time the nodes were to enforce.
std::optional<Error> observes_too_long(const GateRule& rule, Instant at);

}  // namespace sallyport
