// SPDX-License-Identifier: Apache-2.0
// A baseline as this host would have it: its package database, the programs that are as their packages have them, and
// what a person has named besides. What is left out is told, so that nobody has to find it out by being locked out.
// The same host gives the same text. docs/spec/baseline.md.
#pragma once

#include <set>

#include "adapters/disk/port.h"
#include "adapters/packages/port.h"
#include "core/base/progress.h"
#include "core/base/workers.h"
#include "core/format/baseline.h"
#include "core/format/gate_event.h"

namespace sallyport::node {

struct ProposalRequest {
  HostPackages& packages;
  Workers& workers;
  Progress& progress;
  PoolId pool;
  std::vector<NodeId> nodes;
  std::uint64_t number;
  Instant time;
  std::string reason;
  std::set<std::string> named;    // paths that a person has named: listed though no package vouches for them
  std::vector<SeenProgram> seen;  // by a gate that observes: likewise
};

enum class LeftOutBecause : std::uint8_t {
  changed,     // not as its package has it
  unknown,     // its package does not say how it is
  gone,        // named or seen, and not there as a regular file
  other_now,   // seen with another content than it has now
  not_a_name,  // a path that is no plain text
};
std::string_view word(LeftOutBecause because);

struct LeftOut {
  std::string path;
  std::string package;  // empty: of none
  LeftOutBecause because;

  auto operator<=>(const LeftOut&) const = default;
};

struct BaselineProposal {
  HostBaseline baseline;
  std::string text;               // the statement, to be signed
  std::vector<LeftOut> left_out;  // sorted
};

// file_too_large: more programs than a statement can hold.
Result<BaselineProposal> propose_baseline(const ProposalRequest& request);

// What the node's event log has of programs of the host that were not listed, each path once, the last that was seen.
Result<std::vector<SeenProgram>> seen_programs(Disk& disk);

}  // namespace sallyport::node
