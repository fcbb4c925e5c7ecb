// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/motion.h"

#include "core/base/text.h"
#include "core/format/statement.h"
#include "roles/operator/person.h"

namespace sallyport::deploy {
namespace {

using approve::Act;
using approve::Standing;

// The proposer's own further signature, of a kind that the policy asks for and that is not there yet.
Act act_of(Act act, const OpenMotion& open, const MotionAnswer& answer, SignatureKind kind) {
  const bool is_missing = answer.policy.signatures.statements.each_of().contains(kind) &&
                          !open.motion.ballot.proposed_by.contains(kind);
  const bool proposes = act == Act::approve && answer.person == open.proposer && is_missing;
  return proposes ? Act::propose : act;
}

// Asks the one function that judges approvals what it would say with this answer.
Result<void> check_would_stand(const OpenMotion& open, Act act, const MotionAnswer& answer,
                               const PublicKey& key) {
  if (!open.motion.ballot.refused.empty())
    return Error(Code::order_vetoed, open.motion.digest.brief(), "no refusal",
                 "refused by " + open.motion.ballot.refused.begin()->text());
  const auto* pool = TRY(find_pool(answer.policy, open.pool));
  auto events = open.motion.events;
  events.push_back({key.id(), act_of(act, open, answer, key.kind()), open.motion.digest});
  TRY(approve::fold(
      {answer.policy, *pool, open.proposer, open.motion.digest, OrderKind::ordinary, answer.now}, events));
  return {};
}

}  // namespace

std::string_view word(Standing standing) {
  switch (standing) {
    case Standing::granted:
      return "granted";
    case Standing::vetoed:
      return "vetoed";
    case Standing::open:
      break;
  }
  return "open";
}

std::string subject_label(const std::string& path) {
  constexpr std::size_t size_max = 255;
  constexpr std::size_t cut_at = 240;  // room for what stands in the place of half a letter
  return path.size() <= size_max ? path : valid_utf8(path.substr(0, cut_at));
}

Result<AnsweredMotion> propose_motion(const MotionProposal& proposal, const ProveMotion& prove,
                                      Signer& signer) {
  TRY(check_person(proposal.policy, proposal.person, signer.public_key()));
  const auto* pool = TRY(find_pool(proposal.policy, proposal.pool));
  const auto digest = sha256(as_bytes(proposal.payload));
  TRY(approve::fold({proposal.policy, *pool, proposal.person, digest, OrderKind::ordinary, proposal.now},
                    {{signer.public_key().id(), Act::propose, digest}}));
  Envelope envelope{std::string(statement_payload_type), copy(as_bytes(proposal.payload)), {}};
  TRY(add_signature(envelope, statement_payload_type, signer));
  auto file = print_envelope(envelope);
  auto proved = TRY(prove(as_bytes(file)));
  return AnsweredMotion{std::move(proved.motion), std::move(file)};
}

Result<AnsweredMotion> answer_motion(Act act, const MotionAnswer& answer, const ProveMotion& prove,
                                     Signer& signer) {
  const auto open = TRY(prove(answer.envelope));
  if (answer.reviewed && *answer.reviewed != open.motion.digest)
    return Error(Code::not_what_was_reviewed, "statement", answer.reviewed->text(),
                 open.motion.digest.text());
  const auto key = signer.public_key();
  TRY(check_person(answer.policy, answer.person, key));
  TRY(check_would_stand(open, act, answer, key));
  auto envelope = TRY(parse_envelope(answer.envelope));
  TRY(add_signature(envelope, act == Act::refuse ? refusal_payload_type : statement_payload_type, signer));
  auto file = print_envelope(envelope);
  auto proved = TRY(prove(as_bytes(file)));
  CHECK(proved.motion.digest == open.motion.digest);
  return AnsweredMotion{std::move(proved.motion), std::move(file)};
}

}  // namespace sallyport::deploy
