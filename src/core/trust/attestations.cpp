// SPDX-License-Identifier: Apache-2.0
#include "core/trust/attestations.h"

#include <algorithm>
#include <optional>

#include "core/crypto/interop_key.h"
#include "core/format/dsse.h"
#include "core/format/statement.h"

namespace sallyport::trust {
namespace {

constexpr Code invalid = Code::attestation_signature_invalid;

// Other tools know no preferred form of a signature by a classical key.
Result<void> verify(const PublicKey& key, BytesView message, BytesView signature) {
  if (key.kind() == SignatureKind::post_quantum) return key.verify(message, signature, invalid);
  const auto interop = InteropKey::of(key);
  for (const auto scheme :
       {SignatureScheme::ed25519, SignatureScheme::ecdsa_p256_sha256, SignatureScheme::ecdsa_p384_sha384,
        SignatureScheme::rsa_pss_sha256, SignatureScheme::rsa_pkcs1_sha256}) {
    if (interop.check(scheme, message, signature) == Fit::fits) return {};
  }
  return Error(invalid);
}

const PublicKey* hinted(const std::vector<PublicKey>& keys, const std::string& hint) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const PublicKey& key) { return key.id().text() == hint; });
  return found == keys.end() ? nullptr : &*found;
}

// The key of the rule that signed this; none of them: null. A fault is one only where no other key is the answer.
Result<const PublicKey*> signer_among(const std::vector<PublicKey>& keys, BytesView message,
                                      BytesView signature) {
  std::optional<Error> fault;
  for (const auto& key : keys) {
    const auto done = verify(key, message, signature);
    if (done.ok()) return &key;
    if (kind_of(done.error().code) == Kind::fault) fault = done.error();
  }
  if (fault) return *fault;
  return static_cast<const PublicKey*>(nullptr);
}

// The key that one signature is by; null: none of the rule's.
Result<const PublicKey*> signer_of(const std::string& where, const AttestationRule& rule, BytesView message,
                                   const AttestationSignature& signature) {
  const auto* key = hinted(rule.keys, signature.key_hint);
  if (key == nullptr) return signer_among(rule.keys, message, signature.bytes);
  const auto done = verify(*key, message, signature.bytes);
  if (done.ok()) return key;
  if (kind_of(done.error().code) == Kind::fault) return done.error();
  return Error(invalid, where, "a signature by key " + signature.key_hint, "another");
}

// A key may be that of several builders: of those, the policy says which.
Result<void> check_builder(const std::string& where, const Attestation& attestation,
                           const AttestationRule& rule) {
  const auto& named = rule.builders;
  if (named.empty() || std::find(named.begin(), named.end(), attestation.maker) != named.end()) return {};
  std::string expected;
  for (const auto& id : named) expected += (expected.empty() ? "made by " : " or ") + id;
  return Error(Code::attestation_builder_refused, where, std::move(expected),
               attestation.maker.empty() ? "nobody named" : attestation.maker);
}

Result<KeyId> signer_of(const std::string& where, const Attestation& attestation, const AttestationRule& rule,
                        const AttestationTerms& terms) {
  const auto message = pre_authentication_encoding(statement_payload_type, attestation.payload);
  const PublicKey* signer = nullptr;
  std::optional<Error>
      fault;  // of a signature that cannot be checked here: no matter where another one counts
  for (const auto& signature : attestation.signatures) {
    const auto found = signer_of(where, rule, message, signature);
    if (!found.ok() && kind_of(found.error().code) == Kind::refused) return found.error();
    if (!found.ok())
      fault = found.error();
    else if (signer == nullptr)
      signer = found.value();
  }
  if (signer == nullptr && fault) return *fault;
  if (signer == nullptr) {
    const auto& claimed = attestation.signatures.front().key_hint;
    return Error(Code::attestation_signer_unknown, where,
                 "a key that the policy names for " + rule.predicate_type,
                 claimed.empty() ? "a signature by another" : claimed);
  }
  TRY(check_algorithm_ends(terms.algorithm_ends, signer->algorithm(), where, terms.at));
  TRY(check_builder(where, attestation, rule));
  return signer->id();
}

}  // namespace

Result<std::vector<SignedAttestation>> signed_attestations(const AttestationTerms& terms,
                                                           const std::vector<SignedMember>& members) {
  std::vector<Attestation> attestations;
  for (const auto& member : members)
    attestations.push_back(TRY(parse_attestation(member.bytes, member.name)));
  std::vector<SignedAttestation> found;
  for (std::size_t r = 0; r < terms.rules.size(); ++r) {
    const auto& rule = terms.rules[r];
    const auto before = found.size();
    std::optional<Error> refusal;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (attestations[i].predicate_type != rule.predicate_type) continue;
      const auto signer = signer_of(members[i].name, attestations[i], rule, terms);
      if (signer.ok())
        found.push_back({r, members[i].name, attestations[i], signer.value()});
      else if (kind_of(signer.error().code) == Kind::fault)
        return signer.error();
      else if (!refusal)
        refusal = signer.error();
    }
    if (found.size() > before) continue;
    return refusal
               ? *refusal
               : Error(Code::attestation_missing, "the package", rule.predicate_type, "none of this kind");
  }
  return found;
}

Result<std::vector<AttestationRecord>> accepted_attestations(const std::vector<AttestationRule>& rules,
                                                             const std::vector<SignedAttestation>& found,
                                                             const Holdings& holdings) {
  std::vector<AttestationRecord> accepted;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    std::optional<Error> refusal;
    for (const auto& candidate : found) {
      if (candidate.rule != r || accepted.size() > r) continue;
      const auto what = about(candidate.attestation, candidate.member, holdings);
      if (what.ok())
        accepted.push_back(
            {rules[r].predicate_type, candidate.attestation.maker, candidate.key, what.value()});
      else if (kind_of(what.error().code) == Kind::fault)
        return what.error();
      else if (!refusal)
        refusal = what.error();
    }
    if (accepted.size() > r) continue;
    CHECK(refusal.has_value());
    return *refusal;
  }
  return accepted;
}

}  // namespace sallyport::trust
