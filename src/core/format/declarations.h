// SPDX-License-Identifier: Apache-2.0
// What a release declares beside its files: services, configuration, users and groups. As members of tree.json,
// and as the file that the vendor writes by hand for `package build --declare`.
#pragma once

#include <vector>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/tree.h"

namespace sallyport {

struct Declarations {
  std::vector<Service> services;
  std::vector<ConfigFile> config;
  std::vector<User> users;
  std::vector<Group> groups;
};

// The members of tree.json behind `services`, left out when there is nothing to say. Strict about names, types and
// values; how they fit the tree is for check_declarations (tree_check.h).
Result<std::vector<ConfigFile>> read_config(JsonObject& from);
Result<std::vector<User>> read_users(JsonObject& from);
Result<std::vector<Group>> read_groups(JsonObject& from);
void write_config(JsonWriter& to, const std::vector<ConfigFile>& config);
void write_accounts(JsonWriter& to, const std::vector<User>& users, const std::vector<Group>& groups);

// A JSON object of any of these members, in any order and spacing. Comes back sorted as tree.json wants it.
Result<Declarations> parse_declarations(BytesView json);

}  // namespace sallyport
