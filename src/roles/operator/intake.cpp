// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/intake.h"

#include "roles/operator/scanner_check.h"

namespace sallyport::intake {

Result<Report> submit(const Submission& submission, const Ports& ports) {
  const Speakers speakers{ports.signer, ports.further};
  const auto intake = TRY(check_keys(submission.policy, speakers));
  Party party{{}, ports.unpacker, ports.scratch, ports.limits};
  party.engines.push_back(TRY(ready_engine(ports.scanner, submission.now)));
  for (auto* const scanner : ports.scanners)
    party.engines.push_back(TRY(ready_engine(*scanner, submission.now)));
  auto examined = TRY(examine(submission, intake, party, ports.workers, ports.progress));
  const Known known{submission.package_name,
                    examined.package->digest,
                    submission.policy,
                    intake,
                    submission.now,
                    party.infos(submission.now),
                    {},
                    ports.exceptions};
  return Report{TRY(conclude(std::move(examined.draft), known, speakers)), examined.package};
}

}  // namespace sallyport::intake
