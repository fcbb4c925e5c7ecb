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

enum class Age : std::uint8_t { as_the_policy_says, any };

Result<Verified<Logged>> check(BytesView proof, const tlog::Entry& what, const Policy& policy, Age age,
                               Instant at, Checks& passed) {
  if (!policy.log) return Error(Code::log_unknown, "policy", "one that names a log", "none");
  auto log_policy = TRY(tlog::log_policy_of(*policy.log));
  if (age == Age::any) log_policy.cosignature_age_seconds_max.reset();
  auto checked = TRY(tlog::check_proof(as_text(proof), what, log_policy, at));
  Logged logged{what, std::move(checked)};
  auto checks = checks_of(logged);
  passed.insert(passed.end(), checks.begin(), checks.end());
  return Mint::verified(std::move(logged), Evidence{at, policy.version, std::move(checks)});
}

}  // namespace

Result<Verified<Logged>> logged(BytesView proof, const tlog::Entry& what, const Policy& policy, Instant at,
                                Checks& passed) {
  return check(proof, what, policy, Age::as_the_policy_says, at, passed);
}

Result<Verified<Logged>> logged_once(BytesView proof, const tlog::Entry& what, const Policy& policy,
                                     Instant at, Checks& passed) {
  return check(proof, what, policy, Age::any, at, passed);
}

}  // namespace sallyport::trust
