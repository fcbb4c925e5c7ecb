// SPDX-License-Identifier: Apache-2.0
#include "roles/server/recalls.h"

#include "core/format/json_writer.h"
#include "core/trust/recall.h"
#include "roles/server/motions.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

constexpr std::uint32_t hits_max = 100;
constexpr std::uint32_t recalls_max = 100;  // newer ones come by the parameter `after`

Motion motion_of(const RecallRecord& recall) {
  return {recall.digest, recall.envelope};
}

CheckSignatures checked(World& world, Instant now) {
  return [&world, now](BytesView envelope) -> Result<void> {
    TRY(trust::recall_as_proposed(envelope, world.policy, now));
    return {};
  };
}

Result<WebAnswer> add_recall(World& world, const Call& call, BytesView body) {
  const auto envelope = TRY(parse_envelope(body));
  const auto digest = sha256(envelope.payload);
  if (digest.text() != call.name("digest")) return answer_with(Trouble::digest_mismatch, digest.text());
  if (auto refusal = check_owner(world, call, envelope.signatures.front().key)) return std::move(*refusal);
  TRY(checked(world, call.now)(body));
  const RecallRecord record{0, digest.text(), call.account.name, std::string(as_text(body)),
                            call.now.seconds()};
  const bool is_new = TRY(world.db.add_recall(record)) == Changed::done;
  return answer_empty(is_new ? 201 : 200, {{"Location", "/api/v1/recalls/" + digest.text()}});
}

// For eyes: by this server's policy, as of now.
Result<void> show(World& world, const Call& call, const RecallRecord& record, JsonWriter& to) {
  to.begin_object().text("digest", record.digest);
  to.text("brought", TRY(Instant::from_seconds(record.created)).print());
  const auto stored = TRY(join(world, motion_of(record)));
  const auto text = print_envelope(stored.envelope);
  const auto proposed = trust::recall_as_proposed(as_bytes(text), world.policy, call.now);
  if (proposed.ok()) {
    const auto& said = proposed.value()->recall;
    to.text("pool", said.pool.text()).number("sequence", said.sequence);
    to.text("proposer", said.proposer.text()).text("time", said.time.print());
    to.number("contents", said.contents.size()).number("packages", said.packages.size());
    to.text("reason", said.reason).text("standing", word(proposed.value()->motion.ballot.standing));
  } else {
    to.text("standing", name(proposed.error().code));
  }
  to.end_object();
  return {};
}

// What may be recalled: nobody has proposed anything by it.
Result<void> show(const HitRecord& hit, JsonWriter& to) {
  to.begin_object().text("vnfPkgId", hit.rescan.package).text("package", hit.content);
  to.text("verdict", "/api/v1/packages/" + hit.rescan.package + "/rescan");
  to.text("time", TRY(Instant::from_seconds(hit.rescan.time)).print());
  to.key("finding").raw(hit.rescan.finding).key("nodes").begin_array();
  for (const auto& node : hit.nodes) to.text(node);
  to.end_array().end_object();
  return {};
}

}  // namespace

Handled list_recalls(World& world, const Call& call) {
  const auto after = number_after(call.target);
  if (!after) return WebBegun(answer_with(Trouble::request_malformed, "after: a number"));
  JsonWriter to;
  to.begin_object().key("recalls").begin_array();
  auto last = *after;
  for (const auto& record : TRY(world.db.list_recalls(*after, recalls_max))) {
    TRY(show(world, call, record, to));
    last = record.number;
  }
  to.end_array().number("last", last).key("found").begin_array();
  for (const auto& hit : TRY(world.db.list_hits(hits_max))) TRY(show(hit, to));
  to.end_array().end_object();
  return WebBegun(answer_json(200, to.take()));
}

Handled put_recall(World& world, const Call& call) {
  return take_small_body(call, envelope_size_max, envelope_types,
                         [&world, call](BytesView body) { return add_recall(world, call, body); });
}

Handled get_recall(World& world, const Call& call) {
  const auto recall = TRY(world.db.find_recall(call.name("digest")));
  if (!recall) return WebBegun(answer_with(Trouble::not_found));
  const auto stored = TRY(join(world, motion_of(*recall)));
  return WebBegun(answer_json(200, print_envelope(stored.envelope)));
}

Handled post_recall_approvals(World& world, const Call& call) {
  const auto recall = TRY(world.db.find_recall(call.name("digest")));
  if (!recall) return WebBegun(answer_with(Trouble::not_found));
  return take_small_body(call, envelope_size_max, envelope_types,
                         [&world, call, motion = motion_of(*recall)](BytesView body) {
                           return add_signatures(world, call, motion, body, checked(world, call.now));
                         });
}

}  // namespace sallyport::server
