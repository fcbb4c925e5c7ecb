// SPDX-License-Identifier: Apache-2.0
// Parts of the policy as JSON. For policy.cpp alone.
#pragma once

#include "core/format/fields.h"
#include "core/format/policy.h"

namespace sallyport::parts {

constexpr std::size_t pem_size_max = 16384;
constexpr std::size_t roles_max = 64;

// What the library says about a PEM block, told as a fault of the policy at this member.
template <class T>
Result<T> of_policy(Result<T> parsed, const JsonObject& object, const std::string& member) {
  if (parsed.ok()) return parsed;
  const auto& error = parsed.error();
  return object.malformed(member, fields::expected_of(error),
                          std::string(name(error.code)) + (error.found.empty() ? "" : ": " + error.found));
}

// A time, when the member is there.
Result<std::optional<Instant>> read_time(JsonObject& object, std::string_view name);

Result<Person> read_person(JsonObject& object);
Result<Pool> read_pool(JsonObject& object);
// The quorum that `approve` and `persons`, or `rule`, describe.
Result<Quorum> read_quorum(JsonObject& object, std::string_view roles_name);
Result<std::optional<Officers>> read_officers(JsonObject& top);
Result<std::vector<std::set<RoleId>>> read_apart(JsonObject& top);
Result<SignatureRules> read_signature_rules(JsonObject& top);

}  // namespace sallyport::parts
