// SPDX-License-Identifier: Apache-2.0
#include "roles/server/nodes.h"

#include <algorithm>

#include "core/format/dsse.h"
#include "core/format/json_writer.h"
#include "core/trust/node_report.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

constexpr std::uint64_t report_size_max = 1U << 20U;
constexpr std::int64_t ahead_seconds_max = 300;
constexpr std::int64_t old_seconds = 86400;
constexpr std::uint32_t page_size = 50;

// Nobody has verified it.
Result<NodeReport> claimed(const Envelope& envelope) {
  if (envelope.payload_type != node_report_payload_type)
    return Error(Code::statement_type_mismatch, "payloadType", std::string(node_report_payload_type),
                 envelope.payload_type);
  return parse_node_report(envelope.payload);
}

Result<void> check_time(const NodeReport& report, Instant now) {
  const auto latest = now.plus(ahead_seconds_max);
  if (report.time <= latest) return {};
  return Error(Code::clock_implausible, "report.time", "not after " + latest.print(), report.time.print());
}

// By the node's key where one is registered, else unverified.
Result<NodeReport> read_report(const Account& account, BytesView body, Instant now) {
  if (account.node_key.empty()) {
    const auto envelope = TRY(parse_envelope(body));
    return claimed(envelope);
  }
  const auto key = TRY(PublicKey::from_pem(account.node_key));
  const auto verified = TRY(trust::node_report(body, key, now));
  return *verified;
}

Result<WebAnswer> take_report(World& world, const Call& call, BytesView body) {
  const auto report = TRY(read_report(call.account, body, call.now));
  if (report.node.text() != call.name("node"))
    return answer_with(Trouble::not_allowed, "the report is another node's");
  TRY(check_time(report, call.now));
  ReportRecord record{
      report.node.text(), std::string(as_text(body)), call.now.seconds(), report.time.seconds(), {}};
  for (const auto& generation : report.generations)
    if (generation.use == GenerationUse::active) record.packages.push_back(generation.package.text());
  if (TRY(world.db.put_report(record)) == Changed::not_found)
    return answer_with(Trouble::state_conflict, "the report that is there was made later");
  return answer_empty(204);
}

// The key that the administrator registered for the node; empty: none.
std::string key_of(const Accounts& accounts, const std::string& node) {
  for (const auto& [digest, account] : accounts)
    if (account.node && account.node->text() == node && !account.node_key.empty()) return account.node_key;
  return {};
}

// Verified now, by the key of now: what was stored says nothing of it.
void show_signature(const ReportRecord& record, const Accounts& accounts, Instant now, JsonWriter& to) {
  const auto pem = key_of(accounts, record.node);
  const auto key = PublicKey::from_pem(pem);
  if (pem.empty() || !key.ok()) {
    to.text("signature", "no-key");
    return;
  }
  const auto verified = trust::node_report(as_bytes(record.envelope), key.value(), now);
  to.text("signature", verified.ok() ? "verified" : "other-key");
  if (verified.ok()) to.text("key", key.value().id().text());
}

void show_contents(const NodeReport& report, JsonWriter& to) {
  to.text("pool", report.pool.text()).text("policy", report.policy.text());
  to.number("policy_version", report.policy_version).key("generations").begin_array();
  for (const auto& one : report.generations) {
    to.begin_object().number("number", one.number).text("use", word(one.use));
    to.text("package", one.package.text()).text("release", one.release.text());
    to.text("product", one.product.text()).text("version", one.version).end_object();
  }
  to.end_array().key("services").begin_array();
  for (const auto& [service, state] : report.services)
    to.begin_object().text("service", service.text()).text("state", word(state)).end_object();
  to.end_array()
      .text("gate", word(report.gate))
      .number("recall", report.recall)
      .key("findings")
      .begin_array();
  for (const auto& code : report.findings) to.text(code);
  to.end_array().key("events").begin_object().number("size", report.events);
  to.text("root", report.events_root.text()).end_object();
}

Result<void> show(const ReportRecord& record, const Accounts& accounts, Instant now, JsonWriter& to) {
  to.begin_object().text("node", record.node);
  to.text("brought", TRY(Instant::from_seconds(record.created)).print());
  // What the database holds is somebody's text, too.
  const auto envelope = parse_envelope(as_bytes(record.envelope));
  const auto report = envelope.ok() ? claimed(envelope.value()) : Result<NodeReport>(envelope.error());
  if (!report.ok() || report.value().node.text() != record.node) {
    to.text("signature", "unreadable").end_object();
    return {};
  }
  const auto age = std::max<std::int64_t>(0, now.seconds() - report.value().time.seconds());
  to.text("time", report.value().time.print()).number("age_seconds", static_cast<std::uint64_t>(age));
  to.key("old").boolean(age > old_seconds);
  show_signature(record, accounts, now, to);
  show_contents(report.value(), to);
  to.end_object();
  return {};
}

}  // namespace

Handled list_nodes(World& world, const Call& call) {
  const auto* const after = call.target.find("after");
  const auto accounts = world.accounts.now();
  const auto page = TRY(world.db.list_reports(after == nullptr ? "" : *after, page_size));
  JsonWriter to;
  to.begin_object().key("nodes").begin_array();
  for (const auto& record : page) TRY(show(record, *accounts, call.now, to));
  to.end_array().text("last", page.empty() ? "" : page.back().node).end_object();
  return WebBegun(answer_json(200, to.take()));
}

Handled show_node(World& world, const Call& call) {
  const auto record = TRY(world.db.find_report(call.name("node")));
  if (!record) return WebBegun(answer_with(Trouble::not_found));
  JsonWriter to;
  TRY(show(*record, *world.accounts.now(), call.now, to));
  return WebBegun(answer_json(200, to.take()));
}

Handled put_report(World& world, const Call& call) {
  if (!call.account.node || call.account.node->text() != call.name("node"))
    return WebBegun(answer_with(Trouble::not_allowed, "the report is another node's"));
  return take_small_body(call, report_size_max, {"application/json", "application/vnd.dsse.envelope+json"},
                         [&world, call](BytesView body) { return take_report(world, call, body); });
}

Handled get_report(World& world, const Call& call) {
  const auto report = TRY(world.db.find_report(call.name("node")));
  if (!report) return WebBegun(answer_with(Trouble::not_found));
  return WebBegun(answer_json(200, report->envelope));
}

}  // namespace sallyport::server
