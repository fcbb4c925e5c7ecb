// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "core/trust/tuf/canonical.h"
#include "core/trust/tuf/metadata.h"
#include "core/trust/tuf/parse.h"

namespace sallyport::tuf {
namespace {

constexpr std::size_t files_max = 2U << 20U;
constexpr std::string_view json_suffix = ".json";

// "1", "1.0", "1.0.31": the versions whose meaning is known here.
Result<void> check_spec_version(const Reader& body) {
  const auto member = TRY(body.member("spec_version"));
  const auto version = TRY(member.text(64));
  if (version != "1" && !version.starts_with("1.")) return member.malformed("1.x", version);
  return {};
}

Result<std::vector<Signature>> parse_signatures(const Reader& list) {
  std::vector<Signature> signatures;
  std::set<std::string> seen;
  for (const auto& element : TRY(list.elements(signatures_max))) {
    const auto keyid_member = TRY(element.member("keyid"));
    auto keyid = TRY(keyid_member.text(name_size_max));
    if (!seen.insert(keyid).second) return keyid_member.malformed("each key once", keyid);
    auto hex = TRY(TRY(element.member("sig")).text(16384));
    signatures.push_back({std::move(keyid), std::move(hex)});
  }
  return signatures;
}

Result<std::optional<Hashes>> parse_hashes(const Reader& of) {
  if (!of.has("hashes")) return std::optional<Hashes>();
  Hashes hashes;
  for (const auto& [algorithm, value] : TRY(TRY(of.member("hashes")).members(16))) {
    auto digits = TRY(value.text(256));
    if (hashes.first.empty()) hashes.first = digits;
    if (algorithm == "sha256" || algorithm == "sha384" || algorithm == "sha512")
      hashes.known.emplace(algorithm, std::move(digits));
  }
  if (hashes.first.empty()) return of.malformed("at least one hash");
  return std::optional<Hashes>(std::move(hashes));
}

Result<MetaFile> parse_meta_file(const Reader& entry) {
  const auto version = TRY(TRY(entry.member("version")).number(1));
  std::optional<std::uint64_t> length;
  if (entry.has("length")) length = TRY(TRY(entry.member("length")).number(0));
  auto hashes = TRY(parse_hashes(entry));
  return MetaFile{version, length, std::move(hashes)};
}

Result<TargetFile> parse_target_file(const Reader& entry) {
  const auto length = TRY(TRY(entry.member("length")).number(0));
  auto hashes = TRY(parse_hashes(entry));
  if (!hashes.has_value()) return entry.malformed("hashes");
  return TargetFile{length, std::move(*hashes)};
}

Result<Common> parse_common(const Opened& opened, Role role) {
  const auto type = TRY(opened.body.member("_type"));
  const auto found = TRY(type.text(64));
  if (found != role_name(role)) return type.malformed(role_name(role), found);
  TRY(check_spec_version(opened.body));
  const auto version = TRY(TRY(opened.body.member("version")).number(1));
  const auto expires = TRY(TRY(opened.body.member("expires")).time());
  return Common{opened.signed_bytes, version, expires};
}

Result<Flag> parse_flag(const Reader& body, std::string_view name) {
  if (!body.has(name)) return Flag::no;
  const auto member = TRY(body.member(name));
  const auto* value = member.node().boolean();
  if (value == nullptr) return member.malformed("true or false");
  return *value ? Flag::yes : Flag::no;
}

Result<std::vector<std::string>> parse_texts(const Reader& of, std::string_view name, std::size_t size_max) {
  std::vector<std::string> all;
  if (!of.has(name)) return all;
  for (const auto& element : TRY(TRY(of.member(name)).elements(65536)))
    all.push_back(TRY(element.text(size_max)));
  return all;
}

bool is_top_level(std::string_view name) {
  return name == "root" || name == "timestamp" || name == "snapshot" || name == "targets";
}

Result<std::string> parse_delegated_name(const Reader& member) {
  auto name = TRY(member.text(name_size_max));
  if (name.empty() || is_top_level(name)) return member.malformed("a name of its own", name);
  return name;
}

Result<DelegatedRole> parse_delegated_role(const Reader& entry, const Keys& keys) {
  auto name = TRY(parse_delegated_name(TRY(entry.member("name"))));
  auto authority = TRY(parse_authority(entry, keys));
  const auto terminating = TRY(parse_flag(entry, "terminating"));
  auto paths = TRY(parse_texts(entry, "paths", name_size_max));
  auto prefixes = TRY(parse_texts(entry, "path_hash_prefixes", 64));
  if (entry.has("paths") == entry.has("path_hash_prefixes"))
    return entry.malformed("one of paths and path_hash_prefixes");
  return DelegatedRole{std::move(name), std::move(authority), terminating == Flag::yes, std::move(paths),
                       std::move(prefixes)};
}

Result<SuccinctRoles> parse_succinct(const Reader& entry, const Keys& keys) {
  auto authority = TRY(parse_authority(entry, keys));
  const auto bits = TRY(entry.member("bit_length"));
  const auto bit_length = TRY(bits.number(1));
  if (bit_length > 32) return bits.malformed("1 to 32", std::to_string(bit_length));
  const auto prefix_member = TRY(entry.member("name_prefix"));
  auto prefix = TRY(prefix_member.text(name_size_max));
  if (prefix.empty()) return prefix_member.malformed("at least one character");
  return SuccinctRoles{std::move(authority), static_cast<std::uint32_t>(bit_length), std::move(prefix)};
}

Result<void> parse_delegations(const Reader& delegations, Targets& targets) {
  const auto keys = TRY(parse_keys(TRY(delegations.member("keys"))));
  if (delegations.has("roles") && delegations.has("succinct_roles"))
    return delegations.malformed("one of roles and succinct_roles");
  if (delegations.has("succinct_roles")) {
    targets.succinct = TRY(parse_succinct(TRY(delegations.member("succinct_roles")), keys));
    return {};
  }
  if (!delegations.has("roles")) return {};
  std::set<std::string> names;
  for (const auto& entry : TRY(TRY(delegations.member("roles")).elements(65536))) {
    targets.delegations.push_back(TRY(parse_delegated_role(entry, keys)));
    if (!names.insert(targets.delegations.back().name).second) return entry.malformed("each role once");
  }
  return {};
}

}  // namespace

std::string_view role_name(Role role) {
  switch (role) {
    case Role::root:
      return "root";
    case Role::timestamp:
      return "timestamp";
    case Role::snapshot:
      return "snapshot";
    case Role::targets:
      return "targets";
  }
  return "";
}

Result<Root> parse_root(BytesView json) {
  const auto document = TRY(Document::parse(json, root_size_max));
  const auto opened = TRY(open(document));
  Root root{TRY(parse_common(opened, Role::root)), false, {}};
  root.consistent_snapshot = TRY(parse_flag(opened.body, "consistent_snapshot")) == Flag::yes;
  const auto keys = TRY(parse_keys(TRY(opened.body.member("keys"))));
  const auto roles = TRY(opened.body.member("roles"));
  for (const auto role : {Role::root, Role::timestamp, Role::snapshot, Role::targets})
    root.roles.emplace(role, TRY(parse_authority(TRY(roles.member(role_name(role))), keys)));
  return root;
}

Result<Timestamp> parse_timestamp(BytesView json) {
  const auto document = TRY(Document::parse(json, timestamp_size_max));
  const auto opened = TRY(open(document));
  auto common = TRY(parse_common(opened, Role::timestamp));
  const auto meta = TRY(opened.body.member("meta"));
  auto snapshot = TRY(parse_meta_file(TRY(meta.member("snapshot.json"))));
  return Timestamp{std::move(common), std::move(snapshot)};
}

Result<Snapshot> parse_snapshot(BytesView json) {
  const auto document = TRY(Document::parse(json, snapshot_size_max));
  const auto opened = TRY(open(document));
  Snapshot snapshot{TRY(parse_common(opened, Role::snapshot)), {}};
  for (const auto& [name, entry] : TRY(TRY(opened.body.member("meta")).members(files_max))) {
    auto meta = TRY(parse_meta_file(entry));
    if (name.ends_with(json_suffix))
      snapshot.roles.emplace(name.substr(0, name.size() - json_suffix.size()), std::move(meta));
  }
  if (!snapshot.roles.contains("targets")) return opened.body.malformed("an entry for targets.json");
  return snapshot;
}

Result<Targets> parse_targets(BytesView json) {
  const auto document = TRY(Document::parse(json, targets_size_max));
  const auto opened = TRY(open(document));
  Targets targets{TRY(parse_common(opened, Role::targets)), {}, {}, {}};
  for (const auto& [name, entry] : TRY(TRY(opened.body.member("targets")).members(files_max)))
    targets.files.emplace(name, TRY(parse_target_file(entry)));
  if (opened.body.has("delegations")) TRY(parse_delegations(TRY(opened.body.member("delegations")), targets));
  return targets;
}

Result<Document> Document::parse(BytesView json, std::uint64_t size_max) {
  return Document(TRY(parse_json_tree(json, size_max, Code::tuf_malformed)));
}

Result<Opened> open(const Document& document) {
  const Reader top(document.root, "");
  const auto body = TRY(top.member("signed"));
  if (body.node().object() == nullptr) return body.malformed("an object");
  auto signatures = TRY(parse_signatures(TRY(top.member("signatures"))));
  return Opened{body, {canonical_json(body.node()), std::move(signatures)}};
}

}  // namespace sallyport::tuf
