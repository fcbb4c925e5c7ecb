// SPDX-License-Identifier: Apache-2.0
#include "core/trust/recall.h"

#include "core/trust/logged.h"
#include "core/trust/mint.h"
#include "core/trust/pool_motion.h"

namespace sallyport::trust {

Result<Verified<ProposedRecall>> recall_as_proposed(BytesView envelope, const Policy& policy, Instant at) {
  auto open = TRY(open_motion(envelope, parse_recall, "recall", policy, at));
  return Mint::verified(ProposedRecall{std::move(open.statement), std::move(open.motion)},
                        std::move(open.evidence));
}

Result<Verified<ApprovedRecall>> recall(BytesView envelope, const Policy& policy, Instant at) {
  const auto proposed = TRY(recall_as_proposed(envelope, policy, at));
  const auto& motion = proposed->motion;
  TRY(require_granted(motion.digest, motion.ballot, terms_of(proposed->recall, policy, at), "recall"));
  return Mint::verified(ApprovedRecall{proposed->recall, motion.digest}, proposed.evidence());
}

Result<Verified<ApprovedRecall>> logged_recall(BytesView envelope, const std::optional<Bytes>& proof,
                                               const Policy& policy, Instant at) {
  const auto approved = TRY(recall(envelope, policy, at));
  if (!policy.log) return approved;
  if (!proof)
    return Error(Code::log_proof_missing, "recall " + approved->digest.brief(),
                 "a proof that it is in " + policy.log->origin, "none");
  const auto entry = TRY(tlog::statement_entry(envelope));
  auto evidence = approved.evidence();
  TRY(logged_once(*proof, entry, policy, at, evidence.checks));
  return Mint::verified(ApprovedRecall{*approved}, std::move(evidence));
}

}  // namespace sallyport::trust
