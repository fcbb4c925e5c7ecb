// SPDX-License-Identifier: Apache-2.0
// The approvals of one order as a fold over events. Pure and total. docs/spec/approval.md.
//
// Persons are counted by count_distinct() of core/format/policy.h and nowhere else in the program.
#pragma once

#include <set>
#include <vector>

#include "core/format/policy.h"

namespace sallyport::approve {

enum class Act : std::uint8_t { propose, approve, refuse };

// One genuine signature (verified by core/trust/order): a person, by whatever key, did this to exactly these
// bytes.
struct Event {
  PersonId person;
  Act act;
};

enum class Standing : std::uint8_t { open, granted, vetoed };

struct Ballot {
  PersonId proposer;            // as the signed order names it
  std::set<PersonId> approved;  // persons, each once, never the proposer
  std::set<PersonId> refused;
  Standing standing;
};

using sallyport::count_distinct;

// Folds the signatures in their order. Refuses what must not be in an order at all; the first such signature
// is the refusal:
//   order_not_proposed        the first signature is not the proposer's, or another person proposes
//   proposer_not_authorised   the proposer has no proposing role
//   approver_is_proposer      the proposer approves
//   approver_not_authorised   a person without an approving role approves, or one without any role refuses
//   approver_counted_twice    a person does the same a second time, by whatever key
// A refusal by any person with an approving or proposing role vetoes, before and after an approval of the
// same person, and whatever the number of approvals: the proposer withdraws an order by it.
Result<Ballot> fold(const PersonId& proposer, const std::vector<Event>& events, const Policy& policy,
                    const Pool& pool);

}  // namespace sallyport::approve
