// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_parts.h"

namespace sallyport::parts {
namespace {

constexpr std::size_t keys_max = 16;

Result<Validity> read_validity(JsonObject& object) {
  Validity validity;
  validity.not_before = TRY(read_time(object, "not_before"));
  validity.not_after = TRY(read_time(object, "not_after"));
  if (validity.not_before && validity.not_after && *validity.not_after < *validity.not_before) {
    return object.malformed("not_after", "not before " + validity.not_before->print(),
                            validity.not_after->print());
  }
  return validity;
}

Result<PublicKey> parse_key(const std::string& pem, const JsonObject& object, const std::string& member) {
  return of_policy(PublicKey::from_pem(pem), object, member);
}

Result<KeyUse> read_use(JsonObject& object) {
  if (!object.has("use")) return KeyUse::orders;
  const auto text = TRY(object.text("use", 40));
  if (text == "orders") return KeyUse::orders;
  if (text == "break-glass") return KeyUse::break_glass;
  return object.malformed("use", "orders or break-glass", text);
}

Result<PersonKey> read_long_key(JsonObject& object) {
  const auto pem = TRY(object.lines("key", pem_size_max));
  auto key = TRY(parse_key(pem, object, "key"));
  const auto use = TRY(read_use(object));
  auto validity = TRY(read_validity(object));
  validity.revoked_at = TRY(read_time(object, "revoked_at"));
  TRY(object.finish());
  return PersonKey{std::move(key), use, validity};
}

Result<std::vector<PersonKey>> read_keys(JsonObject& person) {
  const auto array = TRY(person.array("keys", keys_max));
  if (array.size() == 0) return person.malformed("keys", "at least one", "none");
  std::vector<PersonKey> keys;
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (array.is_object(i)) {
      auto object = TRY(array.object(i));
      keys.push_back(TRY(read_long_key(object)));
      continue;
    }
    const auto pem = TRY(array.lines(i, pem_size_max));
    keys.push_back({TRY(parse_key(pem, person, fields::indexed("keys", i))), KeyUse::orders, {}});
  }
  return keys;
}

Result<std::map<RoleId, Validity>> read_roles(JsonObject& person) {
  const auto array = TRY(person.array("roles", roles_max));
  if (array.size() == 0) return person.malformed("roles", "at least one", "none");
  std::map<RoleId, Validity> roles;
  for (std::size_t i = 0; i < array.size(); ++i) {
    Validity validity;
    std::string text;
    if (array.is_object(i)) {
      auto object = TRY(array.object(i));
      text = TRY(object.text("role", 200));
      validity = TRY(read_validity(object));
      TRY(object.finish());
    } else {
      text = TRY(array.text(i, 200));
    }
    const auto role = RoleId::parse(text);
    const auto place = fields::indexed("roles", i);
    if (!role.ok()) return person.malformed(place, fields::expected_of(role.error()), text);
    if (!roles.emplace(role.value(), validity).second) return person.malformed(place, "each once", text);
  }
  return roles;
}

}  // namespace

Result<std::optional<Instant>> read_time(JsonObject& object, std::string_view name) {
  if (!object.has(name)) return std::optional<Instant>();
  return std::optional(TRY(fields::parsed<Instant>(object, name)));
}

Result<Person> read_person(JsonObject& object) {
  auto id = TRY(fields::parsed<PersonId>(object, "id"));
  auto roles = TRY(read_roles(object));
  auto keys = TRY(read_keys(object));
  auto revoked_at = TRY(read_time(object, "revoked_at"));
  return Person{std::move(id), std::move(keys), std::move(roles), revoked_at};
}

}  // namespace sallyport::parts
