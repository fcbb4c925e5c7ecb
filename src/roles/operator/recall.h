// SPDX-License-Identifier: Apache-2.0
// From verdicts that say "malware" to a recall that nodes take: proposed by one person, approved by others as an order
// is (motion.h). docs/spec/statement.md.
#pragma once

#include <optional>
#include <vector>

#include "core/trust/recall.h"
#include "roles/operator/motion.h"
#include "roles/operator/running.h"

namespace sallyport::deploy {

struct RecallProposal {
  std::vector<Bytes> verdicts;  // files, each of one that is not clean
  const Policy& policy;
  PoolId pool;
  PersonId person;
  std::string reason;                     // empty: what the engines said first
  std::optional<std::uint64_t> sequence;  // by the time, so that later recalls number higher
  Instant now;
  std::uint32_t milliseconds = 0;  // of now
  std::optional<intake::Fleet> fleet =
      {};  // what nodes report: the reason names those of the pool that run it
  std::vector<Bytes> exceptions =
      {};  // files: findings that persons of the pool have excepted recall nothing
};

struct ProposedRecallFile {
  Recall recall;
  Sha256Digest digest;
  std::string envelope;  // the recall's file
};

// Each verdict has to be genuine, and to name malware: its contents, and its package, are what is recalled.
// verdict_not_clean is not asked for by its code but by its findings: usage_error where none is of malware. What the
// exceptions are about is none; usage_error where one is for another pool or about nothing in the verdicts, and what
// trust::scan_exception refuses.
Result<ProposedRecallFile> propose_recall(const RecallProposal& proposal, Signer& signer);

// For answer_motion().
ProveMotion prove_recall(const Policy& policy, Instant now);

}  // namespace sallyport::deploy
