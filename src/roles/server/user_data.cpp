// SPDX-License-Identifier: Apache-2.0
#include "roles/server/user_data.h"

#include <map>

#include "core/base/text.h"
#include "core/format/json_tree.h"
#include "core/format/json_writer.h"

namespace sallyport::server {
namespace {

constexpr std::size_t body_size_max = 64U << 10U;
constexpr std::size_t stored_size_max = 64U << 10U;
constexpr std::size_t pairs_max = 64;

using Pairs = std::map<std::string, std::optional<std::string>>;

Error malformed(std::string where, std::string expected) {
  return {Code::json_malformed, std::move(where), std::move(expected), ""};
}

Result<Pairs> read_pairs(const JsonNode& node) {
  if (node.object() == nullptr) return malformed("userDefinedData", "an object");
  Pairs pairs;
  for (const auto& [name, value] : *node.object()) {
    const auto* const text = value.text();
    if (text == nullptr && !value.is_null()) return malformed("userDefinedData." + name, "a text or null");
    if (!is_plain_text(name) || (text != nullptr && !is_plain_text(*text)))
      return malformed("userDefinedData", "plain text");
    pairs[name] = text == nullptr ? std::nullopt : std::optional(*text);
  }
  return pairs;
}

Result<std::string> print_pairs(const Pairs& pairs) {
  JsonWriter to;
  to.begin_object();
  std::size_t count = 0;
  for (const auto& [name, value] : pairs) {
    if (!value) continue;
    if (++count > pairs_max) return malformed("userDefinedData", "at most 64 of them");
    to.text(name, *value);
  }
  auto text = to.end_object().take();
  // What is stored has to be readable for the next change.
  if (text.size() > stored_size_max) return malformed("userDefinedData", "at most 64 KiB of it altogether");
  return text;
}

Result<JsonNode> parse(BytesView body) {
  auto top = TRY(parse_json_tree(body, body_size_max, Code::json_malformed));
  if (top.object() == nullptr) return malformed("body", "an object");
  return top;
}

}  // namespace

Result<std::string> parse_create_request(BytesView body) {
  const auto top = TRY(parse(body));
  Pairs pairs;
  for (const auto& [name, value] : *top.object()) {
    if (name != "userDefinedData") return malformed(name, "no other member than userDefinedData");
    pairs = TRY(read_pairs(value));
  }
  return print_pairs(pairs);
}

Result<ChangeRequest> parse_change_request(BytesView body, const std::string& user_data) {
  const auto top = TRY(parse(body));
  if (top.object()->empty()) return malformed("body", "operationalState, userDefinedData or both");
  ChangeRequest request{std::nullopt, user_data, {}};
  JsonWriter said;
  said.begin_object();
  for (const auto& [name, value] : *top.object()) {
    if (name == "operationalState") {
      const auto* const text = value.text();
      if (text == nullptr || (*text != "ENABLED" && *text != "DISABLED"))
        return malformed(name, "ENABLED or DISABLED");
      request.operational = *text == "ENABLED" ? Operational::enabled : Operational::disabled;
      said.text(name, *text);
    } else if (name == "userDefinedData") {
      auto pairs =
          TRY(read_pairs(TRY(parse_json_tree(as_bytes(user_data), stored_size_max, Code::json_malformed))));
      for (const auto& [key, text] : TRY(read_pairs(value))) pairs[key] = text;
      request.user_data = TRY(print_pairs(pairs));
      said.key(name).raw(request.user_data);
    } else {
      return malformed(name, "operationalState or userDefinedData");
    }
  }
  request.text = said.end_object().take();
  return request;
}

}  // namespace sallyport::server
