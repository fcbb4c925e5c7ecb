// SPDX-License-Identifier: Apache-2.0
// Which nodes say that they have a package: from reports that they have signed (core/format/node_report.h), each by the
// key that is pinned for the node. docs/spec/scanner.md, *Again*. A report is a node's word, and as old as it is.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/trust/node_report.h"

namespace sallyport::intake {

using PinnedNodes = std::map<NodeId, PublicKey>;

struct ReportFile {
  std::string name;  // for people
  Bytes envelope;
};

struct Fleet {
  std::map<NodeId, NodeReport> reports;                // the newest of each node
  std::vector<std::pair<std::string, Error>> refused;  // files, and why
  std::vector<NodeId> silent;                          // pinned, and of which there is no report that counts
};

// A file that does not count is told and keeps no other one out: by no pinned key (signer_unknown), in the name of
// another node (signer_unknown), of a time that is not yet (order_not_yet_valid), what trust::node_report refuses. A
// fault ends it.
Result<Fleet> read_fleet(const std::vector<ReportFile>& files, const PinnedNodes& pinned, Instant now);

struct NodeHas {
  NodeId node;
  PoolId pool;
  std::uint64_t generation;
  GenerationUse use;
  Instant time;  // of the report
};
// Of each node the generations that came in with this package, the active ones first.
std::vector<NodeHas> who_has(const Fleet& fleet, const Sha256Digest& package);

// "node-1, node-2": those of a pool on which one of them is active; empty: none.
std::string runs_on(const Fleet& fleet, const PoolId& pool, const std::vector<Sha256Digest>& packages);

}  // namespace sallyport::intake
