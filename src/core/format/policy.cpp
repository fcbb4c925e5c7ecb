// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy.h"

#include <algorithm>

#include "core/format/fields.h"
#include "core/format/policy_rules.h"

namespace sallyport {
namespace {

constexpr std::size_t sources_max = 256;
constexpr std::size_t anchors_max = 16;
constexpr std::size_t products_max = 256;
constexpr std::size_t persons_max = 1000;
constexpr std::size_t keys_max = 16;
constexpr std::size_t roles_max = 64;
constexpr std::size_t intakes_max = 64;
constexpr std::size_t pools_max = 256;
constexpr std::size_t pem_size_max = 16384;
constexpr std::uint64_t days_max = 3650;

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

// What the library says about a PEM block, told as a fault of the policy at this member.
template <class T>
Result<T> of_policy(Result<T> parsed, const JsonObject& object, const std::string& member) {
  if (parsed.ok()) return parsed;
  const auto& error = parsed.error();
  return object.malformed(member, fields::expected_of(error),
                          std::string(name(error.code)) + (error.found.empty() ? "" : ": " + error.found));
}

// 1 to `count_max` PEM blocks.
template <class T>
Result<std::vector<T>> read_pems(JsonObject& object, std::string_view name, std::size_t count_max) {
  const auto array = TRY(object.array(name, count_max));
  if (array.size() == 0) return object.malformed(name, "at least one", "none");
  std::vector<T> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto pem = TRY(array.lines(i, pem_size_max));
    all.push_back(TRY(of_policy(T::from_pem(pem), object, fields::indexed(name, i))));
  }
  return all;
}

Result<Source> read_source(JsonObject& object) {
  auto id = TRY(fields::parsed<SourceId>(object, "id"));
  auto products = TRY(fields::parsed_set<ProductId>(object, "products", products_max));
  auto anchors = TRY(read_pems<Certificate>(object, "anchors", anchors_max));
  return Source{std::move(id), std::move(products), std::move(anchors)};
}

Result<Person> read_person(JsonObject& object) {
  auto id = TRY(fields::parsed<PersonId>(object, "id"));
  auto roles = TRY(fields::parsed_set<RoleId>(object, "roles", roles_max));
  auto keys = TRY(read_pems<PublicKey>(object, "keys", keys_max));
  return Person{std::move(id), std::move(keys), std::move(roles)};
}

Result<Intake> read_intake(JsonObject& object) {
  auto id = TRY(fields::parsed<IntakeId>(object, "id"));
  const auto pem = TRY(object.lines("key", pem_size_max));
  auto key = TRY(of_policy(PublicKey::from_pem(pem), object, "key"));
  return Intake{std::move(id), std::move(key)};
}

Result<ApprovalRule> read_approvals(JsonObject& pool) {
  auto object = TRY(pool.object("approvals"));
  auto propose = TRY(fields::parsed_set<RoleId>(object, "propose", roles_max));
  auto approve = TRY(fields::parsed_set<RoleId>(object, "approve", roles_max));
  const auto persons = TRY(fields::positive(object, "persons", persons_max));
  TRY(object.finish());
  return ApprovalRule{std::move(propose), std::move(approve), static_cast<std::uint32_t>(persons)};
}

Result<Pool> read_pool(JsonObject& object) {
  auto id = TRY(fields::parsed<PoolId>(object, "id"));
  auto products = TRY(fields::parsed_set<ProductId>(object, "products", products_max));
  auto nodes = TRY(fields::parsed_set<NodeId>(object, "nodes", pool_nodes_max));
  auto approvals = TRY(read_approvals(object));
  return Pool{std::move(id), std::move(products), std::move(nodes), std::move(approvals)};
}

Result<VerdictRule> read_verdict_rule(JsonObject& top) {
  auto object = TRY(top.object("verdicts"));
  const auto verdict_days = TRY(fields::positive(object, "verdict_age_days_max", days_max));
  const auto database_days = TRY(fields::positive(object, "database_age_days_max", days_max));
  TRY(object.finish());
  return VerdictRule{static_cast<std::uint32_t>(verdict_days), static_cast<std::uint32_t>(database_days)};
}

}  // namespace

Result<Policy> parse_policy(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, policy_size_max, Code::policy_malformed));
  auto top = TRY(document.object());
  TRY(top.expect("schema", policy_schema));
  auto name = TRY(fields::label(top, "name", 200));
  const auto version = TRY(fields::positive(top, "version", fields::number_max));
  auto sources = TRY(read_named<Source>(top, "sources", sources_max, read_source));
  auto persons = TRY(read_named<Person>(top, "persons", persons_max, read_person));
  auto intakes = TRY(read_named<Intake>(top, "intakes", intakes_max, read_intake));
  auto pools = TRY(read_named<Pool>(top, "pools", pools_max, read_pool));
  const auto verdicts = TRY(read_verdict_rule(top));
  TRY(top.finish());
  Policy policy{.name = std::move(name),
                .version = version,
                .sources = std::move(sources),
                .persons = std::move(persons),
                .intakes = std::move(intakes),
                .pools = std::move(pools),
                .verdicts = verdicts,
                .digest = sha256(json)};
  TRY(check_policy(policy));
  return policy;
}

std::uint32_t count_distinct(const std::set<PersonId>& persons) {
  return static_cast<std::uint32_t>(persons.size());
}

bool has_one_of(const Person& person, const std::set<RoleId>& roles) {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const RoleId& role) { return person.roles.count(role) != 0; });
}

const Person* Policy::owner_of(const KeyId& key) const {
  const auto owner = std::find_if(persons.begin(), persons.end(), [&](const auto& entry) {
    return std::any_of(entry.second.keys.begin(), entry.second.keys.end(),
                       [&](const PublicKey& own) { return own.id() == key; });
  });
  return owner == persons.end() ? nullptr : &owner->second;
}

}  // namespace sallyport
