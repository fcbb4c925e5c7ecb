// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/write.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/trust/tuf/canonical.h"
#include "core/trust/tuf/parse.h"

namespace sallyport::tuf {
namespace {

constexpr std::string_view spec_version = "1.0.34";

JsonNode text(std::string_view value) {
  CHECK(is_plain_text(value));  // so that canonical JSON is JSON
  return JsonNode(std::string(value));
}

JsonNode number(std::uint64_t value) {
  return JsonNode(static_cast<std::int64_t>(value));
}

struct Kind {
  std::string_view type;
  std::string_view scheme;
};

Kind kind_of_key(const PublicKey& key) {
  switch (key.family()) {
    case KeyFamily::ed25519:
      return {"ed25519", "ed25519"};
    case KeyFamily::ecdsa_p256:
      return {"ecdsa", "ecdsa-sha2-nistp256"};
    case KeyFamily::ecdsa_p384:
      return {"ecdsa", "ecdsa-sha2-nistp384"};
    case KeyFamily::rsa:
      return {"rsa", "rsassa-pss-sha256"};
    case KeyFamily::ml_dsa_44:
    case KeyFamily::ml_dsa_65:
    case KeyFamily::ml_dsa_87:
      break;  // TUF has no name for it; roles/operator/repository.cpp refuses such keys
  }
  return {};
}

JsonNode key_node(const PublicKey& key) {
  const auto kind = kind_of_key(key);
  const bool raw = key.family() == KeyFamily::ed25519;
  // A PEM block has line ends; canonical JSON leaves them as they are, as_json() escapes them.
  JsonNode value(raw ? hex(key.spki().last(32)) : key.pem());
  return JsonNode(JsonNode::Object{{"keytype", text(kind.type)},
                                   {"keyval", JsonNode(JsonNode::Object{{"public", std::move(value)}})},
                                   {"scheme", text(kind.scheme)}});
}

void list_keys(const RoleDraft& role, JsonNode::Object& keys) {
  for (const auto& key : role.keys) {
    const auto keyid = keyid_of(key);
    const bool listed =
        std::any_of(keys.begin(), keys.end(), [&](const auto& member) { return member.name == keyid; });
    if (!listed) keys.push_back({keyid, key_node(key)});
  }
}

JsonNode::Object role_members(const RoleDraft& role) {
  CHECK(role.threshold >= 1);
  JsonNode::Array keyids;
  for (const auto& key : role.keys) keyids.push_back(text(keyid_of(key)));
  return {{"keyids", JsonNode(std::move(keyids))}, {"threshold", number(role.threshold)}};
}

JsonNode::Object common(Role role, std::uint64_t version, Instant expires) {
  return {{"_type", text(role_name(role))},
          {"spec_version", text(spec_version)},
          {"version", number(version)},
          {"expires", text(expires.print())}};
}

JsonNode::Object file_members(const FileDraft& file) {
  return {{"length", number(file.length)},
          {"hashes", JsonNode(JsonNode::Object{{"sha256", text(file.digest.text())}})}};
}

JsonNode meta_node(const WrittenFile& written) {
  auto members = file_members(written.file);
  members.push_back({"version", number(written.version)});
  return JsonNode(std::move(members));
}

JsonNode delegations_node(const std::vector<DelegationDraft>& delegations) {
  JsonNode::Object keys;
  JsonNode::Array roles;
  for (const auto& delegation : delegations) {
    list_keys(delegation.who, keys);
    auto members = role_members(delegation.who);
    JsonNode::Array paths;
    for (const auto& path : delegation.paths) paths.push_back(text(path));
    members.push_back({"name", text(delegation.name)});
    members.push_back({"paths", JsonNode(std::move(paths))});
    members.push_back({"terminating", JsonNode(true)});
    roles.emplace_back(std::move(members));
  }
  return JsonNode(
      JsonNode::Object{{"keys", JsonNode(std::move(keys))}, {"roles", JsonNode(std::move(roles))}});
}

// The canonical text as JSON: line ends inside of texts (PEM) escaped.
std::string as_json(std::string_view canonical) {
  std::string out;
  for (const char c : canonical) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string print_root(const RootDraft& draft) {
  auto members = common(Role::root, draft.version, draft.expires);
  JsonNode::Object keys;
  JsonNode::Object roles;
  for (const auto& [role, who] : draft.roles) {
    list_keys(who, keys);
    roles.push_back({std::string(role_name(role)), JsonNode(role_members(who))});
  }
  members.push_back({"consistent_snapshot", JsonNode(true)});
  members.push_back({"keys", JsonNode(std::move(keys))});
  members.push_back({"roles", JsonNode(std::move(roles))});
  return canonical_json(JsonNode(std::move(members)));
}

std::string print_targets(const TargetsDraft& draft) {
  auto members = common(Role::targets, draft.version, draft.expires);
  JsonNode::Object files;
  for (const auto& [path, file] : draft.files) {
    CHECK(is_plain_text(path));
    files.push_back({path, JsonNode(file_members(file))});
  }
  members.push_back({"targets", JsonNode(std::move(files))});
  if (!draft.delegations.empty()) members.push_back({"delegations", delegations_node(draft.delegations)});
  return canonical_json(JsonNode(std::move(members)));
}

std::string print_snapshot(std::uint64_t version, Instant expires,
                           const std::map<std::string, WrittenFile>& roles) {
  auto members = common(Role::snapshot, version, expires);
  JsonNode::Object meta;
  for (const auto& [role, written] : roles) meta.push_back({role + ".json", meta_node(written)});
  members.push_back({"meta", JsonNode(std::move(meta))});
  return canonical_json(JsonNode(std::move(members)));
}

std::string print_timestamp(std::uint64_t version, Instant expires, const WrittenFile& snapshot) {
  auto members = common(Role::timestamp, version, expires);
  members.push_back({"meta", JsonNode(JsonNode::Object{{"snapshot.json", meta_node(snapshot)}})});
  return canonical_json(JsonNode(std::move(members)));
}

std::string keyid_of(const PublicKey& key) {
  return sha256(as_bytes(canonical_json(key_node(key)))).text();
}

std::string print_file(std::string_view text, const std::vector<KeySignature>& signatures) {
  FileParts parts{std::string(text), {}};
  for (const auto& signature : signatures)
    parts.signatures.push_back({keyid_of(signature.key), hex(signature.signature)});
  return put_together(parts);
}

std::string put_together(const FileParts& parts) {
  JsonNode::Array list;
  for (const auto& signature : parts.signatures) {
    list.emplace_back(
        JsonNode::Object{{"keyid", JsonNode(signature.keyid)}, {"sig", JsonNode(signature.hex)}});
  }
  return "{\"signatures\":" + canonical_json(JsonNode(std::move(list))) +
         ",\"signed\":" + as_json(parts.text) + "}\n";
}

Result<FileParts> take_apart(BytesView file) {
  const auto document = TRY(Document::parse(file, targets_size_max));
  auto opened = TRY(open(document));
  FileParts parts{std::move(opened.signed_bytes.canonical), std::move(opened.signed_bytes.signatures)};
  if (put_together(parts) != as_text(file))
    return Error(Code::tuf_malformed, "metadata", "the spelling of this program", "another one");
  return parts;
}

}  // namespace sallyport::tuf
