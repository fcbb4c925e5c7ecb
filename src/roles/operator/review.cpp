// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/review.h"

#include "core/trust/permit.h"
#include "roles/operator/person.h"

namespace sallyport::deploy {
namespace {

constexpr std::size_t summary_lines_max = 24;  // one screen

template <class Ids>
std::vector<std::string> texts(const Ids& ids) {
  std::vector<std::string> list;
  for (const auto& id : ids) list.push_back(id.text());
  return list;
}

std::string standing_word(approve::Standing standing) {
  switch (standing) {
    case approve::Standing::open:
      return "open";
    case approve::Standing::granted:
      return "granted";
    case approve::Standing::vetoed:
      return "vetoed";
  }
  return {};
}

std::string window_word(const Order& order, Instant now) {
  if (now < order.from) return "not begun";
  return now >= order.until ? "over" : "open";
}

// Empty: the policy asks for one signature of each person, of whatever kind.
std::string kinds_word(const approve::Ballot& ballot, const RequiredKinds& required) {
  if (required.any_one()) return {};
  std::string text = required.describe() + " of each person";
  if (!required.met_by(ballot.proposed_by))
    text += "; " + ballot.proposer.text() + " by now: " + describe(ballot.proposed_by);
  for (const auto& [person, kinds] : ballot.begun)
    text += "; " + person.text() + " by now: " + describe(kinds);
  return text;
}

Result<Standing> standing_of(const ProposedOrder& proposed, const Policy& policy, Instant now) {
  const auto* pool = TRY(find_pool(policy, proposed.order.pool));
  const auto& ballot = proposed.ballot;
  const auto* rule = TRY(approve::rule_for(*pool, proposed.order.kind));
  return Standing{standing_word(ballot.standing),   ballot.proposer.text(),
                  texts(ballot.approved),           texts(ballot.refused),
                  rule->approve.persons_min(),      rule->approve.describe(),
                  window_word(proposed.order, now), kinds_word(ballot, policy.signatures.statements)};
}

Result<std::vector<Field>> read_verdict(BytesView file, const Order& order, const Policy& policy,
                                        Instant now) {
  const auto issued = TRY(trust::verdict_as_issued(file, policy, now));
  if (issued->digest != order.verdict)
    return Error(Code::order_other_verdict, "verdict", order.verdict.text(), issued->digest.text());
  return verdict_fields(issued->verdict);
}

std::string release_name(const Tree& tree) {
  return tree.name + " " + tree.version + ", counter " + std::to_string(tree.counter);
}

// A release of nothing, for a first installation.
Tree nothing_before(const Tree& tree) {
  return {tree.product, tree.name, tree.version, tree.architecture, tree.counter, {}, {}, {}};
}

std::string provenance_of(const Verified<Package>& package) {
  for (const auto& check : package.evidence().checks) {
    if (check.name == "provenance") return check.finding;
  }
  return {};
}

Result<Changes> read_changes(const ReviewRequest& request, const Order& order, Workers& workers) {
  const auto package = TRY(trust::package(*request.package, request.policy, request.now, workers));
  if (package->digest != order.package)
    return Error(Code::order_other_package, "package", order.package.text(), package->digest.text());
  const auto* pool = TRY(find_pool(request.policy, order.pool));
  auto sysctls = trust::sysctls_not_allowed(package->tree, *pool);
  auto exceptions = trust::exceptions_not_allowed(package->tree, *pool);
  if (request.running == nullptr)
    return Changes{diff_trees(nothing_before(package->tree), package->tree),
                   {},
                   summarise(package->tree, summary_lines_max),
                   std::move(sysctls),
                   std::move(exceptions),
                   provenance_of(package)};
  return Changes{diff_trees(*request.running, package->tree),
                 release_name(*request.running),
                 {},
                 std::move(sysctls),
                 std::move(exceptions),
                 provenance_of(package)};
}

}  // namespace

Result<Review> review(const ReviewRequest& request, Workers& workers) {
  const auto proposed = TRY(trust::order_as_proposed(request.order, request.policy, request.now));
  const auto& order = proposed->order;
  auto standing = TRY(standing_of(*proposed, request.policy, request.now));
  Review review{proposed->digest, order_fields(order), std::move(standing), {}, {}};
  if (request.verdict)
    review.verdict = TRY(read_verdict(*request.verdict, order, request.policy, request.now));
  if (request.package != nullptr) review.changes = TRY(read_changes(request, order, workers));
  return review;
}

}  // namespace sallyport::deploy
