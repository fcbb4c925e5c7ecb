// SPDX-License-Identifier: Apache-2.0
#include "core/format/json_fields.h"

#include <boost/json.hpp>
#include <map>

#include "core/format/json.h"

namespace sallyport {
namespace {

namespace json = boost::json;

std::string text_of(json::string_view text) {
  return {text.data(), text.size()};
}

std::string joined(const std::string& where, const std::string& name) {
  return where.empty() ? name : where + "." + name;
}

std::string item_name(const std::string& where, const json::value& item, std::size_t index) {
  if (item.is_object()) {
    const auto* id = item.get_object().if_contains("id");
    if (id != nullptr && id->is_string()) return joined(where, text_of(id->get_string()));
  }
  return where + "[" + std::to_string(index) + "]";
}

// NOLINTNEXTLINE(misc-no-recursion): the text is of bounded depth, JsonDocument has accepted it
void add(const json::value& value, const std::string& where, std::vector<Field>& fields) {
  if (value.is_object() && !value.get_object().empty()) {
    for (const auto& member : value.get_object())
      add(member.value(), joined(where, text_of(member.key())), fields);
    return;
  }
  if (value.is_array() && !value.get_array().empty()) {
    const auto& items = value.get_array();
    for (std::size_t i = 0; i < items.size(); ++i) add(items[i], item_name(where, items[i], i), fields);
    return;
  }
  fields.push_back(
      {where, value.is_string() ? text_of(value.get_string()) : text_of(json::serialize(value))});
}

}  // namespace

Result<std::vector<Field>> json_fields(BytesView text, std::uint64_t size_max, Code code) {
  TRY(JsonDocument::parse(text, size_max, code));
  json::error_code error;
  const auto view = as_text(text);
  const auto value = json::parse(json::string_view(view.data(), view.size()), error);
  if (error) return Error(code, "JSON", "a text that reads the same twice", error.message());
  std::vector<Field> fields;
  add(value, {}, fields);
  return fields;
}

std::vector<FieldChange> diff_fields(const std::vector<Field>& before, const std::vector<Field>& after) {
  std::map<std::string, std::string> old;
  for (const auto& [name, value] : before) old.emplace(name, value);
  std::vector<FieldChange> changes;
  for (const auto& [name, value] : after) {
    const auto found = old.find(name);
    if (found == old.end()) changes.push_back({name, {}, value});
    if (found == old.end()) continue;
    if (found->second != value) changes.push_back({name, found->second, value});
    old.erase(found);
  }
  for (const auto& [name, value] : old) changes.push_back({name, value, {}});
  return changes;
}

}  // namespace sallyport
