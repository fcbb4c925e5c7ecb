// SPDX-License-Identifier: Apache-2.0
// run/gate.json: what the gate that runs for a node holds. Written by `node gate run` whenever that changes,
// read by whoever shows it or waits for it. A hint and never proof: the lock beside it says whether a gate runs
// at all.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
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

// A process that has code mapped that may not run, since before the gate enforced.
struct UnlistedCode {
  int process;
  std::string service;  // empty: it is no service's
  std::string file;     // for people: at most 256 bytes of its end

  auto operator<=>(const UnlistedCode&) const = default;
};

enum class ModeFrom : std::uint8_t { node, policy };

// What is in force on the host's own file systems.
enum class HostGuardState : std::uint8_t { off, observe, enforce };

struct HostGuard {
  HostGuardState state;
  std::uint64_t baseline;              // its number; 0: the node has none
  std::uint64_t files;                 // different contents
  std::vector<std::string> unwatched;  // file systems, with the reason
  std::string alarm;                   // a code: why it is not what the policy wants; empty: it is
  std::string found;

  bool operator==(const HostGuard&) const = default;
};

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
  std::vector<std::string> wanted;          // ways that the policy wants closed
  std::vector<Hole> holes;                  // what came of trying; empty: nobody did
  std::vector<UnlistedCode> unlisted = {};  // at most unlisted_shown_max of them
  std::uint64_t unlisted_count = 0;
  std::optional<HostGuard> host = {};  // where the policy wants the whole host guarded

  bool operator==(const GateStatus&) const = default;
};

constexpr std::size_t unlisted_shown_max = 16;
constexpr std::uint64_t gate_status_size_max = 64U << 10U;

std::string_view word(ModeFrom from);  // "node", "policy"

std::string_view word(HostGuardState state);

std::string print_gate_status(const GateStatus& status);
Result<GateStatus> parse_gate_status(BytesView json);

}  // namespace sallyport
