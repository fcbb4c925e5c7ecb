// SPDX-License-Identifier: Apache-2.0
// Makes a folder into a node: pins the policy and who the node is. Once: node_already_initialised otherwise.
// An initialisation that was cut short is begun anew; a folder that holds anything else is left alone (file_exists).
#pragma once

#include <functional>

#include "core/format/policy.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct InitRequest {
  Bytes policy;
  NodeId node;
  PoolId pool;
};

struct InitReport {
  NodeId node;
  PoolId pool;
  std::string policy_name;
  std::uint64_t policy_version;
  Sha256Digest policy;
  KeyId key;
};

// Refuses a policy that does not name the pool (pool_unknown) or the node in it (node_unknown), and fails for one that
// asks for signatures which the library cannot check (algorithm_unavailable): asked before there is a folder.
Result<void> check(const InitRequest& request);

// Whether init() would find the folder free: for a rehearsal.
Result<void> check_folder(Disk& disk);

// The same as check(), then makes the node. `make_key` puts the node's key pair there (or finds the one that an
// initialisation which was cut short has left), and says which: before the journal's first record, which pins it.
using MakeKey = std::function<Result<KeyId>()>;
Result<InitReport> init(Disk& disk, const InitRequest& request, Instant now, const MakeKey& make_key);

}  // namespace sallyport::node
