// SPDX-License-Identifier: Apache-2.0
// What recalls and exceptions for findings have in common: statements with a pool and a proposer, on which the persons
// of the pool decide by its rule for ordinary orders. They rest on no version of the policy. For this folder.
#pragma once

#include "core/trust/motion.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {

template <class Statement>
MotionTerms terms_of(const Statement& statement, const Policy& policy, Instant at) {
  return {policy, policy.pools.at(statement.pool), statement.proposer, OrderKind::ordinary, at};
}

template <class Statement>
struct OpenMotion {
  Statement statement;
  SignedMotion motion;
  Evidence evidence;
};

// Every signature is verified before `parse` sees the payload; order_other_pool for a pool that is none of the policy.
template <class Statement>
Result<OpenMotion<Statement>> open_motion(BytesView envelope_json, Result<Statement> (*parse)(BytesView),
                                          const std::string& what, const Policy& policy, Instant at) {
  Evidence evidence{at, policy.version, {}};
  const auto envelope = TRY(open_envelope(envelope_json));
  const auto signings = TRY(verify_signings(envelope, policy, what, evidence.checks));
  auto statement = TRY(parse(envelope.payload));
  if (!policy.pools.contains(statement.pool))
    return Error(Code::order_other_pool, what + ".pool", "a pool of the policy", statement.pool.text());
  const auto terms = terms_of(statement, policy, at);
  auto motion = TRY(fold_signings(envelope, signings, terms));
  evidence.checks.push_back(approvals_check(motion.ballot, terms));
  return OpenMotion<Statement>{std::move(statement), std::move(motion), std::move(evidence)};
}

}  // namespace sallyport::trust
