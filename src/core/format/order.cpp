// SPDX-License-Identifier: Apache-2.0
#include "core/format/order.h"

#include <algorithm>

#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/format/policy.h"

namespace sallyport {
namespace {

constexpr std::size_t reason_size_max = 1000;

Result<std::vector<NodeId>> read_nodes(JsonObject& predicate) {
  auto nodes = TRY(fields::parsed_list<NodeId>(predicate, "nodes", pool_nodes_max));
  const auto unsorted = std::adjacent_find(nodes.begin(), nodes.end(), std::greater_equal<>());
  if (unsorted != nodes.end()) return predicate.malformed("nodes", "sorted, each once", unsorted->text());
  return nodes;
}

Result<Instant> read_until(JsonObject& predicate, Instant from) {
  const auto until = TRY(fields::parsed<Instant>(predicate, "until"));
  if (until <= from) return predicate.malformed("until", "later than " + from.print(), until.print());
  return until;
}

std::string_view type_of(OrderKind kind) {
  return kind == OrderKind::break_glass ? break_glass_predicate_type : order_predicate_type;
}

// An unknown type is refused as not being an ordinary order.
Result<OrderKind> kind_of_order(const JsonDocument& document) {
  auto top = TRY(document.object());
  const auto type = TRY(top.text("predicateType", 200));
  return type == break_glass_predicate_type ? OrderKind::break_glass : OrderKind::ordinary;
}

Result<Order> read_order(const JsonDocument& document) {
  const auto kind = TRY(kind_of_order(document));
  auto frame = TRY(read_statement(document, type_of(kind)));
  auto& p = frame.predicate;
  const auto release = TRY(fields::parsed<Sha256Digest>(p, "release"));
  auto product = TRY(fields::parsed<ProductId>(p, "product"));
  auto version = TRY(fields::label(p, "version", 200));
  const auto counter = TRY(fields::positive(p, "counter", fields::number_max));
  const auto verdict = TRY(fields::parsed<Sha256Digest>(p, "verdict"));
  const auto policy = TRY(fields::parsed<Sha256Digest>(p, "policy"));
  const auto policy_version = TRY(fields::positive(p, "policy_version", fields::number_max));
  auto pool = TRY(fields::parsed<PoolId>(p, "pool"));
  auto nodes = TRY(read_nodes(p));
  const auto sequence = TRY(fields::positive(p, "sequence", fields::number_max));
  const auto from = TRY(fields::parsed<Instant>(p, "from"));
  const auto until = TRY(read_until(p, from));
  auto proposer = TRY(fields::parsed<PersonId>(p, "proposer"));
  auto reason = TRY(p.text("reason", reason_size_max));
  TRY(p.finish());
  return Order{.package_name = std::move(frame.subject.name),
               .package = frame.subject.digest,
               .release = release,
               .product = std::move(product),
               .version = std::move(version),
               .counter = counter,
               .verdict = verdict,
               .policy = policy,
               .policy_version = policy_version,
               .pool = std::move(pool),
               .nodes = std::move(nodes),
               .sequence = sequence,
               .from = from,
               .until = until,
               .proposer = std::move(proposer),
               .reason = std::move(reason),
               .kind = kind};
}

}  // namespace

std::string_view word(OrderKind kind) {
  return kind == OrderKind::break_glass ? "break-glass" : "ordinary";
}

Result<Order> parse_order(BytesView payload) {
  return parse_statement(payload, read_order, print_order);
}

std::string print_order(const Order& order) {
  JsonWriter writer;
  writer.begin_object().text("release", order.release.text()).text("product", order.product.text());
  writer.text("version", order.version).number("counter", order.counter);
  writer.text("verdict", order.verdict.text());
  writer.text("policy", order.policy.text()).number("policy_version", order.policy_version);
  writer.text("pool", order.pool.text()).key("nodes").begin_array();
  for (const auto& node : order.nodes) writer.text(node.text());
  writer.end_array().number("sequence", order.sequence);
  writer.text("from", order.from.print()).text("until", order.until.print());
  writer.text("proposer", order.proposer.text()).text("reason", order.reason).end_object();
  return print_statement({order.package_name, order.package}, type_of(order.kind), writer.take());
}

}  // namespace sallyport
