// SPDX-License-Identifier: Apache-2.0
#include "core/format/declarations.h"

#include <algorithm>

#include "core/format/accounts.h"
#include "core/format/services.h"
#include "core/format/tree_words.h"

namespace sallyport {
namespace {

constexpr std::uint64_t declarations_size_max = 4U << 20U;
constexpr std::size_t account_name_size_max = 32;

Result<ConfigFile> read_config_file(JsonObject from) {
  auto path = TRY(read_path(from, "path"));
  const auto merge = TRY(read_choice(from, "merge", merge_rules));
  TRY(from.finish());
  return ConfigFile{std::move(path), merge};
}

Result<User> read_user(JsonObject from) {
  auto name = TRY(from.text("name", account_name_size_max));
  const auto uid = TRY(read_owner(from, "uid"));
  const auto gid = TRY(read_owner(from, "gid"));
  TRY(from.finish());
  return User{std::move(name), uid, gid};
}

Result<Group> read_group(JsonObject from) {
  auto name = TRY(from.text("name", account_name_size_max));
  const auto gid = TRY(read_owner(from, "gid"));
  TRY(from.finish());
  return Group{std::move(name), gid};
}

template <class T>
Result<std::vector<T>> read_optional(JsonObject& from, std::string_view member, std::size_t count_max,
                                     Result<T> (*read)(JsonObject)) {
  std::vector<T> items;
  if (!from.has(member)) return items;
  const auto array = TRY(from.array(member, count_max));
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    items.push_back(TRY(read(std::move(object))));
  }
  return items;
}

template <class T>
void sort_by_name(std::vector<T>& items) {
  std::sort(items.begin(), items.end(), [](const T& a, const T& b) { return a.name < b.name; });
}

}  // namespace

Result<std::vector<ConfigFile>> read_config(JsonObject& from) {
  return read_optional(from, "config", config_files_max, &read_config_file);
}

Result<std::vector<User>> read_users(JsonObject& from) {
  return read_optional(from, "users", accounts_max, &read_user);
}

Result<std::vector<Group>> read_groups(JsonObject& from) {
  return read_optional(from, "groups", accounts_max, &read_group);
}

void write_config(JsonWriter& to, const std::vector<ConfigFile>& config) {
  if (config.empty()) return;
  to.key("config").begin_array();
  for (const auto& [path, merge] : config)
    to.begin_object().text("path", path.text()).text("merge", spell_choice(merge, merge_rules)).end_object();
  to.end_array();
}

void write_accounts(JsonWriter& to, const std::vector<User>& users, const std::vector<Group>& groups) {
  if (!users.empty()) {
    to.key("users").begin_array();
    for (const auto& [name, uid, gid] : users)
      to.begin_object().text("name", name).number("uid", uid).number("gid", gid).end_object();
    to.end_array();
  }
  if (groups.empty()) return;
  to.key("groups").begin_array();
  for (const auto& [name, gid] : groups) to.begin_object().text("name", name).number("gid", gid).end_object();
  to.end_array();
}

Result<Declarations> parse_declarations(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, declarations_size_max, Code::tree_malformed));
  auto top = TRY(document.object());
  Declarations declared;
  if (top.has("services")) {
    const auto services = TRY(top.array("services", services_max));
    declared.services = TRY(read_services(services));
  }
  declared.config = TRY(read_config(top));
  declared.users = TRY(read_users(top));
  declared.groups = TRY(read_groups(top));
  TRY(top.finish());
  sort_services(declared.services);
  std::sort(declared.config.begin(), declared.config.end(),
            [](const ConfigFile& a, const ConfigFile& b) { return a.path < b.path; });
  sort_by_name(declared.users);
  sort_by_name(declared.groups);
  return declared;
}

}  // namespace sallyport
