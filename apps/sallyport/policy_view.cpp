// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/policy_view.h"
#include "apps/sallyport/views.h"

#include "core/format/look_alikes.h"
#include "core/format/policy_build.h"

namespace sallyport::cli {
namespace {

std::string joined(const auto& ids) {
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : ", ") + id.text();
  return text;
}

void write_ids(JsonWriter& json, std::string_view name, const auto& ids) {
  json.key(name).begin_array();
  for (const auto& id : ids) json.text(id.text());
  json.end_array();
}

// "release (until 2027-01-01T00:00:00Z)"
std::string with_term(const std::string& what, const Validity& validity) {
  const auto term = describe(validity);
  return term.empty() ? what : what + " (" + term + ")";
}

void show_sources(const Policy& policy, Output& output) {
  auto& json = output.json();
  json.key("sources").begin_array();
  for (const auto& [id, source] : policy.sources) {
    output.field("source", id.text() + ": may sign " + joined(source.products));
    for (const auto& anchor : source.authority.anchors)
      output.field("", "anchor " + anchor.subject() + ", until " + anchor.not_after().print());
    output.field("", "time stamps: " + describe_time_stamps(source.authority));
    output.field("", "revocation: " + describe_revocation(source.authority));
    output.field("", "attestations: " + describe_attestation_rules(source));
    output.field("", "bill of materials: " + describe_sbom_need(source));
    json.begin_object().text("id", id.text());
    json.text("time_stamps", describe_time_stamps(source.authority));
    json.text("revocation", describe_revocation(source.authority));
    json.text("attestations", describe_attestation_rules(source)).text("sbom", describe_sbom_need(source));
    write_ids(json, "products", source.products);
    json.end_object();
  }
  json.end_array();
}

void show_keys(const Person& person, Output& output) {
  for (const auto& [key, use, validity] : person.keys) {
    const std::string what = use == KeyUse::break_glass ? "break-glass key " : "key ";
    if (use == KeyUse::orders && validity == Validity{}) continue;
    output.field("", with_term(what + key.id().brief(), validity));
  }
}

void show_persons(const Policy& policy, Output& output) {
  auto& json = output.json();
  json.key("persons").begin_array();
  for (const auto& [id, person] : policy.persons) {
    std::string roles;
    json.begin_object().text("id", id.text()).key("roles").begin_array();
    for (const auto& [role, validity] : person.roles) {
      roles += (roles.empty() ? "" : ", ") + with_term(role.text(), validity);
      json.text(role.text());
    }
    json.end_array().number("keys", person.keys.size());
    if (person.revoked_at) json.text("revoked_at", person.revoked_at->print());
    json.end_object();
    output.field("person", id.text() + ": " + roles + "; " + std::to_string(person.keys.size()) + " key(s)" +
                               (person.revoked_at ? "; REVOKED at " + person.revoked_at->print() : ""));
    show_keys(person, output);
  }
  json.end_array();
}

std::string describe_rule(const ApprovalRule& rule) {
  return "proposed by " + joined(rule.propose) + "; approved by " + rule.approve.describe() +
         ", not the proposer" + (rule.veto.empty() ? "" : "; refused also by " + joined(rule.veto));
}

void show_pools(const Policy& policy, Output& output) {
  auto& json = output.json();
  json.key("pools").begin_array();
  for (const auto& [id, pool] : policy.pools) {
    output.field("pool", id.text() + ": runs " + joined(pool.products) + " on " + joined(pool.nodes));
    output.field("", describe_rule(pool.approvals));
    if (pool.break_glass) {
      output.field("", "BREAK-GLASS: " + describe_rule(pool.break_glass->approvals) +
                           "; windows of at most " + std::to_string(pool.break_glass->window_hours_max) +
                           " hours");
    }
    if (pool.window_hours_max)
      output.field("", "windows of at most " + std::to_string(*pool.window_hours_max) + " hours");
    if (pool.timetable) output.field("", "orders are used on " + describe(*pool.timetable));
    for (const auto& name : pool.sysctls) output.field("", "kernel setting allowed: " + name);
    const auto gate = pool.gate ? describe(*pool.gate) : "each node says itself";
    output.field("", "gates: " + gate);
    json.begin_object()
        .text("id", id.text())
        .text("gate", gate)
        .number("approvals", pool.approvals.approve.persons_min());
    json.text("rule", pool.approvals.approve.describe());
    write_ids(json, "nodes", pool.nodes);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void show_policy(const Policy& policy, Output& output) {
  output.field("policy", policy.name + ", version " + std::to_string(policy.version));
  output.field("digest", policy.digest.text());
  auto& json = output.json();
  json.text("name", policy.name).number("version", policy.version).text("digest", policy.digest.text());
  show_sources(policy, output);
  show_persons(policy, output);
  show_pools(policy, output);
  for (const auto& [id, intake] : policy.intakes) {
    std::string keys;
    for (const auto& key : intake.keys) keys += (keys.empty() ? "" : ", ") + key.id().brief();
    output.field("intake", id.text() + ": key " + keys);
  }
  const auto& [statements, packages] = policy.signatures;
  output.field("signatures", "statements: " + statements.describe() + ", packages: " + packages.describe());
  json.text("signatures_of_statements", statements.describe())
      .text("signatures_of_packages", packages.describe());
  for (const auto& end : policy.algorithm_ends)
    output.field("algorithm", end.algorithm + ": until " + end.not_after.print());
  show_ending(ending_uses(policy), output);
  for (const auto& roles : policy.apart) output.field("apart", joined(roles) + ": nobody has two of them");
  output.field("officers",
               policy.officers ? policy.officers->describe() : "none: this policy cannot be changed");
  if (policy.officers) json.text("officers", policy.officers->describe());
  output.field("log", describe_log_rule(policy.log));
  json.text("log", describe_log_rule(policy.log));
  json.key("look_alikes").begin_array();
  for (const auto& line : look_alikes(policy)) {
    output.line("LOOK TWICE  names that look alike among the " + line);
    json.text(line);
  }
  json.end_array();
}

}  // namespace sallyport::cli
