// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "core/trust/tuf/parse.h"

namespace sallyport::tuf {
namespace {

std::optional<SignatureScheme> scheme_of(std::string_view name) {
  if (name == "ed25519") return SignatureScheme::ed25519;
  if (name == "ecdsa-sha2-nistp256") return SignatureScheme::ecdsa_p256_sha256;
  if (name == "ecdsa-sha2-nistp384") return SignatureScheme::ecdsa_p384_sha384;
  if (name == "rsassa-pss-sha256") return SignatureScheme::rsa_pss_sha256;
  if (name == "rsa-pkcs1v15-sha256") return SignatureScheme::rsa_pkcs1_sha256;
  return std::nullopt;
}

bool type_is_known(std::string_view type) {
  return type == "ed25519" || type == "rsa" || type == "ecdsa" || type == "ecdsa-sha2-nistp256" ||
         type == "ecdsa-sha2-nistp384";
}

// A PEM block, or the bare key in hexadecimal as older repositories have it.
Result<InteropKey> parse_public(std::string_view type, const std::string& value) {
  if (value.find("-----BEGIN") != std::string::npos) return InteropKey::from_pem(value);
  const auto raw = TRY(parse_hex(lower(value), 4096));
  return type == "ed25519" ? InteropKey::from_ed25519(raw) : InteropKey::from_point(raw);
}

// Of a key that cannot be used here nothing is said: it counts for nothing, and what it signs needs others.
Result<std::optional<Key>> parse_key(const Reader& entry) {
  const auto type = TRY(TRY(entry.member("keytype")).text(256));
  const auto scheme = scheme_of(TRY(TRY(entry.member("scheme")).text(256)));
  const auto values = TRY(entry.member("keyval"));
  if (values.node().object() == nullptr) return values.malformed("an object");
  const auto* value = values.node().find("public");
  if (!scheme.has_value() || !type_is_known(type) || value == nullptr || value->text() == nullptr)
    return std::optional<Key>();
  auto key = parse_public(type, *value->text());
  if (!key.ok()) return std::optional<Key>();
  return std::optional<Key>({std::move(key).value(), *scheme});
}

}  // namespace

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

Result<Keys> parse_keys(const Reader& keys) {
  Keys usable;
  for (const auto& [keyid, entry] : TRY(keys.members(keys_max))) {
    auto key = TRY(parse_key(entry));
    if (key.has_value()) usable.emplace(keyid, std::move(*key));
  }
  return usable;
}

Result<Authority> parse_authority(const Reader& role, const Keys& keys) {
  const auto threshold = TRY(TRY(role.member("threshold")).number(1));
  Authority authority{{}, threshold};
  std::set<std::string> seen;
  for (const auto& element : TRY(TRY(role.member("keyids")).elements(keys_max))) {
    auto keyid = TRY(element.text(name_size_max));
    if (!seen.insert(keyid).second) return element.malformed("each key once", keyid);
    const auto found = keys.find(keyid);
    if (found != keys.end()) authority.keys.emplace(std::move(keyid), found->second);
  }
  return authority;
}

}  // namespace sallyport::tuf
