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

// Folds the signatures in their order. Refuses what must not be in an order at all: a person twice
// (approver_counted_twice, approver_is_proposer), a person without an approving role
// (approver_not_authorised), a proposer without a proposing role (proposer_not_authorised) or whose signature
// is not the first (order_not_proposed). One refusal by any person with an approving or proposing role
// vetoes.
Result<Ballot> fold(const PersonId& proposer, const std::vector<Event>& events, const Policy& policy,
                    const Pool& pool);

}  // namespace sallyport::approve
