// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_log.h"

#include <algorithm>

#include "core/format/fields.h"

namespace sallyport {
namespace {

constexpr std::size_t pem_size_max = 16384;
constexpr std::size_t witnesses_max = 32;
constexpr std::size_t url_size_max = 1024;
constexpr std::uint64_t age_hours_max = 87600;  // ten years

// Stands in lines that end with a space: no space, no "+" (C2SP signed-note), and nothing that a reader could mistake.
Result<std::string> read_key_name(JsonObject& object, std::string_view member) {
  auto name = TRY(fields::label(object, member, 255));
  const bool is_name = std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
  if (is_name) return name;
  return object.malformed(member, "printable ASCII without spaces and +", name);
}

enum class Whose : std::uint8_t { log, witness };

// What a key of each may be, C2SP says: tlog-checkpoint of logs, tlog-cosignature of witnesses.
Result<PublicKey> read_key(JsonObject& object, Whose whose) {
  const auto pem = TRY(object.lines("key", pem_size_max));
  auto key = PublicKey::from_pem(pem);
  if (!key.ok()) {
    return object.malformed("key", fields::expected_of(key.error()), std::string(name(key.error().code)));
  }
  const auto family = key.value().family();
  if (family == KeyFamily::ed25519 || (family == KeyFamily::ml_dsa_44 && whose == Whose::witness)) return key;
  return object.malformed("key", whose == Whose::log ? "an Ed25519 key" : "an Ed25519 or ML-DSA-44 key",
                          key.value().algorithm());
}

// Where to ask is no question of trust: whoever asks checks the address, and what is answered.
Result<std::optional<std::string>> read_url(JsonObject& object) {
  if (!object.has("url")) return std::optional<std::string>();
  auto url = TRY(fields::label(object, "url", url_size_max));
  const bool is_url = (url.starts_with("http://") || url.starts_with("https://")) &&
                      std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f; });
  if (is_url) return std::optional(std::move(url));
  return object.malformed("url", "http://… or https://…, printable ASCII without spaces", url);
}

Result<std::vector<LogWitness>> read_witnesses(JsonObject& object, const LogRule& log) {
  const auto array = TRY(object.array("witnesses", witnesses_max));
  if (array.size() == 0) return object.malformed("witnesses", "at least one", "none");
  std::vector<LogWitness> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto item = TRY(array.object(i));
    auto name = TRY(read_key_name(item, "name"));
    auto key = TRY(read_key(item, Whose::witness));
    auto url = TRY(read_url(item));
    TRY(item.finish());
    const bool is_taken = name == log.origin || key.id() == log.key.id() ||
                          std::ranges::any_of(all, [&](const LogWitness& other) {
                            return other.name == name || other.key.id() == key.id();
                          });
    if (is_taken) return item.malformed("name", "a name and a key of its own", name);
    all.push_back({std::move(name), std::move(key), std::move(url)});
  }
  return all;
}

}  // namespace

Result<std::optional<LogRule>> read_log_rule(JsonObject& policy) {
  if (!policy.has("log")) return std::optional<LogRule>();
  auto object = TRY(policy.object("log"));
  auto origin = TRY(read_key_name(object, "origin"));
  auto key = TRY(read_key(object, Whose::log));
  LogRule rule{std::move(origin), std::move(key), {}, 0, {}};
  rule.witnesses = TRY(read_witnesses(object, rule));
  const auto quorum = TRY(fields::positive(object, "quorum", witnesses_max));
  if (quorum > rule.witnesses.size()) {
    return object.malformed("quorum", "at most the number of witnesses", std::to_string(quorum));
  }
  rule.quorum = static_cast<std::uint32_t>(quorum);
  if (object.has("cosignature_age_hours_max")) {
    const auto hours = TRY(fields::positive(object, "cosignature_age_hours_max", age_hours_max));
    rule.cosignature_age_hours_max = static_cast<std::uint32_t>(hours);
  }
  TRY(object.finish());
  return std::optional(std::move(rule));
}

std::string describe_log_rule(const std::optional<LogRule>& rule) {
  if (!rule) return "none required by the policy";
  std::string witnesses;
  for (const auto& witness : rule->witnesses) witnesses += (witnesses.empty() ? "" : ", ") + witness.name;
  const auto age = rule->cosignature_age_hours_max
                       ? " in the last " + std::to_string(*rule->cosignature_age_hours_max) + " hours"
                       : std::string();
  return rule->origin + ", cosigned by " + std::to_string(rule->quorum) + " of " + witnesses + age;
}

}  // namespace sallyport
