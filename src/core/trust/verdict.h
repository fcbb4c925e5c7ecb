// SPDX-License-Identifier: Apache-2.0
// Decides whether a verdict can be relied on: signed by an intake of the policy (exactly one signature), clean but for
// findings that approved exceptions are about (scan_exception.h), covering every file and byte, by every engine that
// the policy names, made under a policy version not later than this one, and fresh: verdict and malware database
// no older than the policy allows. Whether it is about the package at hand, and its exceptions for this pool, is
// decided by trust::permit and nowhere else.
#pragma once

#include "core/format/dsse.h"
#include "core/format/policy.h"
#include "core/format/scan_exception.h"
#include "core/format/verdict.h"
#include "core/trust/verified.h"

namespace sallyport {

struct SignedVerdict {
  Verdict verdict;
  Sha256Digest digest;  // of the payload: what an order names
};

namespace trust {

// Signed by an intake of the policy; may well say "not clean". What reviewers read.
Result<Verified<SignedVerdict>> verdict_as_issued(BytesView envelope, const Policy& policy, Instant at);

struct CleanVerdict {
  Verdict verdict;
  Sha256Digest digest;
  std::vector<ScanException> exceptions = {};  // by which alone it is clean; approved, and not over
};
// As above, and clean, complete and fresh. What approval and installation need. `passed` is added to, whether it
// ends well or not.
Result<Verified<CleanVerdict>> verdict(BytesView envelope, const Policy& policy, Instant at, Checks& passed);
Result<Verified<CleanVerdict>> verdict(BytesView envelope, const Policy& policy, Instant at);

}  // namespace trust
}  // namespace sallyport
