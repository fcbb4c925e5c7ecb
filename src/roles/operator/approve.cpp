// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/approve.h"

#include "core/format/statement.h"
#include "roles/operator/person.h"

namespace sallyport::deploy {
namespace {

using approve::Act;

Result<void> check_open(const ProposedOrder& proposed, Instant now) {
  const auto what = "order " + proposed.digest.brief();
  if (!proposed.ballot.refused.empty())
    return Error(Code::order_vetoed, what, "no refusal",
                 "refused by " + proposed.ballot.refused.begin()->text());
  if (now >= proposed.order.until)
    return Error(Code::order_expired, what, "a window that ends after " + now.print(),
                 proposed.order.until.print());
  return {};
}

// Asks the one function that judges approvals what it would say with this answer.
Result<void> check_would_stand(const ProposedOrder& proposed, const KeyId& key, Act act,
                               const Answer& answer) {
  const auto& order = proposed.order;
  const auto* pool = TRY(find_pool(answer.policy, order.pool));
  auto events = proposed.events;
  events.push_back({key, act, proposed.digest});
  TRY(approve::fold({answer.policy, *pool, order.proposer, proposed.digest, order.kind, answer.now}, events));
  return {};
}

// The proposer's own further signature, of a kind that the policy asks for and that is not there yet.
Act act_of(Act act, const ProposedOrder& proposed, const Answer& answer, SignatureKind kind) {
  const bool is_missing = answer.policy.signatures.statements.each_of().contains(kind) &&
                          !proposed.ballot.proposed_by.contains(kind);
  const bool proposes = act == Act::approve && answer.person == proposed.order.proposer && is_missing;
  return proposes ? Act::propose : act;
}

Result<Answered> answer_with(Act act, std::string_view payload_type, const Answer& answer, Signer& signer) {
  const auto proposed = TRY(trust::order_as_proposed(answer.order, answer.policy, answer.now));
  if (answer.reviewed && *answer.reviewed != proposed->digest)
    return Error(Code::not_what_was_reviewed, "order", answer.reviewed->text(), proposed->digest.text());
  TRY(check_person(answer.policy, answer.person, signer.public_key()));
  TRY(check_open(*proposed, answer.now));
  const auto key = signer.public_key();
  TRY(check_would_stand(*proposed, key.id(), act_of(act, *proposed, answer, key.kind()), answer));
  auto envelope = TRY(parse_envelope(answer.order));
  TRY(add_signature(envelope, payload_type, signer));
  auto file = print_envelope(envelope);
  const auto proved = TRY(trust::order_as_proposed(as_bytes(file), answer.policy, answer.now));
  CHECK(proved->digest == proposed->digest);
  return Answered{proved->order, proved->digest, proved->ballot, std::move(file)};
}

}  // namespace

Result<Answered> approve_order(const Answer& answer, Signer& signer) {
  return answer_with(Act::approve, statement_payload_type, answer, signer);
}

Result<Answered> refuse_order(const Answer& answer, Signer& signer) {
  return answer_with(Act::refuse, refusal_payload_type, answer, signer);
}

}  // namespace sallyport::deploy
