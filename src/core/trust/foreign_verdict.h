// SPDX-License-Identifier: Apache-2.0
// Decides whether a verdict about a package of another tool can be relied on: by the checks of trust::verdict
// (trust/verdict.h), and as a type that no permit takes. Defined in verdict.cpp.
#pragma once

#include "core/format/foreign_verdict.h"
#include "core/format/policy.h"
#include "core/trust/verified.h"

namespace sallyport::trust {

struct SignedForeignVerdict {
  ForeignVerdict verdict;
  Sha256Digest digest;  // of the payload
};
// Signed by an intake of the policy; may well say "not clean".
Result<Verified<SignedForeignVerdict>> foreign_verdict_as_issued(BytesView envelope, const Policy& policy,
                                                                 Instant at);

struct CleanForeignVerdict {
  ForeignVerdict verdict;
  Sha256Digest digest;
};
// As above, and clean, complete and fresh.
Result<Verified<CleanForeignVerdict>> foreign_verdict(BytesView envelope, const Policy& policy, Instant at);

// For whoever is about to propose or install: package_foreign, where this claims to be
// such a verdict. It proves nothing about any other: those are refused by what follows.
Result<void> refuse_foreign_verdict(BytesView envelope);

}  // namespace sallyport::trust
