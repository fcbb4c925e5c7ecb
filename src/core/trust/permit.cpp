// SPDX-License-Identifier: Apache-2.0
#include "core/trust/permit.h"

#include <algorithm>

#include "core/format/service_ways.h"
#include "core/trust/mint.h"

namespace sallyport::trust {
namespace {

// One line of a comparison: `where` is the field, the code follows from what is compared.
Result<void> same(Code code, const std::string& where, const std::string& expected,
                  const std::string& found) {
  if (expected == found) return {};
  return Error(code, where, expected, found);
}

Result<void> order_fits(const Package& package, const Order& order) {
  const Code code = Code::order_other_package;
  const auto& tree = package.tree;
  TRY(same(code, "order.package", package.digest.text(), order.package.text()));
  TRY(same(code, "order.release", package.release.text(), order.release.text()));
  TRY(same(code, "order.product", tree.product.text(), order.product.text()));
  TRY(same(code, "order.version", tree.version, order.version));
  return same(code, "order.counter", std::to_string(tree.counter), std::to_string(order.counter));
}

Result<void> asks_for_what_is_allowed(const Tree& tree, const Pool& pool) {
  const auto sysctls = sysctls_not_allowed(tree, pool);
  if (!sysctls.empty()) {
    return Error(Code::sysctl_not_allowed, "sysctls", "those that pool " + pool.id.text() + " allows",
                 sysctls.front());
  }
  const auto exceptions = exceptions_not_allowed(tree, pool);
  if (exceptions.empty()) return {};
  return Error(Code::exception_not_allowed, "exceptions",
               "none that opens a way that the gates of pool " + pool.id.text() + " want closed",
               exceptions.front());
}

Result<void> for_this_node(const Package& package, const Order& order, const NodeFacts& node,
                           const Policy& policy) {
  const auto pool = policy.pools.find(node.pool);
  if (order.pool != node.pool || pool == policy.pools.end()) {
    return Error(Code::order_other_pool, "order.pool", node.pool.text(), order.pool.text());
  }
  const bool named = std::find(order.nodes.begin(), order.nodes.end(), node.node) != order.nodes.end();
  if (!named || pool->second.nodes.count(node.node) == 0) {
    return Error(Code::order_other_node, "order.nodes", node.node.text(),
                 named ? "not in the policy" : "others");
  }
  if (pool->second.products.count(package.tree.product) == 0) {
    return Error(Code::order_other_product, "product", "a product of pool " + node.pool.text(),
                 package.tree.product.text());
  }
  const auto& architecture = package.tree.architecture;
  if (architecture != "any")
    TRY(same(Code::order_other_architecture, "architecture", node.architecture, architecture));
  return asks_for_what_is_allowed(package.tree, pool->second);
}

Result<void> in_the_log(const ApprovedOrder& approved, const std::optional<Verified<Logged>>& logged,
                        const NodeFacts& node, const Policy& policy) {
  if (!policy.log) return {};
  if (!logged) {
    return Error(Code::log_proof_missing, "order " + approved.digest.brief(),
                 "a proof that it is in " + policy.log->origin, "none");
  }
  const auto& [entry, proof] = **logged;
  const bool is_order = entry.kind == tlog::EntryKind::order || entry.kind == tlog::EntryKind::break_glass;
  if (!is_order || entry.digest != approved.digest) {
    return Error(Code::log_other_entry, "proof", "order " + approved.digest.text(),
                 std::string(tlog::word(entry.kind)) + " " + entry.digest.text());
  }
  const auto seen = node.logs.find(proof.checkpoint.checkpoint.origin);
  if (seen == node.logs.end()) return {};
  return tlog::check_since(proof, seen->second);
}

Result<void> in_window(const Order& order, Instant at) {
  if (at < order.from) {
    return Error(Code::order_not_yet_valid, "order.from", "at or before " + at.print(), order.from.print());
  }
  if (at >= order.until) {
    return Error(Code::order_expired, "order.until", "after " + at.print(), order.until.print());
  }
  return {};
}

Result<void> in_hours(const Order& order, const Policy& policy, Instant at) {
  const auto& pool = policy.pools.at(order.pool);
  if (order.kind == OrderKind::break_glass || !pool.timetable) return {};
  if (hour_at(*pool.timetable, at) == Hour::open) return {};
  return Error(Code::outside_allowed_hours, "pool " + pool.id.text(), describe(*pool.timetable), at.print());
}

Result<void> above_floor(const Tree& tree, const NodeFacts& node) {
  const auto floor = node.counter_floors.find(tree.product);
  if (floor == node.counter_floors.end() || tree.counter >= floor->second) return {};
  return Error(Code::counter_rollback, "counter of " + tree.product.text(),
               "at least " + std::to_string(floor->second), std::to_string(tree.counter));
}

}  // namespace

Result<void> verdict_fits(const Package& package, const Verdict& verdict) {
  const Code code = Code::verdict_other_package;
  const auto& tree = package.tree;
  TRY(same(code, "verdict.package", package.digest.text(), verdict.package.text()));
  TRY(same(code, "verdict.release", package.release.text(), verdict.release.text()));
  TRY(same(code, "verdict.product", tree.product.text(), verdict.product.text()));
  TRY(same(code, "verdict.version", tree.version, verdict.version));
  return same(code, "verdict.counter", std::to_string(tree.counter), std::to_string(verdict.counter));
}

std::vector<std::string> sysctls_not_allowed(const Tree& tree, const Pool& pool) {
  std::vector<std::string> found;
  for (const auto& service : tree.services) {
    for (const auto& sysctl : service.sysctls) {
      if (!pool.sysctls.contains(sysctl.name)) found.push_back(service.name.text() + ": " + sysctl.name);
    }
  }
  return found;
}

std::vector<std::string> exceptions_not_allowed(const Tree& tree, const Pool& pool) {
  std::vector<std::string> found;
  if (!pool.gate) return found;
  for (const auto& service : tree.services) {
    for (const auto& way : ways_opened(service, tree, pool.gate->closed))
      found.push_back(service.name.text() + ": " + way);
  }
  return found;
}

Result<void> excepted_for(const std::vector<ScanException>& exceptions, const PoolId& pool) {
  for (const auto& exception : exceptions) {
    if (exception.pool == pool) continue;
    return Error(Code::scan_exception_invalid, "exception.pool", pool.text(), exception.pool.text());
  }
  return {};
}

Permit Mint::permit(const Verified<Package>& package, const Verified<CleanVerdict>& verdict,
                    const Verified<ApprovedOrder>& order, const std::optional<Verified<Logged>>& logged) {
  return {package, verdict, order, logged};
}

Result<Permit> permit(const Verified<Package>& package, const Verified<CleanVerdict>& verdict,
                      const Verified<ApprovedOrder>& order, const std::optional<Verified<Logged>>& logged,
                      const NodeFacts& node, const Policy& policy, Instant at) {
  TRY(verdict_fits(*package, verdict->verdict));
  TRY(order_fits(*package, order->order));
  TRY(same(Code::order_other_verdict, "order.verdict", verdict->digest.text(), order->order.verdict.text()));
  TRY(same(Code::policy_mismatch, "order.policy", policy.digest.text(), order->order.policy.text()));
  TRY(for_this_node(*package, order->order, node, policy));
  TRY(excepted_for(verdict->exceptions, node.pool));
  TRY(approve::check_unused(order->digest, order->order.sequence, node.spent));
  TRY(in_window(order->order, at));
  TRY(in_hours(order->order, policy, at));
  TRY(above_floor(package->tree, node));
  TRY(in_the_log(*order, logged, node, policy));
  return Mint::permit(package, verdict, order, policy.log ? logged : std::nullopt);
}

}  // namespace sallyport::trust
