// SPDX-License-Identifier: Apache-2.0
#include "core/trust/order.h"

#include <algorithm>

#include "core/base/blank.h"
#include "core/trust/mint.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

using approve::Act;
using approve::Event;
using approve::Standing;

// One genuine signature and whose it is.
struct Signing {
  const Person* person;
  const PublicKey* key;
  Act act;  // approve or refuse
};

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

// One invalid signature refuses the whole order, however many valid ones there are.
Result<std::vector<Signing>> verify_all(const Envelope& envelope, const Policy& policy) {
  const SignedBytes bytes{pre_authentication_encoding(statement_payload_type, envelope.payload),
                          pre_authentication_encoding(refusal_payload_type, envelope.payload)};
  std::vector<Signing> signings;
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    const auto& signature = envelope.signatures[i];
    auto signing = TRY(find_key(signature, policy, signature_place(i)));
    signing.act = TRY(act_of(signing, bytes, signature.signature, signature_place(i)));
    signings.push_back(signing);
  }
  return signings;
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

Result<void> check_policy_of(const Order& order, const Policy& policy) {
  if (order.policy_version != policy.version) {
    return Error(Code::policy_mismatch, "order.policy_version", std::to_string(policy.version),
                 std::to_string(order.policy_version));
  }
  if (order.policy != policy.digest) {
    return Error(Code::policy_mismatch, "order.policy", policy.digest.text(), order.policy.text());
  }
  return {};
}

Result<const Pool*> find_pool(const Order& order, const Policy& policy) {
  const auto found = policy.pools.find(order.pool);
  if (found == policy.pools.end()) {
    return Error(Code::order_other_pool, "order.pool", "a pool of the policy", order.pool.text());
  }
  const auto& pool = found->second;
  if (pool.products.count(order.product) == 0) {
    return Error(Code::order_other_product, "order.product", "a product of pool " + pool.id.text(),
                 order.product.text());
  }
  for (const auto& node : order.nodes) {
    if (pool.nodes.count(node) != 0) continue;
    return Error(Code::order_other_node, "order.nodes", "nodes of pool " + pool.id.text(), node.text());
  }
  return &pool;
}

Result<void> check_length(const Order& order, std::uint32_t hours_max) {
  const auto seconds_max = static_cast<std::int64_t>(hours_max) * 3600;
  const auto seconds = order.until.seconds() - order.from.seconds();
  if (seconds <= seconds_max) return {};
  return Error(Code::order_window_too_long, "order.until",
               "at most " + std::to_string(hours_max) + " hours after " + order.from.print(),
               order.until.print());
}

// What the policy demands of the order's own fields, by its kind.
Result<void> check_terms(const Order& order, const Pool& pool) {
  TRY(approve::rule_for(pool, order.kind));
  if (order.kind == OrderKind::ordinary) {
    return pool.window_hours_max ? check_length(order, *pool.window_hours_max) : Result<void>();
  }
  if (is_blank(order.reason))
    return Error(Code::break_glass_reason_missing, "order.reason", "a reason that can be read",
                 order.reason.empty() ? "none" : "blanks");
  return check_length(order, pool.break_glass->window_hours_max);
}

std::string names(const std::set<PersonId>& persons) {
  std::string text;
  for (const auto& person : persons) text += (text.empty() ? "" : ", ") + person.text();
  return text.empty() ? "nobody" : text;
}

Check signature_check(const Signing& signing) {
  return {"order signature", signing.person->id.text() + " (" + signing.key->algorithm() + ", key " +
                                 signing.key->id().brief() + ")"};
}

const Quorum& quorum_for(const Order& order, const Policy& policy) {
  return approve::rule_for(policy.pools.at(order.pool), order.kind).value()->approve;
}

Check approvals_check(const ProposedOrder& proposed, const Policy& policy) {
  return {"approvals", names(proposed.ballot.approved) +
                           "; required: " + quorum_for(proposed.order, policy).describe() + ", pool " +
                           proposed.order.pool.text()};
}

// Why it is open: the proposer's signatures are not complete, or those of too few others are.
Error approvals_missing(const ProposedOrder& proposed, const Policy& policy) {
  const auto& ballot = proposed.ballot;
  const auto& required = policy.signatures.statements;
  if (!required.met_by(ballot.proposed_by)) {
    return {Code::signature_kind_missing, "proposed by " + ballot.proposer.text(),
            required.describe() + " signatures", describe(ballot.proposed_by)};
  }
  std::string found = std::to_string(ballot.approved.size()) + ": " + names(ballot.approved);
  for (const auto& [person, kinds] : ballot.begun)
    found += "; " + person.text() + " not yet, " + describe(kinds) + " alone";
  return {Code::approvals_missing, "order " + proposed.digest.brief(),
          quorum_for(proposed.order, policy).describe(), std::move(found)};
}

// Everything but whether the approvals suffice.
Result<ProposedOrder> proposed_order(BytesView envelope_json, const Policy& policy, Instant at,
                                     Checks& passed) {
  const auto envelope = TRY(open_envelope(envelope_json));
  const auto signings = TRY(verify_all(envelope, policy));
  for (const auto& signing : signings) passed.push_back(signature_check(signing));
  auto order = TRY(parse_order(envelope.payload));
  if (order.kind == OrderKind::break_glass) passed.push_back({"break-glass", "BREAK-GLASS: " + order.reason});
  TRY(check_policy_of(order, policy));
  const auto* pool = TRY(find_pool(order, policy));
  TRY(check_terms(order, *pool));
  const approve::Motion motion{policy, *pool, order.proposer, sha256(envelope.payload), order.kind, at};
  auto events = events_of(signings, order.proposer, motion.order, policy.signatures.statements);
  auto ballot = TRY(approve::fold(motion, events));
  passed.push_back({"proposer", ballot.proposer.text()});
  return ProposedOrder{std::move(order), motion.order, std::move(events), std::move(ballot)};
}

}  // namespace

Result<Verified<ProposedOrder>> order_as_proposed(BytesView envelope_json, const Policy& policy, Instant at) {
  Evidence evidence{at, policy.version, {}};
  auto proposed = TRY(proposed_order(envelope_json, policy, at, evidence.checks));
  evidence.checks.push_back(approvals_check(proposed, policy));
  return Mint::verified(std::move(proposed), std::move(evidence));
}

Result<Verified<ApprovedOrder>> order(BytesView envelope_json, const Policy& policy, Instant at,
                                      Checks& passed) {
  const auto passed_before = static_cast<std::ptrdiff_t>(passed.size());
  const auto proposed = TRY(proposed_order(envelope_json, policy, at, passed));
  const auto& ballot = proposed.ballot;
  switch (ballot.standing) {
    case Standing::vetoed:
      return Error(Code::order_vetoed, "order " + proposed.digest.brief(), "no refusal",
                   "refused by " + names(ballot.refused));
    case Standing::open:
      return approvals_missing(proposed, policy);
    case Standing::granted:
      break;
  }
  passed.push_back(approvals_check(proposed, policy));
  Evidence evidence{at, policy.version, {passed.begin() + passed_before, passed.end()}};
  return Mint::verified(ApprovedOrder{proposed.order, proposed.digest, ballot}, std::move(evidence));
}

Result<Verified<ApprovedOrder>> order(BytesView envelope_json, const Policy& policy, Instant at) {
  Checks passed;
  return order(envelope_json, policy, at, passed);
}

}  // namespace sallyport::trust
