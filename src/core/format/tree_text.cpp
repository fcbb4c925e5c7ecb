// SPDX-License-Identifier: Apache-2.0
#include "core/format/tree_text.h"

#include "core/base/result.h"

namespace sallyport {
namespace {

constexpr std::string_view before_entries = R"("entries":[)";
constexpr std::string_view before_objects = R"(],"objects":[)";
constexpr std::string_view behind_objects = R"(],"services":[)";
constexpr std::size_t items_size = 64U << 10U;

}  // namespace

std::optional<TreeText> cut_lists(std::string_view json) {
  const auto first = json.find(before_entries);
  if (first == std::string_view::npos) return {};
  const auto entries = first + before_entries.size();
  // The bracket that closes the list is a part of the next mark.
  const auto second = json.find(before_objects, entries);
  if (second == std::string_view::npos) return {};
  const auto objects = second + before_objects.size();
  const auto third = json.find(behind_objects, objects);
  if (third == std::string_view::npos) return {};
  TreeText text{std::string(json.substr(0, entries)), entries, 0, json.substr(entries, second - entries),
                json.substr(objects, third - objects)};
  text.frame += before_objects;
  text.objects_at = text.frame.size();
  text.frame += json.substr(third);
  return text;
}

std::optional<std::string> next_items(std::string_view& items, const ItemForm& form) {
  CHECK(!items.empty());
  const auto at = items.size() <= items_size ? std::string_view::npos : items.find(form.between, items_size);
  const bool last = at == std::string_view::npos;
  const auto size = last ? items.size() : at + 1;
  if (size > form.size_max) return {};
  std::string list;
  list.reserve(size + 2);
  list += '[';
  list += items.substr(0, size);
  list += ']';
  items.remove_prefix(last ? size : size + 1);  // and the comma
  return list;
}

}  // namespace sallyport
