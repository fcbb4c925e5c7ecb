// SPDX-License-Identifier: Apache-2.0
#include "core/trust/order.h"

#include "core/base/blank.h"
#include "core/trust/mint.h"
#include "core/trust/motion.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

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

MotionTerms terms_of(const Order& order, const Policy& policy, Instant at) {
  return {policy, policy.pools.at(order.pool), order.proposer, order.kind, at};
}

// Everything but whether the approvals suffice.
Result<ProposedOrder> proposed_order(BytesView envelope_json, const Policy& policy, Instant at,
                                     Checks& passed) {
  const auto envelope = TRY(open_envelope(envelope_json));
  const auto signings = TRY(verify_signings(envelope, policy, "order", passed));
  auto order = TRY(parse_order(envelope.payload));
  if (order.kind == OrderKind::break_glass) passed.push_back({"break-glass", "BREAK-GLASS: " + order.reason});
  TRY(check_policy_of(order, policy));
  const auto* pool = TRY(find_pool(order, policy));
  TRY(check_terms(order, *pool));
  auto motion = TRY(fold_signings(envelope, signings, terms_of(order, policy, at)));
  passed.push_back({"proposer", motion.ballot.proposer.text()});
  return ProposedOrder{std::move(order), motion.digest, std::move(motion.events), std::move(motion.ballot)};
}

}  // namespace

Result<Verified<ProposedOrder>> order_as_proposed(BytesView envelope_json, const Policy& policy, Instant at) {
  Evidence evidence{at, policy.version, {}};
  auto proposed = TRY(proposed_order(envelope_json, policy, at, evidence.checks));
  evidence.checks.push_back(approvals_check(proposed.ballot, terms_of(proposed.order, policy, at)));
  return Mint::verified(std::move(proposed), std::move(evidence));
}

Result<Verified<ApprovedOrder>> order(BytesView envelope_json, const Policy& policy, Instant at,
                                      Checks& passed) {
  const auto passed_before = static_cast<std::ptrdiff_t>(passed.size());
  const auto proposed = TRY(proposed_order(envelope_json, policy, at, passed));
  const auto terms = terms_of(proposed.order, policy, at);
  TRY(require_granted(proposed.digest, proposed.ballot, terms, "order"));
  passed.push_back(approvals_check(proposed.ballot, terms));
  Evidence evidence{at, policy.version, {passed.begin() + passed_before, passed.end()}};
  return Mint::verified(ApprovedOrder{proposed.order, proposed.digest, proposed.ballot}, std::move(evidence));
}

Result<Verified<ApprovedOrder>> order(BytesView envelope_json, const Policy& policy, Instant at) {
  Checks passed;
  return order(envelope_json, policy, at, passed);
}

}  // namespace sallyport::trust
