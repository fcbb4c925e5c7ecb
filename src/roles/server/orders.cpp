// SPDX-License-Identifier: Apache-2.0
#include "roles/server/orders.h"

#include "core/format/json_writer.h"
#include "core/trust/order.h"
#include "roles/server/motions.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

constexpr std::uint32_t orders_max = 1000;  // newest ones come by the parameter `after`

Motion motion_of(const OrderRecord& order) {
  return {order.digest, order.envelope};
}

CheckSignatures checked(World& world, Instant now) {
  return [&world, now](BytesView envelope) -> Result<void> {
    TRY(trust::order_as_proposed(envelope, world.policy, now));
    return {};
  };
}

Result<WebAnswer> add_order(World& world, const Call& call, BytesView body) {
  const auto envelope = TRY(parse_envelope(body));
  const auto digest = sha256(envelope.payload);
  if (digest.text() != call.name("digest")) return answer_with(Trouble::digest_mismatch, digest.text());
  if (auto refusal = check_owner(world, call, envelope.signatures.front().key)) return std::move(*refusal);
  TRY(checked(world, call.now)(body));
  const auto order = TRY(parse_order(envelope.payload));
  const OrderRecord record{0,
                           digest.text(),
                           order.package.text(),
                           order.until.seconds(),
                           call.account.name,
                           std::string(as_text(body)),
                           call.now.seconds()};
  const bool is_new = TRY(world.db.add_order(record)) == Changed::done;
  return answer_empty(is_new ? 201 : 200, {{"Location", "/api/v1/orders/" + digest.text()}});
}

// For eyes: by this server's policy, as of now.
Result<void> show(World& world, const Call& call, const OrderRecord& record, JsonWriter& to) {
  to.begin_object().text("digest", record.digest).text("package", record.package);
  to.text("until", TRY(Instant::from_seconds(record.until)).print());
  const auto stored = TRY(join(world, motion_of(record)));
  const auto text = print_envelope(stored.envelope);
  const auto order = trust::order_as_proposed(as_bytes(text), world.policy, call.now);
  if (order.ok()) {
    const auto& said = order.value()->order;
    to.text("pool", said.pool.text())
        .text("proposer", said.proposer.text())
        .number("sequence", said.sequence);
    to.text("standing", word(order.value()->ballot.standing));
  } else {
    to.text("standing", name(order.error().code));
  }
  to.end_object();
  return {};
}

}  // namespace

Handled list_orders(World& world, const Call& call) {
  const auto after = number_after(call.target);
  if (!after) return WebBegun(answer_with(Trouble::request_malformed, "after: a number"));
  JsonWriter to;
  to.begin_object().key("orders").begin_array();
  auto last = *after;
  for (const auto& record : TRY(world.db.list_orders(*after, orders_max))) {
    TRY(show(world, call, record, to));
    last = record.number;
  }
  to.end_array().number("last", last).end_object();
  return WebBegun(answer_json(200, to.take()));
}

Handled put_order(World& world, const Call& call) {
  return take_small_body(call, envelope_size_max, envelope_types,
                         [&world, call](BytesView body) { return add_order(world, call, body); });
}

Handled get_order(World& world, const Call& call) {
  const auto order = TRY(world.db.find_order(call.name("digest")));
  if (!order) return WebBegun(answer_with(Trouble::not_found));
  const auto stored = TRY(join(world, motion_of(*order)));
  return WebBegun(answer_json(200, print_envelope(stored.envelope)));
}

Handled post_approvals(World& world, const Call& call) {
  const auto order = TRY(world.db.find_order(call.name("digest")));
  if (!order) return WebBegun(answer_with(Trouble::not_found));
  return take_small_body(call, envelope_size_max, envelope_types,
                         [&world, call, motion = motion_of(*order)](BytesView body) {
                           return add_signatures(world, call, motion, body, checked(world, call.now));
                         });
}

}  // namespace sallyport::server
