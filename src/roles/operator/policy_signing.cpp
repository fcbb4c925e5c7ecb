// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/policy_signing.h"

#include "core/format/dsse.h"
#include "roles/operator/person.h"

namespace sallyport::operators {
namespace {

// A policy file becomes an envelope that nobody has signed yet.
Envelope envelope_of(BytesView file) {
  auto envelope = parse_envelope(file);
  if (envelope.ok()) return std::move(envelope).value();
  return {std::string(policy_payload_type), copy(file), {}};
}

Result<SignatureCount> count_signatures(const Policy& in_force, const Envelope& envelope, Instant now) {
  if (envelope.signatures.empty()) {  // an envelope of nobody has no form
    return SignatureCount{{}, {}, Error(Code::policy_quorum_missing, "officers", "signatures", "none")};
  }
  const auto file = print_envelope(envelope);
  const auto proof = TRY(trust::policy_as_signed(in_force, as_bytes(file), now));
  SignatureCount count{proof->before, proof->after, {}};
  auto change = trust::policy_change(in_force, as_bytes(file), now);
  if (!change.ok()) count.missing = change.take_error();
  return count;
}

// Every signature by a key of the new policy; others cannot be judged without the policy in force.
Result<SignatureCount> count_in_new_alone(const Policy& next, const Envelope& envelope) {
  const auto signed_bytes = pre_authentication_encoding(policy_payload_type, envelope.payload);
  SignatureCount count{{}, {}, Error(Code::policy_quorum_missing, "--policy", "the policy in force", "none")};
  std::map<PersonId, SignatureKinds> made;
  for (const auto& [id, signature] : envelope.signatures) {
    const auto* key = next.find_key(id);
    if (key == nullptr) {
      return Error(Code::policy_signer_unknown, "signatures", "keys of the new policy, or --policy",
                   id.text());
    }
    TRY(key->key.verify(signed_bytes, signature, Code::policy_signature_invalid));
    made[next.owner_of(id)->id].insert(key->key.kind());
  }
  for (const auto& [person, kinds] : made)
    if (next.signatures.statements.met_by(kinds)) count.after.insert(person);
  return count;
}

Result<SignatureCount> count_by(const PolicySigning& request, const Policy& next, const Envelope& envelope) {
  if (request.in_force == nullptr) return count_in_new_alone(next, envelope);
  return count_signatures(*request.in_force, envelope, request.now);
}

Result<void> check_next(const Policy& in_force, const Policy& next) {
  if (next.version == in_force.version + 1) return {};
  const Code code = next.version <= in_force.version ? Code::policy_rollback : Code::policy_version_skipped;
  return Error(code, "version", std::to_string(in_force.version + 1), std::to_string(next.version));
}

}  // namespace

Result<PolicySigned> sign_policy(const PolicySigning& request, Signer& signer) {
  auto envelope = envelope_of(request.file);
  const auto next = TRY(parse_policy(envelope.payload));
  if (request.reviewed && *request.reviewed != next.digest)
    return Error(Code::not_what_was_reviewed, "policy", request.reviewed->text(), next.digest.text());
  const auto* in_force = request.in_force;
  if (in_force != nullptr) TRY(check_next(*in_force, next));
  const auto key = signer.public_key();
  if (in_force == nullptr || !deploy::check_person(*in_force, request.person, key).ok()) {
    TRY(deploy::check_person(next, request.person, key));
  }
  TRY(count_by(request, next, envelope));
  TRY(deploy::add_signature(envelope, policy_payload_type, signer));
  auto count = TRY(count_by(request, next, envelope));
  return PolicySigned{next.version, next.digest, std::move(count), print_envelope(envelope)};
}

Result<PolicyReview> review_policy(BytesView file, BytesView in_force_file, Instant now) {
  const auto envelope = envelope_of(file);
  auto next = TRY(parse_policy(envelope.payload));
  const auto in_force = TRY(parse_policy(in_force_file));
  TRY(check_next(in_force, next));
  auto fields = TRY(json_fields(envelope.payload, policy_size_max, Code::policy_malformed));
  const auto before = TRY(json_fields(in_force_file, policy_size_max, Code::policy_malformed));
  auto changes = diff_fields(before, fields);
  auto count = TRY(count_signatures(in_force, envelope, now));
  return PolicyReview{std::move(next), std::move(fields), std::move(changes), std::move(count)};
}

}  // namespace sallyport::operators
