// SPDX-License-Identifier: Apache-2.0
#include "core/trust/baseline.h"

#include "core/trust/mint.h"
#include "core/trust/officers.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

Result<void> verify(const Policy& policy, const Envelope& envelope) {
  const auto signed_bytes = pre_authentication_encoding(statement_payload_type, envelope.payload);
  std::set<KeyId> seen;
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    const auto& [id, signature] = envelope.signatures[i];
    const auto* key = policy.find_key(id);
    if (key == nullptr)
      return Error(Code::baseline_signer_unknown, signature_place(i), "the key of a person of the policy",
                   id.text());
    TRY(key->key.verify(signed_bytes, signature, Code::baseline_signature_invalid)
            .within(signature_place(i)));
    if (seen.insert(id).second) continue;
    return Error(Code::approver_counted_twice, signature_place(i), "one signature by each key", id.text());
  }
  return {};
}

}  // namespace

Result<Verified<SignedBaseline>> baseline_as_signed(const Policy& policy, BytesView envelope_json,
                                                    Instant at) {
  const auto envelope = TRY(open_envelope(envelope_json));
  TRY(verify(policy, envelope));
  auto baseline = TRY(parse_baseline(envelope.payload));
  Officers officers(policy);
  for (const auto& [id, _] : envelope.signatures)
    officers.add(TRY(officer_of(policy, id, at, Code::baseline_signer_unknown)));
  SignedBaseline result{std::move(baseline), sha256(envelope.payload), officers.complete()};
  Evidence evidence{at,
                    policy.version,
                    {{"baseline signatures", "by officers of version " + std::to_string(policy.version) +
                                                 ": " + names_of(result.signers)}}};
  return Mint::verified(std::move(result), std::move(evidence));
}

Result<Verified<SignedBaseline>> baseline(const Policy& policy, BytesView envelope, Instant at) {
  auto proof = TRY(baseline_as_signed(policy, envelope, at));
  TRY(check_officers(policy, proof->signers, at, Code::baseline_quorum_missing));
  return proof;
}

}  // namespace sallyport::trust
