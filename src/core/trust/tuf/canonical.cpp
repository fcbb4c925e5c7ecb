// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/canonical.h"

#include <algorithm>

namespace sallyport::tuf {
namespace {

void print(const JsonNode& node, std::string& out);

void print_text(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

// NOLINTBEGIN(misc-no-recursion): as deep as what parse_json_tree lets through
void print_array(const JsonNode::Array& array, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    print(array[i], out);
  }
  out += ']';
}

void print_object(const JsonNode::Object& object, std::string& out) {
  std::vector<const JsonMember*> sorted;
  sorted.reserve(object.size());
  for (const auto& member : object) sorted.push_back(&member);
  // std::string compares as unsigned bytes, which for UTF-8 is the order of code points.
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  out += '{';
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0) out += ',';
    print_text(sorted[i]->name, out);
    out += ':';
    print(sorted[i]->value, out);
  }
  out += '}';
}

void print(const JsonNode& node, std::string& out) {
  if (node.is_null()) out += "null";
  if (const auto* value = node.boolean()) out += *value ? "true" : "false";
  if (const auto* value = node.number()) out += std::to_string(*value);
  if (const auto* value = node.text()) print_text(*value, out);
  if (const auto* value = node.array()) print_array(*value, out);
  if (const auto* value = node.object()) print_object(*value, out);
}
// NOLINTEND(misc-no-recursion)

}  // namespace

std::string canonical_json(const JsonNode& node) {
  std::string out;
  print(node, out);
  return out;
}

}  // namespace sallyport::tuf
