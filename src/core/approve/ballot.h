// SPDX-License-Identifier: Apache-2.0
// The approvals of one order as a fold over events. Pure and total. docs/spec/approval.md.
//
// Who a signature stands for, whether their key and roles hold at this time, and how many it takes is decided
// here, by the policy given and by nothing that an order says; core/format/quorum.h counts the persons.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/format/order.h"
#include "core/format/policy.h"

namespace sallyport::approve {

enum class Act : std::uint8_t { propose, approve, refuse };

// One genuine signature (core/trust/order verified it): this key did this to an order of these bytes.
struct Event {
  KeyId key;
  Act act;
  Sha256Digest order;
};

// What is decided about, by which policy, as of when.
struct Motion {
  const Policy& policy;
  const Pool& pool;
  PersonId proposer;  // as the signed order names them
  Sha256Digest order;
  OrderKind kind;
  Instant at;
};

enum class Standing : std::uint8_t { open, granted, vetoed };

// Kinds of the signatures by which persons did the same thing.
using Signed = std::map<PersonId, SignatureKinds>;

struct Ballot {
  PersonId proposer;
  std::set<PersonId>
      approved;  // persons, each once, never the proposer, by every kind of signature that is asked for
  std::set<PersonId> refused;
  Standing standing;
  SignatureKinds proposed_by = {};  // kinds of the proposer's signatures
  Signed begun = {};  // who approved by some of the kinds that are asked for, and not yet by all
};

// The rule that an order of this kind has to meet. break_glass_not_allowed when the pool has none.
Result<const ApprovalRule*> rule_for(const Pool& pool, OrderKind kind);

// Folds the signatures in their order. Refuses what must not be in an order at all; the first such signature
// is the refusal:
//   order_signature_invalid   it is over other bytes
//   order_signer_unknown      the key is nobody's
//   signer_revoked            the person or the key is revoked
//   signer_key_not_valid      the key is not valid yet, or any more
//   signer_key_other_use      the key is for the other kind of orders
//   signature_kind_unexpected the policy does not ask for signatures of the key's kind
//   order_not_proposed        the first signature is not the proposer's, or another person proposes
//   proposer_not_authorised   the proposer has no proposing role
//   approver_is_proposer      the proposer approves
//   approver_not_authorised   a person without an approving role approves, or one without any role refuses
//   approver_counted_twice    a person does the same a second time, by whatever key; where the policy asks for
//                             several kinds of signatures, a second time by one of the same kind
// A refusal by any person with a role of the rule vetoes, before and after an approval of the same person, and
// whatever the number of approvals: the proposer withdraws an order by it. One signature of either kind is enough for
// it: what is asked for twice is what lets something through.
Result<Ballot> fold(const Motion& motion, const std::vector<Event>& events);

}  // namespace sallyport::approve
