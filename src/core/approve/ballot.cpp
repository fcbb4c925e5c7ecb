// SPDX-License-Identifier: Apache-2.0
#include "core/approve/ballot.h"

namespace sallyport::approve {
namespace {

bool may(const Policy& policy, const PersonId& id, const std::set<RoleId>& roles) {
  const auto person = policy.persons.find(id);
  return person != policy.persons.end() && has_one_of(person->second, roles);
}

std::string act_text(const Event& event) {
  switch (event.act) {
    case Act::propose:
      return "proposed by " + event.person.text();
    case Act::approve:
      return "approved by " + event.person.text();
    case Act::refuse:
      return "refused by " + event.person.text();
  }
  return {};
}

Result<void> check_proposal(const PersonId& proposer, const std::vector<Event>& events, const Policy& policy,
                            const ApprovalRule& rule) {
  const std::string found = events.empty() ? "no signature" : act_text(events.front());
  if (events.empty() || events.front().act != Act::propose || events.front().person != proposer) {
    return Error(Code::order_not_proposed, "first signature", "proposed by " + proposer.text(), found);
  }
  if (may(policy, proposer, rule.propose)) return {};
  return Error(Code::proposer_not_authorised, proposer.text(), "a proposing role of the pool", "none");
}

Result<void> once(std::set<PersonId>& persons, const Event& event) {
  if (persons.insert(event.person).second) return {};
  return Error(Code::approver_counted_twice, event.person.text(), "one signature",
               act_text(event) + " again");
}

Result<void> approve(Ballot& ballot, const Event& event, const Policy& policy, const ApprovalRule& rule) {
  if (event.person == ballot.proposer) {
    return Error(Code::approver_is_proposer, event.person.text(), "another person", "the proposer");
  }
  if (!may(policy, event.person, rule.approve)) {
    return Error(Code::approver_not_authorised, event.person.text(), "an approving role of the pool", "none");
  }
  return once(ballot.approved, event);
}

Result<void> refuse(Ballot& ballot, const Event& event, const Policy& policy, const ApprovalRule& rule) {
  if (!may(policy, event.person, rule.approve) && !may(policy, event.person, rule.propose)) {
    return Error(Code::approver_not_authorised, event.person.text(), "a role of the pool", "none");
  }
  return once(ballot.refused, event);
}

Result<void> apply(Ballot& ballot, const Event& event, const Policy& policy, const ApprovalRule& rule) {
  switch (event.act) {
    case Act::approve:
      return approve(ballot, event, policy, rule);
    case Act::refuse:
      return refuse(ballot, event, policy, rule);
    case Act::propose:
      break;
  }
  if (event.person == ballot.proposer) {
    return Error(Code::approver_counted_twice, event.person.text(), "one signature", "proposed again");
  }
  return Error(Code::order_not_proposed, event.person.text(), "one proposer", act_text(event));
}

Standing standing_of(const Ballot& ballot, const ApprovalRule& rule) {
  if (!ballot.refused.empty()) return Standing::vetoed;
  return count_distinct(ballot.approved) >= rule.persons ? Standing::granted : Standing::open;
}

}  // namespace

Result<Ballot> fold(const PersonId& proposer, const std::vector<Event>& events, const Policy& policy,
                    const Pool& pool) {
  const auto& rule = pool.approvals;
  TRY(check_proposal(proposer, events, policy, rule));
  Ballot ballot{.proposer = proposer, .approved = {}, .refused = {}, .standing = Standing::open};
  for (std::size_t i = 1; i < events.size(); ++i) TRY(apply(ballot, events[i], policy, rule));
  ballot.standing = standing_of(ballot, rule);
  return ballot;
}

}  // namespace sallyport::approve
