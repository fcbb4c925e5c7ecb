// SPDX-License-Identifier: Apache-2.0
#include "core/trust/motion.h"

#include "core/format/statement.h"
#include "core/trust/officers.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

using approve::Act;
using approve::Event;
using approve::Standing;

// keyid only says which key to try: a signature counts for the person whose key verifies it.
Result<Signing> find_key(const EnvelopeSignature& signature, const Policy& policy, const std::string& where) {
  const auto* person = policy.owner_of(signature.key);
  const auto* key = policy.find_key(signature.key);
  if (person != nullptr && key != nullptr) return Signing{person, &key->key, Act::approve};
  return Error(Code::order_signer_unknown, where, "the key of a person of the policy", signature.key.text());
}

// What may have been signed.
struct SignedBytes {
  Bytes agreement;
  Bytes refusal;
};

// What the signature does, by what it is over. A fault is neither: it ends here.
Result<Act> act_of(const Signing& signing, const SignedBytes& bytes, BytesView signature,
                   const std::string& where) {
  constexpr auto mismatch = Code::order_signature_invalid;
  const auto agreed = signing.key->verify(bytes.agreement, signature, mismatch);
  if (agreed.ok()) return Act::approve;
  if (agreed.error().code != mismatch) return agreed.error();
  const auto refused = signing.key->verify(bytes.refusal, signature, mismatch);
  if (refused.ok()) return Act::refuse;
  if (refused.error().code != mismatch) return refused.error();
  return Error(mismatch, where, "a signature over these bytes", "none of " + signing.person->id.text());
}

// The proposer's first signature proposes, and so does the first of each further kind that the policy asks for; that it
// comes first is for approve::fold to check.
std::vector<Event> events_of(const std::vector<Signing>& signings, const PersonId& proposer,
                             const Sha256Digest& order, const RequiredKinds& required) {
  std::vector<Event> events;
  SignatureKinds proposed;
  for (const auto& signing : signings) {
    const auto kind = signing.key->kind();
    const bool is_next = events.empty() || (!proposed.empty() && required.each_of().contains(kind));
    const bool proposes = is_next && signing.act == Act::approve && signing.person->id == proposer &&
                          proposed.insert(kind).second;
    events.push_back({signing.key->id(), proposes ? Act::propose : signing.act, order});
  }
  return events;
}

Check signature_check(const Signing& signing, std::string_view what) {
  return {std::string(what) + " signature", signing.person->id.text() + " (" + signing.key->algorithm() +
                                                ", key " + signing.key->id().brief() + ")"};
}

const Quorum& quorum_for(const MotionTerms& terms) {
  return approve::rule_for(terms.pool, terms.kind).value()->approve;
}

// Why it is open: the proposer's signatures are not complete, or those of too few others are.
Error approvals_missing(const approve::Ballot& ballot, const MotionTerms& terms, std::string where) {
  const auto& required = terms.policy.signatures.statements;
  if (!required.met_by(ballot.proposed_by)) {
    return {Code::signature_kind_missing, "proposed by " + ballot.proposer.text(),
            required.describe() + " signatures", describe(ballot.proposed_by)};
  }
  std::string found = std::to_string(ballot.approved.size()) + ": " + names_of(ballot.approved);
  for (const auto& [person, kinds] : ballot.begun)
    found += "; " + person.text() + " not yet, " + describe(kinds) + " alone";
  return {Code::approvals_missing, std::move(where), quorum_for(terms).describe(), std::move(found)};
}

}  // namespace

// One invalid signature refuses the whole, however many valid ones there are.
Result<std::vector<Signing>> verify_signings(const Envelope& envelope, const Policy& policy,
                                             std::string_view what, Checks& passed) {
  const SignedBytes bytes{pre_authentication_encoding(statement_payload_type, envelope.payload),
                          pre_authentication_encoding(refusal_payload_type, envelope.payload)};
  std::vector<Signing> signings;
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    const auto& signature = envelope.signatures[i];
    auto signing = TRY(find_key(signature, policy, signature_place(i)));
    signing.act = TRY(act_of(signing, bytes, signature.signature, signature_place(i)));
    signings.push_back(signing);
  }
  for (const auto& signing : signings) passed.push_back(signature_check(signing, what));
  return signings;
}

Result<SignedMotion> fold_signings(const Envelope& envelope, const std::vector<Signing>& signings,
                                   const MotionTerms& terms) {
  const auto digest = sha256(envelope.payload);
  auto events = events_of(signings, terms.proposer, digest, terms.policy.signatures.statements);
  const approve::Motion motion{terms.policy, terms.pool, terms.proposer, digest, terms.kind, terms.at};
  auto ballot = TRY(approve::fold(motion, events));
  return SignedMotion{digest, std::move(events), std::move(ballot)};
}

Result<void> require_granted(const Sha256Digest& digest, const approve::Ballot& ballot,
                             const MotionTerms& terms, std::string_view what) {
  auto where = std::string(what) + " " + digest.brief();
  switch (ballot.standing) {
    case Standing::vetoed:
      return Error(Code::order_vetoed, std::move(where), "no refusal",
                   "refused by " + names_of(ballot.refused));
    case Standing::open:
      return approvals_missing(ballot, terms, std::move(where));
    case Standing::granted:
      break;
  }
  return {};
}

Check approvals_check(const approve::Ballot& ballot, const MotionTerms& terms) {
  return {"approvals", names_of(ballot.approved) + "; required: " + quorum_for(terms).describe() + ", pool " +
                           terms.pool.id.text()};
}

}  // namespace sallyport::trust
