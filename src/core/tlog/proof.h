// SPDX-License-Identifier: Apache-2.0
// One small file that proves without a network that something is in a log (C2SP tlog-proof). docs/spec/log.md.
//
// The format's "extra" line, which others ignore, carries what a node needs to see that the log only grew since it last
// looked: consistency proofs from earlier sizes to the checkpoint's. They prove themselves; nobody has to believe them.
#pragma once

#include <string>

#include "core/tlog/entry.h"
#include "core/tlog/policy.h"

namespace sallyport::tlog {

struct ConsistencyProof {
  std::uint64_t from;  // size; at least 1
  std::vector<TreeHash> path;
};

struct Proof {
  std::vector<ConsistencyProof> since;  // ascending sizes
  std::uint64_t index;
  std::vector<TreeHash> path;
  std::string checkpoint;  // the signed note, verbatim
};

constexpr std::size_t proof_size_max = 512U << 10U;
constexpr std::size_t proof_since_max = 64;

// log_proof_malformed. Extra data that is not ours counts as none: it is somebody else's.
Result<Proof> parse_proof(std::string_view text);
std::string print_proof(const Proof& proof);

struct CheckedProof {
  CheckedCheckpoint checkpoint;
  std::uint64_t index;
  std::vector<ConsistencyProof> since;
};

// That exactly this entry is in a log of the policy, under a checkpoint that the policy accepts. As check_checkpoint,
// then inclusion_proof_invalid.
Result<CheckedProof> check_proof(std::string_view proof, const Entry& what, const LogPolicy& policy,
                                 Instant now);

// That the log of `proof` begins with what was seen of it before: log_shrunk, log_forked, log_consistency_missing.
Result<void> check_since(const CheckedProof& proof, const Head& seen);

}  // namespace sallyport::tlog
