// SPDX-License-Identifier: Apache-2.0
// What the persons of a pool decide by its rule, whatever it is: deployment orders, recalls, exceptions for findings.
// One envelope: the proposer signs first, others approve the same bytes, or refuse them. docs/spec/approval.md.
//
// Every signature is verified before anything of the payload is parsed; core/approve counts.
#pragma once

#include <string>
#include <vector>

#include "core/approve/ballot.h"
#include "core/format/dsse.h"
#include "core/trust/verified.h"

namespace sallyport {

// One genuine signature and whose it is.
struct Signing {
  const Person* person;
  const PublicKey* key;
  approve::Act act;  // approve or refuse
};

struct SignedMotion {
  Sha256Digest digest;                 // of the payload: its identity
  std::vector<approve::Event> events;  // the signatures, in their order
  approve::Ballot ballot;
};

namespace trust {

// order_signer_unknown, order_signature_invalid: one that does not verify refuses the whole, however many do. Each
// that does is a check, named by `what`: "order", "recall".
Result<std::vector<Signing>> verify_signings(const Envelope& envelope, const Policy& policy,
                                             std::string_view what, Checks& passed);

// Which rule it is about, and who the payload says proposes.
struct MotionTerms {
  const Policy& policy;
  const Pool& pool;
  PersonId proposer;
  OrderKind kind;
  Instant at;
};

// What approve::fold refuses is refused.
Result<SignedMotion> fold_signings(const Envelope& envelope, const std::vector<Signing>& signings,
                                   const MotionTerms& terms);

// order_vetoed, signature_kind_missing (of the proposer), approvals_missing.
Result<void> require_granted(const Sha256Digest& digest, const approve::Ballot& ballot,
                             const MotionTerms& terms, std::string_view what);

Check approvals_check(const approve::Ballot& ballot, const MotionTerms& terms);

}  // namespace trust
}  // namespace sallyport
