// SPDX-License-Identifier: Apache-2.0
// run/gate.json: what the gate that runs for a node holds. Written by `node gate run` whenever that changes,
// read by whoever shows it or waits for it. A hint and never proof: the lock beside it says whether a gate runs
// at all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/id.h"
#include "core/format/gate.h"

namespace sallyport {

struct GuardedService {
  ServiceId service;
  std::uint64_t group;

  bool operator==(const GuardedService&) const = default;
};

struct GateStatus {
  int custodian;  // the process
  GateMode mode;
  std::uint64_t records;                   // of the node's journal, when the terms were made from it
  std::vector<std::uint64_t> generations;  // whose files may run
  std::uint64_t files;                     // different contents
  std::vector<GuardedService> services;
  GateCounts counts;

  bool operator==(const GateStatus&) const = default;
};

constexpr std::uint64_t gate_status_size_max = 64U << 10U;

std::string print_gate_status(const GateStatus& status);
Result<GateStatus> parse_gate_status(BytesView json);

}  // namespace sallyport
