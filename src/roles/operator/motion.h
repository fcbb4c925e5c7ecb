// SPDX-License-Identifier: Apache-2.0
// One person's signature under what the persons of a pool decide besides orders: recalls, exceptions for findings. Both
// answers are over the very bytes that the proposer signed. approve.h has the same for orders.
//
// Refused before the key is used: what does not verify, another one than was read (not_what_was_reviewed), a key that
// is not this person's, the proposer as approver, a person twice, one without the role, what somebody refused
// (order_vetoed).
#pragma once

#include <functional>
#include <optional>

#include "adapters/signer/port.h"
#include "core/trust/motion.h"

namespace sallyport::deploy {

// What was proved of an envelope.
struct OpenMotion {
  PoolId pool;
  PersonId proposer;
  SignedMotion motion;
};
using ProveMotion = std::function<Result<OpenMotion>(BytesView envelope)>;

struct MotionAnswer {
  BytesView envelope;
  const Policy& policy;
  PersonId person;
  Instant now;
  std::optional<Sha256Digest> reviewed = {};  // what the person has read; another one is not signed
};

struct AnsweredMotion {
  SignedMotion motion;   // with this answer
  std::string envelope;  // the file with one more signature
};

Result<AnsweredMotion> answer_motion(approve::Act act, const MotionAnswer& answer, const ProveMotion& prove,
                                     Signer& signer);

// The proposer's first signature over a statement, before the key is used by the rule that counts later.
struct MotionProposal {
  const Policy& policy;
  PoolId pool;
  PersonId person;
  std::string payload;
  Instant now;
};
Result<AnsweredMotion> propose_motion(const MotionProposal& proposal, const ProveMotion& prove,
                                      Signer& signer);

// A path as the name of a subject, which may be shorter than a path.
std::string subject_label(const std::string& path);

// "granted", "vetoed", "open".
std::string_view word(approve::Standing standing);

}  // namespace sallyport::deploy
