// SPDX-License-Identifier: Apache-2.0
#include "core/trust/order.h"

#include <algorithm>

#include "core/trust/mint.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

using approve::Act;
using approve::Event;
using approve::Standing;

enum class Meaning : std::uint8_t { agreement, refusal };

struct Signing {
  const Person* person;
  const PublicKey* key;
  Meaning meaning;
};

// keyid only says which key to try: a signature counts for the person whose key verifies it.
Result<Signing> find_key(const EnvelopeSignature& signature, const Policy& policy, const std::string& where) {
  const auto* person = policy.owner_of(signature.key);
  if (person == nullptr) {
    return Error(Code::order_signer_unknown, where, "the key of a person of the policy",
                 signature.key.text());
  }
  const auto key = std::find_if(person->keys.begin(), person->keys.end(),
                                [&](const PublicKey& own) { return own.id() == signature.key; });
  CHECK(key != person->keys.end());
  return Signing{person, &*key, Meaning::agreement};
}

// One invalid signature refuses the whole order, however many valid ones there are.
Result<std::vector<Signing>> verify_all(const Envelope& envelope, const Policy& policy) {
  const auto agreement = pre_authentication_encoding(statement_payload_type, envelope.payload);
  const auto refusal = pre_authentication_encoding(refusal_payload_type, envelope.payload);
  std::vector<Signing> signings;
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    const auto& signature = envelope.signatures[i];
    auto signing = TRY(find_key(signature, policy, signature_place(i)));
    const auto agreed = signing.key->verify(agreement, signature.signature, Code::order_signature_invalid);
    if (!agreed.ok()) {
      const auto refused = signing.key->verify(refusal, signature.signature, Code::order_signature_invalid);
      if (!refused.ok()) {
        return Error(Code::order_signature_invalid, signature_place(i), "a signature over these bytes",
                     "none of " + signing.person->id.text());
      }
      signing.meaning = Meaning::refusal;
    }
    signings.push_back(signing);
  }
  return signings;
}

// The proposer's first signature proposes; that it comes first is for approve::fold to check.
std::vector<Event> events_of(const std::vector<Signing>& signings, const PersonId& proposer) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < signings.size(); ++i) {
    const auto& signing = signings[i];
    const bool proposes = i == 0 && signing.person->id == proposer;
    const Act act = signing.meaning == Meaning::refusal ? Act::refuse
                    : proposes                          ? Act::propose
                                                        : Act::approve;
    events.push_back({signing.person->id, act});
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

std::string names(const std::set<PersonId>& persons) {
  std::string text;
  for (const auto& person : persons) text += (text.empty() ? "" : ", ") + person.text();
  return text.empty() ? "nobody" : text;
}

Check signature_check(const Signing& signing) {
  return {"order signature", signing.person->id.text() + " (" + signing.key->algorithm() + ", key " +
                                 signing.key->id().brief() + ")"};
}

Check approvals_check(const approve::Ballot& ballot, const Pool& pool) {
  return {"approvals", names(ballot.approved) + "; required: " + std::to_string(pool.approvals.persons) +
                           " of pool " + pool.id.text()};
}

// Everything but whether the approvals suffice.
Result<ProposedOrder> proposed_order(BytesView envelope_json, const Policy& policy, Checks& passed) {
  const auto envelope = TRY(open_envelope(envelope_json));
  const auto signings = TRY(verify_all(envelope, policy));
  for (const auto& signing : signings) passed.push_back(signature_check(signing));
  auto order = TRY(parse_order(envelope.payload));
  TRY(check_policy_of(order, policy));
  const auto* pool = TRY(find_pool(order, policy));
  auto ballot = TRY(approve::fold(order.proposer, events_of(signings, order.proposer), policy, *pool));
  passed.push_back({"proposer", ballot.proposer.text()});
  return ProposedOrder{std::move(order), sha256(envelope.payload), std::move(ballot)};
}

}  // namespace

Result<Verified<ProposedOrder>> order_as_proposed(BytesView envelope_json, const Policy& policy, Instant at) {
  Evidence evidence{at, policy.version, {}};
  auto proposed = TRY(proposed_order(envelope_json, policy, evidence.checks));
  evidence.checks.push_back(approvals_check(proposed.ballot, policy.pools.at(proposed.order.pool)));
  return Mint::verified(std::move(proposed), std::move(evidence));
}

Result<Verified<ApprovedOrder>> order(BytesView envelope_json, const Policy& policy, Instant at,
                                      Checks& passed) {
  const auto passed_before = static_cast<std::ptrdiff_t>(passed.size());
  const auto proposed = TRY(proposed_order(envelope_json, policy, passed));
  const auto& ballot = proposed.ballot;
  const auto& pool = policy.pools.at(proposed.order.pool);
  switch (ballot.standing) {
    case Standing::vetoed:
      return Error(Code::order_vetoed, "order " + proposed.digest.brief(), "no refusal",
                   "refused by " + names(ballot.refused));
    case Standing::open:
      return Error(Code::approvals_missing, "order " + proposed.digest.brief(),
                   std::to_string(pool.approvals.persons) + " persons",
                   std::to_string(count_distinct(ballot.approved)) + ": " + names(ballot.approved));
    case Standing::granted:
      break;
  }
  passed.push_back(approvals_check(ballot, pool));
  Evidence evidence{at, policy.version, {passed.begin() + passed_before, passed.end()}};
  return Mint::verified(ApprovedOrder{proposed.order, proposed.digest, ballot}, std::move(evidence));
}

Result<Verified<ApprovedOrder>> order(BytesView envelope_json, const Policy& policy, Instant at) {
  Checks passed;
  return order(envelope_json, policy, at, passed);
}

}  // namespace sallyport::trust
