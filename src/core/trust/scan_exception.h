// SPDX-License-Identifier: Apache-2.0
// Decides whether an exception for a finding counts: proposed and approved by the persons of its pool as an ordinary
// order is, and its end not over. It rests on no version of the policy.
//
//   what motion.h refuses; statement_malformed, statement_type_mismatch; order_other_pool
//   scan_exception_invalid    its end is over, or it is of a time that is not yet
//
// Whether it is about a finding of a verdict is asked by trust::verdict, whether it is for this pool by trust::permit.
#pragma once

#include "core/format/scan_exception.h"
#include "core/trust/motion.h"

namespace sallyport {

struct ProposedScanException {
  ScanException exception;
  SignedMotion motion;
};

struct ApprovedScanException {
  ScanException exception;
  Sha256Digest digest;  // of the payload: its identity
};

namespace trust {

// Genuine signatures, perhaps not enough of them, of any time: what reviewers read and approvers add to.
Result<Verified<ProposedScanException>> scan_exception_as_proposed(BytesView envelope, const Policy& policy,
                                                                   Instant at);
Result<Verified<ApprovedScanException>> scan_exception(BytesView envelope, const Policy& policy, Instant at);
// Its end is not over, and its time has come: scan_exception_invalid.
Result<void> check_time(const ScanException& exception, Instant at);

}  // namespace trust
}  // namespace sallyport
