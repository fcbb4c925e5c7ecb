// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/pkcs11_uri.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/bytes.h"

namespace sallyport {
namespace {

constexpr std::size_t uri_size_max = 2048;
constexpr std::array<std::string_view, 12> path_names{"token",
                                                      "manufacturer",
                                                      "serial",
                                                      "model",
                                                      "library-manufacturer",
                                                      "library-description",
                                                      "object",
                                                      "type",
                                                      "id",
                                                      "slot-manufacturer",
                                                      "slot-description",
                                                      "slot-id"};
constexpr std::array<std::string_view, 4> query_names{"pin-source", "pin-value", "module-name",
                                                      "module-path"};

// The URI may hold a PIN, so that the error never repeats it.
Error malformed(std::string_view what) {
  return Error(Code::usage_error, "key URI", "a PKCS#11 URI (RFC 7512)", std::string(what));
}

Result<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    std::string digits(text.substr(i + 1, 2));
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto byte = parse_hex(digits, 1);
    if (!byte.ok() || byte.value().size() != 1 || byte.value()[0] == 0)
      return malformed("a bad percent sign");
    out.push_back(static_cast<char>(byte.value()[0]));
    i += 2;
  }
  return out;
}

struct Attribute {
  std::string_view name;
  std::string_view value;
};

template <class Names, class Use>
Result<void> each_attribute(std::string_view text, char separator, const Names& names, Use use) {
  std::set<std::string_view> seen;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return malformed("an attribute without a value");
    const Attribute attribute{part.substr(0, equals), part.substr(equals + 1)};
    if (std::find(names.begin(), names.end(), attribute.name) == names.end())
      return malformed("an unknown attribute");
    if (!seen.insert(attribute.name).second) return malformed("an attribute twice");
    TRY(use(attribute));
  }
  return {};
}

struct Seen {
  bool type = false;
  bool name = false;  // object or id
};

Result<void> use_path(const Attribute& attribute, Seen& seen) {
  TRY(decode(attribute.value));
  seen.name = seen.name || attribute.name == "object" || attribute.name == "id";
  if (attribute.name != "type") return {};
  seen.type = true;
  if (attribute.value != "private") return malformed("a type that is not private");
  return {};
}

Result<void> use_query(const Attribute& attribute, Pkcs11Uri& parsed) {
  auto value = TRY(decode(attribute.value));
  if (attribute.name == "module-name") return malformed("module-name (give module-path)");
  auto& member = attribute.name == "pin-source"  ? parsed.pin_source
                 : attribute.name == "pin-value" ? parsed.pin_value
                                                 : parsed.module_path;
  member = std::move(value);
  return {};
}

}  // namespace

Result<Pkcs11Uri> Pkcs11Uri::parse(std::string_view uri) {
  constexpr std::string_view scheme = "pkcs11:";
  if (uri.size() > uri_size_max || !uri.starts_with(scheme)) return malformed("another URI");
  uri.remove_prefix(scheme.size());
  const auto path = uri.substr(0, uri.find('?'));
  const auto query = uri.substr(std::min(uri.size(), path.size() + 1));
  Pkcs11Uri parsed;
  parsed.object = std::string(scheme) + std::string(path);
  Seen seen;
  TRY(each_attribute(path, ';', path_names,
                     [&](const Attribute& attribute) { return use_path(attribute, seen); }));
  if (!seen.name) return malformed("neither object nor id");
  if (!seen.type) parsed.object += ";type=private";
  TRY(each_attribute(query, '&', query_names,
                     [&](const Attribute& attribute) { return use_query(attribute, parsed); }));
  return parsed;
}

}  // namespace sallyport
