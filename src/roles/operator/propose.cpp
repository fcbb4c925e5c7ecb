// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/propose.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/format/statement.h"
#include "core/trust/foreign_verdict.h"
#include "core/trust/package.h"
#include "core/trust/permit.h"
#include "core/trust/verdict.h"
#include "roles/operator/person.h"

namespace sallyport::deploy {
namespace {

constexpr std::size_t reason_size_max = 1000;

std::vector<NodeId> nodes_of(const Proposal& proposal, const Pool& pool) {
  if (proposal.nodes.empty()) return {pool.nodes.begin(), pool.nodes.end()};
  const std::set<NodeId> sorted(proposal.nodes.begin(), proposal.nodes.end());
  return {sorted.begin(), sorted.end()};
}

Result<void> check_window(Instant from, Instant until, Instant now) {
  if (until <= from) return Error(Code::usage_error, "--until", "later than " + from.print(), until.print());
  if (until <= now) return Error(Code::order_expired, "--until", "later than " + now.print(), until.print());
  return {};
}

// Hours that the window of such an order may have; none: any.
std::optional<std::uint32_t> hours_max(const Pool& pool, OrderKind kind) {
  if (kind == OrderKind::break_glass && pool.break_glass) return pool.break_glass->window_hours_max;
  return pool.window_hours_max;
}

Instant end_of_window(const Proposal& proposal, const Pool& pool, Instant from) {
  if (proposal.until) return *proposal.until;
  const auto hours = hours_max(pool, proposal.kind);
  return from.plus(hours ? std::min<std::int64_t>(window_seconds, *hours * 3600LL) : window_seconds);
}

Result<void> check_reason(const std::string& reason) {
  if (reason.size() <= reason_size_max && is_plain_text(reason)) return {};
  return Error(Code::usage_error, "--reason", "one line of plain text, at most 1000 bytes",
               printable(reason.substr(0, 100)));
}

Order make_order(const Proposal& proposal, const Package& package, const trust::CleanVerdict& verdict,
                 const Pool& pool, Instant from, Instant until) {
  const auto now = static_cast<std::uint64_t>(proposal.now.seconds()) * 1000 + proposal.milliseconds;
  return {.package_name = proposal.package_name,
          .package = package.digest,
          .release = package.release,
          .product = package.tree.product,
          .version = package.tree.version,
          .counter = package.tree.counter,
          .verdict = verdict.digest,
          .policy = proposal.policy.digest,
          .policy_version = proposal.policy.version,
          .pool = pool.id,
          .nodes = nodes_of(proposal, pool),
          .sequence = proposal.sequence.value_or(now),
          .from = from,
          .until = until,
          .proposer = proposal.person,
          .reason = proposal.reason,
          .kind = proposal.kind};
}

// Who may propose, for which pool and what: by the checks that everybody downstream makes. Before the key is
// used, so that nobody enters a PIN for nothing.
Result<void> check_allowed(const Order& order, const Policy& policy, const Pool& pool, const KeyId& key,
                           Instant now) {
  if (!pool.products.contains(order.product))
    return Error(Code::order_other_product, "--pool", "a pool that runs " + order.product.text(),
                 pool.id.text());
  for (const auto& node : order.nodes) {
    if (!pool.nodes.contains(node))
      return Error(Code::node_unknown, "--nodes", "a node of pool " + pool.id.text(), node.text());
  }
  const approve::Motion motion{policy,     pool, order.proposer, sha256(as_bytes(print_order(order))),
                               order.kind, now};
  TRY(approve::fold(motion, {{key, approve::Act::propose, motion.order}}));
  return {};
}

}  // namespace

Result<Proposed> propose(const Proposal& proposal, Signer& signer, Workers& workers) {
  const auto& policy = proposal.policy;
  TRY(trust::refuse_foreign_verdict(proposal.verdict));
  const auto package = TRY(trust::package(proposal.file, policy, proposal.now, workers));
  const auto verdict = TRY(trust::verdict(proposal.verdict, policy, proposal.now));
  TRY(trust::verdict_fits(*package, verdict->verdict));
  TRY(check_person(policy, proposal.person, signer.public_key()));
  const auto* pool = TRY(find_pool(policy, proposal.pool));
  const auto from = proposal.from.value_or(proposal.now);
  const auto until = end_of_window(proposal, *pool, from);
  TRY(check_window(from, until, proposal.now));
  TRY(check_reason(proposal.reason));
  auto order = make_order(proposal, *package, *verdict, *pool, from, until);
  TRY(check_allowed(order, policy, *pool, signer.public_key().id(), proposal.now));

  const auto payload = print_order(order);
  Envelope envelope{std::string(statement_payload_type), copy(as_bytes(payload)), {}};
  TRY(add_signature(envelope, statement_payload_type, signer));
  auto file = print_envelope(envelope);
  const auto proved = TRY(trust::order_as_proposed(as_bytes(file), policy, proposal.now));
  return Proposed{std::move(order), proved->digest, std::move(file)};
}

}  // namespace sallyport::deploy
