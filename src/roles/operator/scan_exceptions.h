// SPDX-License-Identifier: Apache-2.0
// Exceptions for findings: proposed from a verdict that is not clean, approved as an order is (motion.h), and put into
// the verdict that they make possible. docs/spec/scanner.md, *Exceptions*.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/trust/scan_exception.h"
#include "roles/operator/motion.h"
#include "roles/operator/relay.h"

namespace sallyport::deploy {

struct ExceptionProposal {
  BytesView verdict;  // the file of one that is not clean
  FileDigest content;
  std::string engine;  // empty: the one that has a finding about it, where there is one alone
  const Policy& policy;
  PoolId pool;
  PersonId person;
  Instant until;
  std::string reason;
  Instant now;
};

struct ProposedExceptionFile {
  ScanException exception;
  Sha256Digest digest;
  std::string envelope;
};

// usage_error where the verdict has no such finding, or several; what the format and trust::scan_exception refuse.
Result<ProposedExceptionFile> propose_exception(const ExceptionProposal& proposal, Signer& signer);

// For answer_motion(). To refuse one that is over is no harm; to approve one is refused (scan_exception_invalid).
ProveMotion prove_exception(const Policy& policy, Instant now);
ProveMotion prove_exception_that_lasts(const Policy& policy, Instant now);

}  // namespace sallyport::deploy

namespace sallyport::intake {

// One that was approved, with the bytes that say so.
struct GivenException {
  ScanException exception;
  std::string envelope;
};

// Files of --exception, each proved now.
Result<std::vector<GivenException>> prove_exceptions(const std::vector<Bytes>& files, const Policy& policy,
                                                     Instant now);

// If every finding of the verdict is covered by those of one pool it is `excepted`, and has those that were needed: of
// several pools those of the first by name, since no node takes exceptions of two. Else it stays as it is.
void except(Verdict& verdict, const std::vector<GivenException>& given);

// What the exceptions given leave of a verdict that is not clean: those of the pool of which they leave the fewest
// findings, the first by name. For whoever reads why it is refused; what counts is the verdict.
struct LeftOpen {
  std::optional<PoolId> pool;     // none where no exceptions were given
  std::vector<bool> is_excepted;  // finding by finding
  std::vector<Finding> findings;  // that have none
};
LeftOpen left_open(const Verdict& verdict, const std::vector<GivenException>& given);

// Those of the pools whose exceptions cover, by digest and words, everything that an engine was heard to say of
// contents, as the process that asked it knows. A worker that passes over what it heard excepts nothing.
std::vector<GivenException> of_pools_that_cover(const std::string& engine, const HeardBook& book,
                                                const std::vector<GivenException>& given);

}  // namespace sallyport::intake
