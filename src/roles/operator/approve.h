// SPDX-License-Identifier: Apache-2.0
// One person's answer to an order: yes (approve) or no (refuse, a veto). Both sign the very bytes that the
// proposer signed and put the signature into the order's envelope. Where the policy asks for several kinds of
// signatures, each of a person's keys signs in turn, also the proposer's.
//
// Refused before the key is used: an order that does not verify, another one than was read (not_what_was_reviewed), a
// key that is not this person's (person_key_mismatch), the proposer as approver, a person twice, a person without the
// role, an order that somebody refused (order_vetoed) and one whose window is over (order_expired).
#pragma once

#include "adapters/signer/port.h"
#include "core/trust/order.h"

namespace sallyport::deploy {

struct Answer {
  BytesView order;  // the order file
  const Policy& policy;
  PersonId person;
  Instant now;
  std::optional<Sha256Digest> reviewed =
      {};  // of the order that the person has read; another one is not signed
};

struct Answered {
  Order order;
  Sha256Digest digest;
  approve::Ballot ballot;  // with this answer
  std::string envelope;    // the order file with one more signature
};

Result<Answered> approve_order(const Answer& answer, Signer& signer);
Result<Answered> refuse_order(const Answer& answer, Signer& signer);

}  // namespace sallyport::deploy
