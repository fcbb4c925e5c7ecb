// SPDX-License-Identifier: Apache-2.0
#include "core/trust/scan_exception.h"

#include "core/trust/mint.h"
#include "core/trust/pool_motion.h"

namespace sallyport::trust {
namespace {

// Clocks of two machines differ a little, as for verdicts.
constexpr std::int64_t clock_skew_seconds_max = 300;

}  // namespace

Result<void> check_time(const ScanException& exception, Instant at) {
  if (at >= exception.until)
    return Error(Code::scan_exception_invalid, "exception.until", "later than " + at.print(),
                 exception.until.print());
  if (exception.time > at.plus(clock_skew_seconds_max))
    return Error(Code::scan_exception_invalid, "exception.time", "not after " + at.print(),
                 exception.time.print());
  return {};
}

Result<Verified<ProposedScanException>> scan_exception_as_proposed(BytesView envelope, const Policy& policy,
                                                                   Instant at) {
  auto open = TRY(open_motion(envelope, parse_scan_exception, "exception", policy, at));
  return Mint::verified(ProposedScanException{std::move(open.statement), std::move(open.motion)},
                        std::move(open.evidence));
}

Result<Verified<ApprovedScanException>> scan_exception(BytesView envelope, const Policy& policy, Instant at) {
  const auto proposed = TRY(scan_exception_as_proposed(envelope, policy, at));
  const auto& [exception, motion] = *proposed;
  TRY(require_granted(motion.digest, motion.ballot, terms_of(exception, policy, at), "exception"));
  TRY(check_time(exception, at));
  return Mint::verified(ApprovedScanException{exception, motion.digest}, proposed.evidence());
}

}  // namespace sallyport::trust
