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
#include "core/format/gate_ways.h"

namespace sallyport {

struct GuardedService {
  ServiceId service;
  std::uint64_t group;

  bool operator==(const GuardedService&) const = default;
};

enum class ModeFrom : std::uint8_t { node, policy };

struct GateStatus {
  int custodian;  // the process
  GateMode mode;
  ModeFrom mode_from;                      // who says so
  std::uint64_t policy_version;            // in force when the terms were made
  std::uint64_t records;                   // of the node's journal, when the terms were made from it
  std::vector<std::uint64_t> generations;  // whose files may run
  std::uint64_t files;                     // different contents
  std::vector<GuardedService> services;
  GateCounts counts;
  std::vector<std::string> wanted;  // ways that the policy wants closed
  std::vector<Hole> holes;          // what came of trying; empty: nobody did

  bool operator==(const GateStatus&) const = default;
};

constexpr std::uint64_t gate_status_size_max = 64U << 10U;

std::string_view word(ModeFrom from);  // "node", "policy"

std::string print_gate_status(const GateStatus& status);
Result<GateStatus> parse_gate_status(BytesView json);

}  // namespace sallyport
