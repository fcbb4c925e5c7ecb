// SPDX-License-Identifier: Apache-2.0
#include "core/approve/ballot.h"

#include "core/approve/signer.h"

namespace sallyport::approve {
namespace {

// A signature as what a person did.
struct Deed {
  const Person* person;
  std::set<RoleId> roles;  // held at the time
  Act act;
  SignatureKind kind;
};

std::string describe(const Deed& deed) {
  switch (deed.act) {
    case Act::propose:
      return "proposed by " + deed.person->id.text();
    case Act::approve:
      return "approved by " + deed.person->id.text();
    case Act::refuse:
      return "refused by " + deed.person->id.text();
  }
  return {};
}

Result<void> check_use(const Person& person, const PersonKey& key, OrderKind kind) {
  const auto needed = kind == OrderKind::break_glass ? KeyUse::break_glass : KeyUse::orders;
  if (key.use == needed) return {};
  const std::string break_glass = "a key for break-glass orders";
  const std::string orders = "a key for ordinary orders";
  return Error(Code::signer_key_other_use, person.id.text() + ", key " + key.key.id().brief(),
               needed == KeyUse::orders ? orders : break_glass,
               needed == KeyUse::orders ? break_glass : orders);
}

Result<Deed> deed_of(const Motion& motion, const Event& event) {
  if (event.order != motion.order) {
    return Error(Code::order_signature_invalid, "key " + event.key.brief(),
                 "a signature over " + motion.order.brief(), "over " + event.order.brief());
  }
  const auto [person, key] = TRY(holder_of(motion.policy, event.key, motion.at, Code::order_signer_unknown));
  TRY(check_use(*person, *key, motion.kind));
  return Deed{person, person->roles_at(motion.at), event.act, key->key.kind()};
}

Result<Ballot> open_ballot(const Motion& motion, const ApprovalRule& rule, const Deed& first) {
  if (first.act != Act::propose || first.person->id != motion.proposer) {
    return Error(Code::order_not_proposed, "first signature", "proposed by " + motion.proposer.text(),
                 describe(first));
  }
  if (!has_one_of(first.roles, rule.propose)) {
    return Error(Code::proposer_not_authorised, motion.proposer.text(), "a proposing role of the pool",
                 "none");
  }
  return Ballot{.proposer = motion.proposer, .approved = {}, .refused = {}, .standing = Standing::open};
}

// What is being gathered, signature by signature.
struct Tally {
  const RequiredKinds& required;
  SignatureKinds proposed;
  Signed approved;
  Signed refused;

  // Each once: one signature, or one of each kind that is asked for.
  Result<void> add(SignatureKinds& made, const Deed& deed) const {
    TRY(required.check_next(made, deed.kind, Code::approver_counted_twice, deed.person->id.text()));
    made.insert(deed.kind);
    return {};
  }
};

Result<void> approve(Tally& tally, const Ballot& ballot, const Deed& deed, const ApprovalRule& rule) {
  const auto& id = deed.person->id;
  if (id == ballot.proposer) {
    return Error(Code::approver_is_proposer, id.text(), "another person", "the proposer");
  }
  if (!has_one_of(deed.roles, rule.approve.roles())) {
    return Error(Code::approver_not_authorised, id.text(), "an approving role of the pool", "none");
  }
  return tally.add(tally.approved[id], deed);
}

Result<void> refuse(Tally& tally, const Deed& deed, const ApprovalRule& rule) {
  const bool may = has_one_of(deed.roles, rule.approve.roles()) || has_one_of(deed.roles, rule.propose) ||
                   has_one_of(deed.roles, rule.veto);
  if (!may) {
    return Error(Code::approver_not_authorised, deed.person->id.text(), "a role of the pool", "none");
  }
  return tally.add(tally.refused[deed.person->id], deed);
}

Result<void> apply(Tally& tally, const Ballot& ballot, const Deed& deed, const ApprovalRule& rule) {
  switch (deed.act) {
    case Act::approve:
      return approve(tally, ballot, deed, rule);
    case Act::refuse:
      return refuse(tally, deed, rule);
    case Act::propose:
      break;
  }
  if (deed.person->id == ballot.proposer) return tally.add(tally.proposed, deed);
  return Error(Code::order_not_proposed, deed.person->id.text(), "one proposer", describe(deed));
}

// Persons, of what was gathered: only here do signatures become somebody who proposed, approved or refused.
void close(Ballot& ballot, const Tally& tally) {
  ballot.proposed_by = tally.proposed;
  for (const auto& [person, kinds] : tally.approved) {
    if (tally.required.met_by(kinds)) {
      ballot.approved.insert(person);
    } else {
      ballot.begun.emplace(person, kinds);
    }
  }
  for (const auto& [person, kinds] : tally.refused) ballot.refused.insert(person);
}

Standing standing_of(const Ballot& ballot, const ApprovalRule& rule, const Motion& motion) {
  if (!ballot.refused.empty()) return Standing::vetoed;
  if (!motion.policy.signatures.statements.met_by(ballot.proposed_by)) return Standing::open;
  Holders holders;
  for (const auto& id : ballot.approved) {
    holders.emplace(id, motion.policy.persons.at(id).roles_at(motion.at));
  }
  return count(rule.approve, holders) == Count::met ? Standing::granted : Standing::open;
}

}  // namespace

Result<const ApprovalRule*> rule_for(const Pool& pool, OrderKind kind) {
  if (kind == OrderKind::ordinary) return &pool.approvals;
  if (pool.break_glass) return &pool.break_glass->approvals;
  return Error(Code::break_glass_not_allowed, "pool " + pool.id.text(), "a rule for break-glass orders",
               "none");
}

Result<Ballot> fold(const Motion& motion, const std::vector<Event>& events) {
  const auto* rule = TRY(rule_for(motion.pool, motion.kind));
  if (events.empty()) {
    return Error(Code::order_not_proposed, "first signature", "proposed by " + motion.proposer.text(),
                 "no signature");
  }
  const auto first = TRY(deed_of(motion, events.front()));
  auto ballot = TRY(open_ballot(motion, *rule, first));
  Tally tally{motion.policy.signatures.statements, {}, {}, {}};
  TRY(tally.add(tally.proposed, first));
  for (std::size_t i = 1; i < events.size(); ++i) {
    const auto deed = TRY(deed_of(motion, events[i]));
    TRY(apply(tally, ballot, deed, *rule));
  }
  close(ballot, tally);
  ballot.standing = standing_of(ballot, *rule, motion);
  return ballot;
}

}  // namespace sallyport::approve
