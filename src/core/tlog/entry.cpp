// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/entry.h"

#include <array>

#include "core/crypto/revocation_list.h"
#include "core/format/dsse.h"
#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/format/order.h"
#include "core/format/policy.h"
#include "core/format/recall.h"
#include "core/format/stop.h"
#include "core/format/verdict.h"

namespace sallyport::tlog {
namespace {

constexpr std::string_view schema = "sallyport-log-entry/1";
constexpr std::size_t entry_json_size_max = 4096;
constexpr std::array<std::string_view, 8> words{"package", "verdict",     "order",       "policy",
                                                "stop",    "break-glass", "revocations", "recall"};

Result<EntryKind> read_kind(JsonObject& object) {
  const auto text = TRY(object.text("kind", 16));
  const auto kind = entry_kind(text);
  if (kind) return *kind;
  return object.malformed("kind", "package, verdict, order, policy, stop, break-glass, revocations or recall",
                          text);
}

Result<Sha256Digest> read_digest(JsonObject& object, std::string_view name) {
  return fields::parsed<Sha256Digest>(object, name);
}

Result<Entry> of_statement(BytesView payload, const Sha256Digest& file) {
  const auto digest = sha256(payload);
  const auto type = TRY(predicate_type_of(payload));
  if (type == verdict_predicate_type) {
    const auto verdict = TRY(parse_verdict(payload));
    return Entry{EntryKind::verdict, digest, file, verdict.package, {}, verdict.policy};
  }
  if (type == stop_predicate_type) {
    const auto stop = TRY(parse_stop(payload));
    return Entry{EntryKind::stop, digest, file, stop.package, {}, {}, stop.order};
  }
  if (type == recall_predicate_type) {
    TRY(parse_recall(payload));  // the contents and packages that it names are in its digest
    return Entry{EntryKind::recall, digest, file, {}, {}, {}};
  }
  const auto order = TRY(parse_order(payload));
  const auto kind = order.kind == OrderKind::break_glass ? EntryKind::break_glass : EntryKind::order;
  return Entry{kind, digest, file, order.package, order.verdict, order.policy};
}

bool is_order(EntryKind kind) {
  return kind == EntryKind::order || kind == EntryKind::break_glass;
}

// Which members there are follows from the kind; only a policy may or may not have come in an envelope.
Result<Entry> read_entry(JsonObject& object) {
  const auto kind = TRY(read_kind(object));
  const auto digest = TRY(read_digest(object, "digest"));
  Entry entry{kind, digest, {}, {}, {}, {}};
  const bool is_statement =
      kind != EntryKind::package && kind != EntryKind::policy && kind != EntryKind::revocations;
  if (is_statement || (kind == EntryKind::policy && object.has("file"))) {
    entry.file = TRY(read_digest(object, "file"));
  }
  if (is_statement && kind != EntryKind::recall) entry.package = TRY(read_digest(object, "package"));
  if (is_order(kind)) entry.verdict = TRY(read_digest(object, "verdict"));
  if (is_order(kind) || kind == EntryKind::verdict) entry.policy = TRY(read_digest(object, "policy"));
  if (kind == EntryKind::stop) entry.order = TRY(read_digest(object, "order"));
  return entry;
}

}  // namespace

std::string_view word(EntryKind kind) {
  return words.at(static_cast<std::size_t>(kind));
}

std::optional<EntryKind> entry_kind(std::string_view text) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.at(i) == text) return static_cast<EntryKind>(i);
  }
  return std::nullopt;
}

Entry package_entry(const Sha256Digest& file) {
  return {EntryKind::package, file, {}, {}, {}, {}};
}

Result<Entry> policy_entry(BytesView json) {
  const auto policy = TRY(parse_policy(json));
  return Entry{EntryKind::policy, policy.digest, {}, {}, {}, {}};
}

Result<Entry> revocations_entry(BytesView file) {
  const auto list = TRY(RevocationList::from_file(file));
  return Entry{EntryKind::revocations, sha256(list.der()), {}, {}, {}, {}};
}

Result<Entry> statement_entry(BytesView json) {
  const auto envelope = TRY(parse_envelope(json));
  const auto file = sha256(json);
  if (envelope.payload_type == statement_payload_type) return of_statement(envelope.payload, file);
  if (envelope.payload_type == policy_payload_type) {
    auto entry = TRY(policy_entry(envelope.payload));
    entry.file = file;
    return entry;
  }
  return Error(Code::statement_type_mismatch, "payloadType",
               std::string(statement_payload_type) + " or " + std::string(policy_payload_type),
               envelope.payload_type);
}

std::string print_entry(const Entry& entry) {
  JsonWriter json;
  json.begin_object()
      .text("schema", schema)
      .text("kind", word(entry.kind))
      .text("digest", entry.digest.text());
  if (entry.file) json.text("file", entry.file->text());
  if (entry.package) json.text("package", entry.package->text());
  if (entry.verdict) json.text("verdict", entry.verdict->text());
  if (entry.policy) json.text("policy", entry.policy->text());
  if (entry.order) json.text("order", entry.order->text());
  json.end_object();
  return json.take();
}

Result<Entry> parse_entry(BytesView bytes) {
  const auto document = TRY(JsonDocument::parse(bytes, entry_json_size_max, Code::log_entry_malformed));
  auto object = TRY(document.object());
  TRY(object.expect("schema", schema));
  auto entry = TRY(read_entry(object));
  TRY(object.finish());
  if (print_entry(entry) == as_text(bytes)) return entry;
  return Error(Code::log_entry_malformed, "entry", "the one spelling of it", "another");
}

}  // namespace sallyport::tlog
