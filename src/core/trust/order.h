// SPDX-License-Identifier: Apache-2.0
// Decides whether an order was approved: every signature in the envelope verifies and is by a person of the
// policy, the order rests on this very policy, the proposer signed first, M distinct other persons approved,
// nobody refused. The window is checked by trust::permit, and so is whether the order is about the package
// and node at hand.
#pragma once

#include "core/approve/ballot.h"
#include "core/format/dsse.h"
#include "core/format/order.h"
#include "core/trust/verified.h"

namespace sallyport {

struct ProposedOrder {
  Order order;
  Sha256Digest digest;                 // of the payload: the order's identity
  std::vector<approve::Event> events;  // the signatures, in their order
  approve::Ballot ballot;
};

struct ApprovedOrder {
  Order order;
  Sha256Digest digest;
  approve::Ballot ballot;  // granted
};

namespace trust {

// Genuine signatures, perhaps not enough of them: what reviewers read and approvers add to.
Result<Verified<ProposedOrder>> order_as_proposed(BytesView envelope, const Policy& policy, Instant at);

// Granted. approvals_missing or order_vetoed otherwise. `passed` is added to, whether it ends well or not.
Result<Verified<ApprovedOrder>> order(BytesView envelope, const Policy& policy, Instant at, Checks& passed);
Result<Verified<ApprovedOrder>> order(BytesView envelope, const Policy& policy, Instant at);

}  // namespace trust
}  // namespace sallyport
