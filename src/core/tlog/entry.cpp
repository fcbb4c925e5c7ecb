// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/entry.h"

#include <array>

#include "core/format/dsse.h"
#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/format/order.h"
#include "core/format/policy.h"
#include "core/format/verdict.h"

namespace sallyport::tlog {
namespace {

constexpr std::string_view schema = "sallyport-log-entry/1";
constexpr std::size_t entry_json_size_max = 4096;
constexpr std::array<std::string_view, 4> words{"package", "verdict", "order", "policy"};

Result<EntryKind> read_kind(JsonObject& object) {
  const auto text = TRY(object.text("kind", 16));
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.at(i) == text) return static_cast<EntryKind>(i);
  }
  return object.malformed("kind", "package, verdict, order or policy", text);
}

Result<Sha256Digest> read_digest(JsonObject& object, std::string_view name) {
  return fields::parsed<Sha256Digest>(object, name);
}

}  // namespace

std::string_view word(EntryKind kind) {
  return words.at(static_cast<std::size_t>(kind));
}

Entry package_entry(const Sha256Digest& file) {
  return {EntryKind::package, file, {}, {}, {}, {}};
}

Result<Entry> policy_entry(BytesView json) {
  const auto policy = TRY(parse_policy(json));
  return Entry{EntryKind::policy, policy.digest, {}, {}, {}, {}};
}

Result<Entry> statement_entry(BytesView json) {
  const auto envelope = TRY(parse_envelope(json));
  if (envelope.payload_type != statement_payload_type) {
    return Error(Code::statement_type_mismatch, "payloadType", std::string(statement_payload_type),
                 envelope.payload_type);
  }
  const auto payload = sha256(envelope.payload);
  const auto file = sha256(json);
  if (TRY(predicate_type_of(envelope.payload)) == verdict_predicate_type) {
    const auto verdict = TRY(parse_verdict(envelope.payload));
    return Entry{EntryKind::verdict, payload, file, verdict.package, {}, verdict.policy};
  }
  const auto order = TRY(parse_order(envelope.payload));
  return Entry{EntryKind::order, payload, file, order.package, order.verdict, order.policy};
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
  json.end_object();
  return json.take();
}

Result<Entry> parse_entry(BytesView bytes) {
  const auto document = TRY(JsonDocument::parse(bytes, entry_json_size_max, Code::log_entry_malformed));
  auto object = TRY(document.object());
  TRY(object.expect("schema", schema));
  const auto kind = TRY(read_kind(object));
  const auto digest = TRY(read_digest(object, "digest"));
  Entry entry{kind, digest, {}, {}, {}, {}};
  if (kind == EntryKind::verdict || kind == EntryKind::order) {
    entry.file = TRY(read_digest(object, "file"));
    entry.package = TRY(read_digest(object, "package"));
    entry.policy = TRY(read_digest(object, "policy"));
  }
  if (kind == EntryKind::order) entry.verdict = TRY(read_digest(object, "verdict"));
  TRY(object.finish());
  if (print_entry(entry) == as_text(bytes)) return entry;
  return Error(Code::log_entry_malformed, "entry", "the one spelling of it", "another");
}

}  // namespace sallyport::tlog
