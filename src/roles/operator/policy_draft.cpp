// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/policy_draft.h"

#include "core/format/json_writer.h"

namespace sallyport::operators {
namespace {

void write_list(JsonWriter& json, std::string_view name, const std::vector<std::string>& items) {
  json.key(name).begin_array();
  for (const auto& item : items) json.text(item);
  json.end_array();
}

Result<void> write_sources(JsonWriter& json, const std::vector<SourceDraft>& sources) {
  json.key("sources").begin_array();
  for (const auto& source : sources) {
    json.begin_object().text("id", source.id);
    write_list(json, "products", source.products);
    json.key("anchors").begin_array();
    for (const auto& anchor : TRY(Certificate::chain_from_pem(source.anchors_pem))) json.text(anchor.pem());
    json.end_array().end_object();
  }
  json.end_array();
  return {};
}

Result<void> write_persons(JsonWriter& json, const std::vector<PersonDraft>& persons) {
  json.key("persons").begin_array();
  for (const auto& person : persons) {
    json.begin_object().text("id", person.id);
    write_list(json, "roles", person.roles);
    json.key("keys").begin_array();
    for (const auto& key : person.keys_pem) json.text(TRY(PublicKey::from_pem(key)).pem());
    json.end_array().end_object();
  }
  json.end_array();
  return {};
}

Result<void> write_intakes(JsonWriter& json, const std::vector<IntakeDraft>& intakes) {
  json.key("intakes").begin_array();
  for (const auto& intake : intakes) {
    std::vector<std::string> keys;
    for (const auto& pem : intake.keys_pem) keys.push_back(TRY(PublicKey::from_pem(pem)).pem());
    json.begin_object().text("id", intake.id);
    if (keys.size() == 1) {
      json.text("key", keys.front());
    } else {
      write_list(json, "keys", keys);
    }
    json.end_object();
  }
  json.end_array();
  return {};
}

void write_pools(JsonWriter& json, const PolicyDraft& draft) {
  json.key("pools").begin_array();
  for (const auto& pool : draft.pools) {
    json.begin_object().text("id", pool.id);
    write_list(json, "products", pool.products);
    write_list(json, "nodes", pool.nodes);
    json.key("approvals").begin_object();
    write_list(json, "propose", draft.propose_roles);
    write_list(json, "approve", draft.approve_roles);
    json.number("persons", draft.approvals).end_object().end_object();
  }
  json.end_array();
}

Result<void> write_log(JsonWriter& json, const LogDraft& log) {
  const auto key = TRY(PublicKey::from_pem(log.key_pem));
  json.key("log").begin_object().text("origin", log.origin).text("key", key.pem());
  json.key("witnesses").begin_array();
  for (const auto& [name, pem] : log.witnesses) {
    const auto witness = TRY(PublicKey::from_pem(pem));
    json.begin_object().text("name", name).text("key", witness.pem()).end_object();
  }
  json.end_array().number("quorum", log.quorum).end_object();
  return {};
}

void write_officers(JsonWriter& json, const PolicyDraft& draft) {
  if (draft.officer_roles.empty()) return;
  json.key("officers").begin_object();
  write_list(json, "roles", draft.officer_roles);
  json.number("persons", draft.officers).end_object();
}

void write_hybrid(JsonWriter& json) {
  const std::vector<std::string> both{std::string(name(SignatureKind::classical)),
                                      std::string(name(SignatureKind::post_quantum))};
  json.key("signatures").begin_object();
  write_list(json, "statements", both);
  write_list(json, "packages", both);
  json.end_object();
}

}  // namespace

Result<std::string> draft_policy(const PolicyDraft& draft) {
  JsonWriter json;
  json.begin_object().text("schema", "sallyport-policy/1").text("name", draft.name).number("version", 1);
  TRY(write_sources(json, draft.sources));
  TRY(write_persons(json, draft.persons));
  TRY(write_intakes(json, draft.intakes));
  json.key("verdicts").begin_object();
  json.number("verdict_age_days_max", draft.age_days_max)
      .number("database_age_days_max", draft.age_days_max)
      .end_object();
  write_pools(json, draft);
  write_officers(json, draft);
  if (draft.log) TRY(write_log(json, *draft.log));
  if (draft.hybrid) write_hybrid(json);
  std::string text = indent_json(json.end_object().take());
  TRY(parse_policy(as_bytes(text)));
  return text;
}

}  // namespace sallyport::operators
