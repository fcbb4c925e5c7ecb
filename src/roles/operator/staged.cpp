// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/staged.h"

#include <algorithm>

#include "core/trust/tuf/threshold.h"

namespace sallyport::operators {
namespace {

using tuf::Role;

constexpr std::int64_t longest_seconds = std::int64_t{3650} * 86400;

std::set<KeyId> ids(const tuf::Authority& who) {
  std::set<KeyId> found;
  for (const auto& [label, key] : who.keys) found.insert(key.key.id());
  return found;
}

bool same(const tuf::Authority& one, const tuf::Authority& other) {
  return one.threshold == other.threshold && ids(one) == ids(other);
}

Error unexpected(std::string where, std::string expected, std::string found) {
  return {Code::staged_file_unexpected, std::move(where), std::move(expected), std::move(found)};
}

Result<void> check_expiry(Instant expires, const std::string& where, Instant now) {
  const auto latest = now.plus(longest_seconds);
  if (expires <= latest) return {};
  return unexpected(where, "that it expires by " + latest.print(), expires.print());
}

void tell_keys(StagedFile& file, const char* label, const tuf::Authority& who) {
  for (const auto& id : ids(who)) file.says.push_back({label, id.text()});
}

}  // namespace

bool names(const tuf::Authority& who, const PublicKey& key) {
  return ids(who).contains(key.id());
}

bool names_just(const tuf::Authority& who, const std::vector<PublicKey>& keys) {
  std::set<KeyId> given;
  for (const auto& key : keys) given.insert(key.id());
  return ids(who) == given;
}

bool kept_by(const tuf::Root& root, const Keepers& keepers) {
  const auto& officers = root.roles.at(Role::root);
  return officers.threshold == keepers.threshold && names_just(officers, keepers.officers) &&
         names_just(root.roles.at(Role::snapshot), keepers.online);
}

Result<StagedFile> look_at_root(const tuf::Root& root, std::uint64_t version, Instant now) {
  const std::string where = "staged/root.json";
  const auto& officers = root.roles.at(Role::root);
  const auto& online = root.roles.at(Role::snapshot);
  if (root.version != version)
    return unexpected(where, "version " + std::to_string(version), std::to_string(root.version));
  if (!same(officers, root.roles.at(Role::targets)))
    return unexpected(where, "the same officers for root and targets", "others");
  if (!same(online, root.roles.at(Role::timestamp)) || online.threshold != 1)
    return unexpected(where, "any one of the same server keys for snapshot and timestamp", "others");
  if (!root.consistent_snapshot) return unexpected(where, "consistent snapshots", "none");
  TRY(check_expiry(root.expires, where, now));
  StagedFile file{
      "root", root.version, tuf::signers(root.signed_bytes, officers).size(), officers.threshold, {}};
  tell_keys(file, "officer", officers);
  tell_keys(file, "server key", online);
  file.says.push_back({"expires", root.expires.print()});
  return file;
}

Result<StagedFile> look_at_targets(BytesView bytes, tuf::TargetsDraft draft, const tuf::Root& root,
                                   Instant now) {
  const std::string where = "staged/targets.json";
  const auto targets = TRY(tuf::parse_targets(bytes));
  const auto& policy = draft.files.begin()->second.digest;
  const auto listed = targets.files.find(draft.files.begin()->first);
  if (listed == targets.files.end() || listed->second.hashes.first != policy.text())
    return unexpected(where, "the policy given, " + policy.text(),
                      listed == targets.files.end() ? "none" : listed->second.hashes.first);
  if (!names_just(root.roles.at(Role::snapshot), draft.delegations.front().who.keys))
    return unexpected(where, "deliveries by the server's keys of the root", "by others");
  TRY(check_expiry(targets.expires, where, now));
  draft.expires = targets.expires;
  if (TRY(tuf::take_apart(bytes)).text != tuf::print_targets(draft))
    return unexpected(where,
                      "version " + std::to_string(draft.version) + ": the policy, and who lists deliveries",
                      "other content");
  const auto& officers = root.roles.at(Role::targets);
  return StagedFile{"targets",
                    targets.version,
                    tuf::signers(targets.signed_bytes, officers).size(),
                    officers.threshold,
                    {{"policy", policy.text()}, {"expires", targets.expires.print()}}};
}

}  // namespace sallyport::operators
