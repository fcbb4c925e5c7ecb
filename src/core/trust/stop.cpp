// SPDX-License-Identifier: Apache-2.0
#include "core/trust/stop.h"

#include "core/approve/signer.h"
#include "core/trust/mint.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

bool has_a_part(const std::set<RoleId>& roles, const ApprovalRule& rule) {
  return has_one_of(roles, rule.propose) || has_one_of(roles, rule.approve.roles()) ||
         has_one_of(roles, rule.veto);
}

Result<void> check_allowed(const Person& person, const StopOrder& stop, const Policy& policy, Instant at) {
  const auto pool = policy.pools.find(stop.pool);
  if (pool == policy.pools.end()) {
    return Error(Code::order_other_pool, "stop.pool", "a pool of the policy", stop.pool.text());
  }
  const auto roles = person.roles_at(at);
  const auto& break_glass = pool->second.break_glass;
  if (has_a_part(roles, pool->second.approvals)) return {};
  if (break_glass && has_a_part(roles, break_glass->approvals)) return {};
  return Error(Code::approver_not_authorised, person.id.text(), "a role of the pool", "none");
}

}  // namespace

Result<Verified<StopOrder>> stop(BytesView envelope_json, const Policy& policy, Instant at) {
  const auto envelope = TRY(open_envelope(envelope_json));
  if (envelope.signatures.size() != 1) {
    return Error(Code::envelope_malformed, "signatures", "exactly one",
                 std::to_string(envelope.signatures.size()));
  }
  const auto& signature = envelope.signatures.front();
  const auto [person, key] = TRY(approve::holder_of(policy, signature.key, at, Code::order_signer_unknown));
  TRY(key->key.verify(pre_authentication_encoding(statement_payload_type, envelope.payload),
                      signature.signature, Code::order_signature_invalid));
  auto stop = TRY(parse_stop(envelope.payload));
  if (stop.person != person->id) {
    return Error(Code::order_signer_unknown, "stop.person", person->id.text(), stop.person.text());
  }
  TRY(check_allowed(*person, stop, policy, at));
  Evidence evidence{at,
                    policy.version,
                    {{"stop signature", person->id.text() + " (" + key->key.algorithm() + ", key " +
                                            key->key.id().brief() + ")"}}};
  return Mint::verified(std::move(stop), std::move(evidence));
}

}  // namespace sallyport::trust
