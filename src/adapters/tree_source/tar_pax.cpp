// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/tar_pax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>

#include "core/base/text.h"

namespace sallyport {
namespace {

Error refused(std::string_view expected, std::string_view found) {
  return {Code::input_refused, "tar archive", std::string(expected), printable(found.substr(0, 200))};
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> check_record(std::string_view key, std::string_view value, PaxScope scope) {
  if (key == "comment") return {};
  if (scope == PaxScope::archive) return refused("comments for all entries alone", key);
  constexpr std::array<std::string_view, 5> passed{"mtime", "atime", "ctime", "uname", "gname"};
  if (std::find(passed.begin(), passed.end(), key) != passed.end()) return {};
  if (key == "path" || key == "linkpath") {
    const bool plain = !value.empty() && value.find('\0') == std::string_view::npos;
    return plain ? Result<void>() : refused("a name", value);
  }
  if (key == "uid" || key == "gid") return is_number(value) ? Result<void>() : refused("a number", value);
  return refused("an extended header that is known here", key);
}

}  // namespace

Result<void> check_pax(std::string_view records, PaxScope scope) {
  std::set<std::string_view> keys;
  while (!records.empty()) {
    std::size_t length = 0;
    const auto* end = records.data() + std::min<std::size_t>(records.size(), 8);
    const auto parsed = std::from_chars(records.data(), end, length);
    const auto digits = static_cast<std::size_t>(parsed.ptr - records.data());
    const bool whole = parsed.ec == std::errc() && records.front() != '0' && length <= records.size() &&
                       length > digits + 2 && records[digits] == ' ' && records[length - 1] == '\n';
    if (!whole) return refused("LENGTH KEY=VALUE", records);
    const auto record = records.substr(digits + 1, length - digits - 2);
    const auto equals = record.find('=');
    if (equals == 0 || equals == std::string_view::npos) return refused("KEY=VALUE", record);
    if (!keys.insert(record.substr(0, equals)).second) return refused("each key once", record);
    TRY(check_record(record.substr(0, equals), record.substr(equals + 1), scope));
    records.remove_prefix(length);
  }
  return {};
}

}  // namespace sallyport
