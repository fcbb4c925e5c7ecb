// SPDX-License-Identifier: Apache-2.0
// Decides whether a recall counts: proposed and approved by the persons of its pool as an ordinary order is. It rests
// on no version of the policy: what was recalled stays recalled.
//
//   envelope_malformed, statement_type_mismatch    one envelope of a statement
//   order_signer_unknown, order_signature_invalid  every signature verifies, whatever else is there; nothing is parsed
//                                                  before
//   recall_malformed, statement_type_mismatch      the payload is a recall
//   order_other_pool                               its pool is one of the policy
//   what approve::fold refuses                     the signatures fit the rule of the pool
//   order_vetoed, signature_kind_missing, approvals_missing    they are enough
//
// Whether it is for a node, and newer than the one before, is asked by whoever takes it in.
#pragma once

#include <optional>

#include "core/format/recall.h"
#include "core/trust/motion.h"

namespace sallyport {

struct ProposedRecall {
  Recall recall;
  SignedMotion motion;
};

struct ApprovedRecall {
  Recall recall;
  Sha256Digest digest;  // of the payload: its identity
};

namespace trust {

// Genuine signatures, perhaps not enough of them: what reviewers read and approvers add to.
Result<Verified<ProposedRecall>> recall_as_proposed(BytesView envelope, const Policy& policy, Instant at);
Result<Verified<ApprovedRecall>> recall(BytesView envelope, const Policy& policy, Instant at);
// And, where the policy names a log, that it is in there: log_proof_missing, what logged_once() refuses. For whoever
// takes one in or hands it on; what was taken in is proved again without.
Result<Verified<ApprovedRecall>> logged_recall(BytesView envelope, const std::optional<Bytes>& proof,
                                               const Policy& policy, Instant at);

}  // namespace trust
}  // namespace sallyport
