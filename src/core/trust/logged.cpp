// SPDX-License-Identifier: Apache-2.0
#include "core/trust/logged.h"

#include "core/trust/mint.h"

namespace sallyport::trust {
namespace {

Checks checks_of(const Logged& logged) {
  const auto& [origin, head] = logged.proof.checkpoint.checkpoint;
  std::string witnesses;
  for (const auto& cosigner : logged.proof.checkpoint.cosigners) {
    witnesses += (witnesses.empty() ? "" : ", ") + cosigner.name + " at " + cosigner.time.print();
  }
  return {{"log inclusion", "entry " + std::to_string(logged.proof.index) + " of " +
                                std::to_string(head.size) + " in " + origin},
          {"log witnesses", witnesses}};
}

}  // namespace

Result<Verified<Logged>> logged(BytesView proof, const tlog::Entry& what, const Policy& policy, Instant at,
                                Checks& passed) {
  if (!policy.log) return Error(Code::log_unknown, "policy", "one that names a log", "none");
  const auto log_policy = TRY(tlog::log_policy_of(*policy.log));
  auto checked = TRY(tlog::check_proof(as_text(proof), what, log_policy, at));
  Logged logged{what, std::move(checked)};
  auto checks = checks_of(logged);
  passed.insert(passed.end(), checks.begin(), checks.end());
  return Mint::verified(std::move(logged), Evidence{at, policy.version, std::move(checks)});
}

}  // namespace sallyport::trust
