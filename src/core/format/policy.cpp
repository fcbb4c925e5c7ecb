// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy.h"

#include <algorithm>

#include "core/format/fields.h"
#include "core/format/policy_parts.h"
#include "core/format/policy_rules.h"

namespace sallyport {
namespace {

constexpr std::size_t sources_max = 256;
constexpr std::size_t persons_max = 1000;
constexpr std::size_t intakes_max = 64;
constexpr std::size_t intake_keys_max = 16;
constexpr std::size_t pools_max = 256;
constexpr std::uint64_t days_max = 3650;
constexpr std::size_t wanted_engines_max = 16;  // as many as a verdict has
constexpr std::size_t engine_name_size_max = 100;

// 1 to `count_max` objects that each have an `id` of their own.
template <class T>
Result<std::map<decltype(T::id), T>> read_named(JsonObject& top, std::string_view name, std::size_t count_max,
                                                Result<T> (*read)(JsonObject&)) {
  const auto array = TRY(top.array(name, count_max));
  if (array.size() == 0) return top.malformed(name, "at least one", "none");
  std::map<decltype(T::id), T> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto item = TRY(read(object));
    TRY(object.finish());
    auto id = item.id;
    if (!all.try_emplace(id, std::move(item)).second) {
      return object.malformed("id", "an identifier of its own", id.text());
    }
  }
  return all;
}

// `key`, or `keys` where there are several: one of the two.
Result<std::vector<PublicKey>> read_intake_keys(JsonObject& object) {
  std::vector<PublicKey> keys;
  if (!object.has("keys")) {
    const auto pem = TRY(object.lines("key", parts::pem_size_max));
    keys.push_back(TRY(parts::of_policy(PublicKey::from_pem(pem), object, "key")));
    return keys;
  }
  const auto array = TRY(object.array("keys", intake_keys_max));
  if (array.size() < 2) return object.malformed("keys", "at least two", std::to_string(array.size()));
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto pem = TRY(array.lines(i, parts::pem_size_max));
    keys.push_back(TRY(parts::of_policy(PublicKey::from_pem(pem), object, fields::indexed("keys", i))));
  }
  return keys;
}

Result<Intake> read_intake(JsonObject& object) {
  auto id = TRY(fields::parsed<IntakeId>(object, "id"));
  auto keys = TRY(read_intake_keys(object));
  return Intake{std::move(id), std::move(keys)};
}

// By the names that engines have in a verdict.
Result<std::set<std::string>> read_wanted_engines(JsonObject& object) {
  std::set<std::string> engines;
  if (!object.has("engines")) return engines;
  const auto array = TRY(object.array("engines", wanted_engines_max));
  if (array.size() == 0) return object.malformed("engines", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto engine = TRY(array.text(i, engine_name_size_max));
    const auto place = fields::indexed("engines", i);
    if (engine.empty()) return object.malformed(place, "at least one character", "none");
    if (!engines.insert(engine).second) return object.malformed(place, "each once", engine);
  }
  return engines;
}

Result<VerdictRule> read_verdict_rule(JsonObject& top) {
  auto object = TRY(top.object("verdicts"));
  const auto verdict_days = TRY(fields::positive(object, "verdict_age_days_max", days_max));
  const auto database_days = TRY(fields::positive(object, "database_age_days_max", days_max));
  auto engines = TRY(read_wanted_engines(object));
  TRY(object.finish());
  return VerdictRule{static_cast<std::uint32_t>(verdict_days), static_cast<std::uint32_t>(database_days),
                     std::move(engines)};
}

}  // namespace

Result<Policy> parse_policy(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, policy_size_max, Code::policy_malformed));
  auto top = TRY(document.object());
  TRY(top.expect("schema", policy_schema));
  auto name = TRY(fields::label(top, "name", 200));
  const auto version = TRY(fields::positive(top, "version", fields::number_max));
  auto sources = TRY(read_named<Source>(top, "sources", sources_max, read_source));
  auto persons = TRY(read_named<Person>(top, "persons", persons_max, parts::read_person));
  auto intakes = TRY(read_named<Intake>(top, "intakes", intakes_max, read_intake));
  auto pools = TRY(read_named<Pool>(top, "pools", pools_max, parts::read_pool));
  auto verdicts = TRY(read_verdict_rule(top));
  auto officers = TRY(parts::read_officers(top));
  auto apart = TRY(parts::read_apart(top));
  auto log = TRY(read_log_rule(top));
  auto signatures = TRY(parts::read_signature_rules(top));
  auto ends = TRY(read_algorithm_ends(top));
  TRY(top.finish());
  Policy policy{.name = std::move(name),
                .version = version,
                .sources = std::move(sources),
                .persons = std::move(persons),
                .intakes = std::move(intakes),
                .pools = std::move(pools),
                .verdicts = std::move(verdicts),
                .officers = std::move(officers),
                .apart = std::move(apart),
                .log = std::move(log),
                .signatures = std::move(signatures),
                .digest = sha256(json),
                .algorithm_ends = std::move(ends)};
  TRY(check_policy(policy));
  return policy;
}

bool has_one_of(const std::set<RoleId>& held, const std::set<RoleId>& wanted) {
  return std::any_of(held.begin(), held.end(), [&](const RoleId& role) { return wanted.contains(role); });
}

std::set<RoleId> Person::roles_at(Instant at) const {
  std::set<RoleId> held;
  if (revoked_at && at >= *revoked_at) return held;
  for (const auto& [role, validity] : roles) {
    if (term_at(validity, at) == Term::running) held.insert(role);
  }
  return held;
}

const PublicKey* Intake::find_key(const KeyId& key) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const PublicKey& own) { return own.id() == key; });
  return found == keys.end() ? nullptr : &*found;
}

const Intake* Policy::intake_of(const KeyId& key) const {
  const auto owner = std::find_if(intakes.begin(), intakes.end(),
                                  [&](const auto& entry) { return entry.second.find_key(key) != nullptr; });
  return owner == intakes.end() ? nullptr : &owner->second;
}

const Person* Policy::owner_of(const KeyId& key) const {
  const auto owner = std::find_if(persons.begin(), persons.end(), [&](const auto& entry) {
    const auto& keys = entry.second.keys;
    return std::any_of(keys.begin(), keys.end(), [&](const PersonKey& own) { return own.key.id() == key; });
  });
  return owner == persons.end() ? nullptr : &owner->second;
}

const PersonKey* Policy::find_key(const KeyId& key) const {
  const auto* owner = owner_of(key);
  if (owner == nullptr) return nullptr;
  const auto found = std::find_if(owner->keys.begin(), owner->keys.end(),
                                  [&](const PersonKey& own) { return own.key.id() == key; });
  return &*found;
}

}  // namespace sallyport
