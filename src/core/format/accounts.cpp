// SPDX-License-Identifier: Apache-2.0
#include "core/format/accounts.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::uint32_t number_max = 65533;  // 65534 is nobody, 65535 is no user where numbers have 16 bits
constexpr std::size_t name_size_max = 32;
constexpr std::array<std::string_view, 3> reserved = {"nobody", "nogroup", "root"};

Error refuse(Code code, std::string where, std::string expected, std::string_view found) {
  return {code, std::move(where), std::move(expected), printable(found.substr(0, 80))};
}

// As useradd(8) takes them; a colon or line end would be a line of its own in passwd.
Result<void> check_name(const std::string& name, const std::string& where) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto more = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  const bool plain = !name.empty() && name.size() <= name_size_max && letter(name.front()) &&
                     std::all_of(name.begin(), name.end(), more);
  if (!plain) return refuse(Code::tree_malformed, where, "1 to 32 of a-z 0-9 _ -, no digit first", name);
  if (std::find(reserved.begin(), reserved.end(), name) != reserved.end())
    return refuse(Code::tree_malformed, where, "a name that is not root's or nobody's", name);
  return {};
}

Result<void> check_number(std::uint32_t number, const std::string& where) {
  if (number >= 1 && number <= number_max) return {};
  return refuse(Code::tree_malformed, where, "a number from 1 to 65533", std::to_string(number));
}

}  // namespace

std::string print_passwd(const std::vector<User>& users) {
  std::string text = "root:x:0:0:root:/:/usr/sbin/nologin\n";
  for (const auto& [name, uid, gid] : users)
    text += name + ":x:" + std::to_string(uid) + ":" + std::to_string(gid) + "::/:/usr/sbin/nologin\n";
  return text + "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";
}

std::string print_group(const std::vector<Group>& groups) {
  std::string text = "root:x:0:\n";
  for (const auto& [name, gid] : groups) text += name + ":x:" + std::to_string(gid) + ":\n";
  return text + "nogroup:x:65534:\n";
}

Result<void> check_accounts(const std::vector<User>& users, const std::vector<Group>& groups) {
  if (users.size() > accounts_max || groups.size() > accounts_max)
    return refuse(Code::tree_malformed, "users", "at most 256 users and 256 groups", "more");
  std::set<std::uint32_t> gids;
  std::set<std::uint32_t> uids;
  const std::string* last = nullptr;
  for (const auto& [name, gid] : groups) {
    TRY(check_name(name, "groups"));
    TRY(check_number(gid, "group " + name));
    if ((last != nullptr && !(*last < name)) || !gids.insert(gid).second)
      return refuse(Code::tree_inconsistent, "groups", "groups sorted by name, each name and number once",
                    name);
    last = &name;
  }
  last = nullptr;
  for (const auto& [name, uid, gid] : users) {
    TRY(check_name(name, "users"));
    TRY(check_number(uid, "user " + name));
    if ((last != nullptr && !(*last < name)) || !uids.insert(uid).second)
      return refuse(Code::tree_inconsistent, "users", "users sorted by name, each name and number once",
                    name);
    if (!gids.contains(gid))
      return refuse(Code::tree_inconsistent, "user " + name, "a group of the release", std::to_string(gid));
    last = &name;
  }
  return {};
}

}  // namespace sallyport
