// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "core/format/attestation.h"
#include "core/format/attestation_kinds.h"
#include "core/format/fields.h"
#include "core/format/policy_build.h"
#include "core/format/policy_parts.h"

namespace sallyport {
namespace {

constexpr std::size_t rules_max = 16;
constexpr std::size_t keys_max = 16;
constexpr std::size_t builders_max = 16;
constexpr std::size_t builder_size_max = 4096;
constexpr std::size_t type_size_max = 200;

Result<std::vector<PublicKey>> read_keys(JsonObject& rule) {
  const auto array = TRY(rule.array("keys", keys_max));
  if (array.size() == 0) return rule.malformed("keys", "at least one", "none");
  std::vector<PublicKey> keys;
  std::set<KeyId> seen;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto pem = TRY(array.lines(i, parts::pem_size_max));
    auto key = TRY(parts::of_policy(PublicKey::from_pem(pem), rule, fields::indexed("keys", i)));
    if (!seen.insert(key.id()).second)
      return rule.malformed(fields::indexed("keys", i), "each once", key.id().text());
    keys.push_back(std::move(key));
  }
  return keys;
}

// Of kinds whose maker is read (attestation.md): of others nobody would be one.
Result<std::vector<std::string>> read_builders(JsonObject& rule, const std::string& type) {
  std::vector<std::string> builders;
  if (!rule.has("builders")) return builders;
  if (!names_its_maker(type))
    return rule.malformed("builders", "none for a kind that does not name its maker", type);
  const auto array = TRY(rule.array("builders", builders_max));
  if (array.size() == 0) return rule.malformed("builders", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto id = TRY(array.text(i, builder_size_max));
    const auto where = fields::indexed("builders", i);
    if (id.empty()) return rule.malformed(where, "an id", "an empty one");
    if (std::find(builders.begin(), builders.end(), id) != builders.end())
      return rule.malformed(where, "each once", id);
    builders.push_back(std::move(id));
  }
  return builders;
}

Result<AttestationRule> read_rule(JsonObject rule) {
  auto type = TRY(rule.text("predicate_type", type_size_max));
  if (!is_predicate_type(type)) return rule.malformed("predicate_type", "a URI", type);
  auto keys = TRY(read_keys(rule));
  auto builders = TRY(read_builders(rule, type));
  TRY(rule.finish());
  return AttestationRule{std::move(type), std::move(keys), std::move(builders)};
}

}  // namespace

Result<std::vector<AttestationRule>> read_attestation_rules(JsonObject& source) {
  std::vector<AttestationRule> rules;
  if (!source.has("attestations")) return rules;
  const auto array = TRY(source.array("attestations", rules_max));
  if (array.size() == 0) return source.malformed("attestations", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto rule = TRY(read_rule(TRY(array.object(i))));
    const bool known = std::any_of(rules.begin(), rules.end(), [&](const AttestationRule& one) {
      return one.predicate_type == rule.predicate_type;
    });
    if (known)
      return source.malformed(fields::indexed("attestations", i), "each kind once", rule.predicate_type);
    rules.push_back(std::move(rule));
  }
  return rules;
}

Result<SbomNeed> read_sbom_need(JsonObject& source) {
  if (!source.has("sbom")) return SbomNeed::optional;
  const auto text = TRY(source.text("sbom", 40));
  if (text == "optional") return SbomNeed::optional;
  if (text == "required") return SbomNeed::required;
  return source.malformed("sbom", "optional or required", text);
}

std::string describe_attestation_rules(const Source& source) {
  if (source.attestations.empty()) return "none required";
  std::string text;
  for (const auto& rule : source.attestations) {
    text += (text.empty() ? "" : "; ") + attestation_kind(rule.predicate_type) + " by ";
    text += rule.keys.size() == 1 ? "key " + rule.keys.front().id().brief()
                                  : "one of " + std::to_string(rule.keys.size()) + " keys";
    for (const auto& id : rule.builders) text += (&id == &rule.builders.front() ? ", made by " : " or ") + id;
  }
  return text;
}

std::string describe_sbom_need(const Source& source) {
  return source.sbom == SbomNeed::required ? "required, and every file in it" : "not looked at";
}

}  // namespace sallyport
