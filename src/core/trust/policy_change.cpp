// SPDX-License-Identifier: Apache-2.0
#include "core/trust/policy_change.h"

#include "core/trust/mint.h"
#include "core/trust/officers.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

Result<Envelope> open_policy(BytesView json) {
  auto envelope = TRY(parse_envelope(json));
  if (envelope.payload_type == policy_payload_type) return envelope;
  return Error(Code::statement_type_mismatch, "payloadType", std::string(policy_payload_type),
               envelope.payload_type);
}

// The key is taken from whichever policy has it: who has to trust it is asked afterwards.
Result<void> verify(const Envelope& envelope, const Policy& in_force, const Policy& next) {
  const auto signed_bytes = pre_authentication_encoding(policy_payload_type, envelope.payload);
  std::set<KeyId> seen;
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    const auto& [id, signature] = envelope.signatures[i];
    const auto* key = in_force.find_key(id);
    if (key == nullptr) key = next.find_key(id);
    if (key == nullptr) {
      return Error(Code::policy_signer_unknown, signature_place(i), "the key of a person of either policy",
                   id.text());
    }
    TRY(key->key.verify(signed_bytes, signature, Code::policy_signature_invalid).within(signature_place(i)));
    if (seen.insert(id).second) continue;
    return Error(Code::approver_counted_twice, signature_place(i), "one signature by each key", id.text());
  }
  return {};
}

Result<void> check_version(const Policy& in_force, const Policy& next) {
  const auto expected = std::to_string(in_force.version + 1);
  const auto found = std::to_string(next.version);
  if (next.version <= in_force.version) return Error(Code::policy_rollback, "version", expected, found);
  if (next.version == in_force.version + 1) return {};
  return Error(Code::policy_version_skipped, "version", expected, found);
}

// A signature that counts by neither policy must not be there.
Result<void> add_signers(SignedPolicy& signed_policy, const Envelope& envelope, const Policy& in_force,
                         Instant at) {
  Officers old_ones(in_force);
  Officers new_ones(signed_policy.next);
  for (const auto& [id, _] : envelope.signatures) {
    const auto before = officer_of(in_force, id, at, Code::policy_signer_unknown);
    const auto after = officer_of(signed_policy.next, id, at, Code::policy_signer_unknown);
    if (before.ok()) old_ones.add(before.value());
    if (after.ok()) new_ones.add(after.value());
    if (before.ok() || after.ok()) continue;
    return before.error().code == Code::policy_signer_unknown ? after.error() : before.error();
  }
  signed_policy.before = old_ones.complete();
  signed_policy.after = new_ones.complete();
  return {};
}

Result<void> check_quorum(const Policy& policy, const std::set<PersonId>& signers, Instant at) {
  if (policy.officers) return check_officers(policy, signers, at, Code::policy_quorum_missing);
  return Error(Code::policy_quorum_missing, "officers of version " + std::to_string(policy.version),
               "officers in the policy", "none: this policy cannot be changed");
}

std::set<PersonId> officers_among(const Policy& policy, const std::set<KeyId>& keys, Instant at) {
  Officers officers(policy);
  for (const auto& key : keys) {
    const auto officer = officer_of(policy, key, at, Code::policy_signer_unknown);
    if (officer.ok()) officers.add(officer.value());
  }
  return officers.complete();
}

}  // namespace

Result<Verified<SignedPolicy>> policy_as_signed(const Policy& in_force, BytesView envelope_json, Instant at) {
  auto envelope = TRY(open_policy(envelope_json));
  SignedPolicy signed_policy{TRY(parse_policy(envelope.payload)), {}, {}, {}};
  TRY(verify(envelope, in_force, signed_policy.next));
  TRY(check_version(in_force, signed_policy.next));
  TRY(add_signers(signed_policy, envelope, in_force, at));
  signed_policy.bytes = std::move(envelope.payload);
  Evidence evidence{at, in_force.version, {}};
  evidence.checks.push_back({"policy signatures", "by officers of version " +
                                                      std::to_string(in_force.version) + ": " +
                                                      names_of(signed_policy.before) +
                                                      "; of the new one: " + names_of(signed_policy.after)});
  return Mint::verified(std::move(signed_policy), std::move(evidence));
}

Result<Verified<PolicyChange>> policy_change(const Policy& in_force, BytesView envelope, Instant at) {
  const auto proof = TRY(policy_as_signed(in_force, envelope, at));
  TRY(check_quorum(in_force, proof->before, at));
  TRY(check_quorum(proof->next, proof->after, at));
  return Mint::verified(PolicyChange{proof->next, proof->bytes}, proof.evidence());
}

Result<void> policy_change_by_keys(const Policy& in_force, const Policy& next, const std::set<KeyId>& signers,
                                   Instant at) {
  TRY(check_version(in_force, next));
  TRY(check_quorum(in_force, officers_among(in_force, signers, at), at));
  return check_quorum(next, officers_among(next, signers, at), at);
}

}  // namespace sallyport::trust
