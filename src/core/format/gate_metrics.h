// SPDX-License-Identifier: Apache-2.0
// What a gate says of itself, as text that Prometheus reads (exposition format 0.0.4). docs/spec/gate.md, *Metrics*.
#pragma once

#include <optional>
#include <string>

#include "core/base/id.h"
#include "core/format/gate_status.h"

namespace sallyport {

struct GateMetrics {
  NodeId node;
  std::optional<GateStatus> gate;  // absent: none runs
  std::uint64_t ways_left = 0;     // that the policy wants closed, and that are not
  bool observes_too_long = false;
};

std::string print_gate_metrics(const GateMetrics& metrics);

}  // namespace sallyport
