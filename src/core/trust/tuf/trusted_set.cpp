// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/trusted_set.h"

#include <algorithm>

#include "core/trust/tuf/hashes.h"
#include "core/trust/tuf/paths.h"
#include "core/trust/tuf/threshold.h"

namespace sallyport::tuf {
namespace {

Error version_wrong(std::string_view name, std::uint64_t expected, std::uint64_t found) {
  return {Code::tuf_version_wrong, std::string(name), std::to_string(expected), std::to_string(found)};
}

Error rollback(std::string where, std::uint64_t seen, std::uint64_t found) {
  return {Code::tuf_rollback, std::move(where), "version " + std::to_string(seen) + " or later",
          std::to_string(found)};
}

std::set<KeyId> distinct(const Authority& authority) {
  std::set<KeyId> keys;
  for (const auto& [label, key] : authority.keys) keys.insert(key.key.id());
  return keys;
}

bool lost_a_key(const Authority& before, const Authority& after) {
  const auto old_keys = distinct(before);
  const auto new_keys = distinct(after);
  return !std::includes(new_keys.begin(), new_keys.end(), old_keys.begin(), old_keys.end());
}

}  // namespace

Result<RootChain> RootChain::begin(BytesView bytes) {
  auto root = TRY(parse_root(bytes));
  TRY(check_signatures(root.signed_bytes, root.roles.at(Role::root), "root"));
  return RootChain(std::move(root));
}

Result<void> RootChain::extend(BytesView bytes) {
  auto next = TRY(parse_root(bytes));
  TRY(check_signatures(next.signed_bytes, root_.roles.at(Role::root),
                       "root, by the keys of the root before"));
  TRY(check_signatures(next.signed_bytes, next.roles.at(Role::root), "root, by its own keys"));
  // No wrap: version is at most 2^63-1.
  if (next.version != root_.version + 1) return version_wrong("root", root_.version + 1, next.version);
  const bool replaced = lost_a_key(root_.roles.at(Role::timestamp), next.roles.at(Role::timestamp)) ||
                        lost_a_key(root_.roles.at(Role::snapshot), next.roles.at(Role::snapshot));
  online_ = replaced ? Online::keys_replaced : Online::same_keys;
  root_ = std::move(next);
  return {};
}

Result<void> TrustedSet::check_fresh(const Common& metadata, std::string_view name) const {
  if (now_ < metadata.expires) return {};
  return Error(Code::tuf_expired, std::string(name), "not expired at " + now_.print(),
               metadata.expires.print());
}

Result<TrustedSet> TrustedSet::begin(const RootChain& chain, Instant now) {
  TrustedSet set(chain.root(), now);
  TRY(set.check_fresh(set.root_, "root"));
  return set;
}

Result<void> TrustedSet::recall_timestamp(BytesView bytes) {
  auto timestamp = TRY(parse_timestamp(bytes));
  TRY(check_signatures(timestamp.signed_bytes, root_.roles.at(Role::timestamp), "timestamp"));
  timestamp_ = std::move(timestamp);
  return {};
}

Result<TrustedSet::Offered> TrustedSet::offer_timestamp(BytesView bytes) {
  auto next = TRY(parse_timestamp(bytes));
  TRY(check_signatures(next.signed_bytes, root_.roles.at(Role::timestamp), "timestamp"));
  if (timestamp_.has_value()) {
    if (next.version < timestamp_->version) return rollback("timestamp", timestamp_->version, next.version);
    if (next.version == timestamp_->version) {
      TRY(check_current_timestamp());
      return Offered::kept;
    }
    if (next.snapshot.version < timestamp_->snapshot.version)
      return rollback("snapshot, as the timestamp says", timestamp_->snapshot.version, next.snapshot.version);
  }
  TRY(check_fresh(next, "timestamp"));
  timestamp_ = std::move(next);
  return Offered::taken;
}

Result<void> TrustedSet::check_current_timestamp() const {
  CHECK(timestamp_.has_value());
  return check_fresh(*timestamp_, "timestamp");
}

const MetaFile& TrustedSet::snapshot_wanted() const {
  CHECK(timestamp_.has_value());
  return timestamp_->snapshot;
}

Result<void> TrustedSet::recall_snapshot(BytesView bytes) {
  auto snapshot = TRY(parse_snapshot(bytes));
  TRY(check_signatures(snapshot.signed_bytes, root_.roles.at(Role::snapshot), "snapshot"));
  snapshot_ = std::move(snapshot);
  snapshot_current_ = snapshot_->version == snapshot_wanted().version &&
                      check_fresh(*snapshot_, "snapshot").ok() &&
                      check_file(snapshot_wanted(), bytes, "snapshot").ok();
  return {};
}

bool TrustedSet::snapshot_is_current() const {
  return snapshot_current_;
}

Result<void> TrustedSet::check_no_rollback(const Snapshot& next) const {
  if (!snapshot_.has_value()) return {};
  for (const auto& [role, before] : snapshot_->roles) {
    const auto found = next.roles.find(role);
    if (found == next.roles.end())
      return Error(Code::tuf_role_missing, "snapshot", "the role " + role + ", which it named before",
                   "none");
    if (found->second.version < before.version)
      return rollback(role + ", as the snapshot says", before.version, found->second.version);
  }
  return {};
}

Result<void> TrustedSet::offer_snapshot(BytesView bytes) {
  TRY(check_current_timestamp());
  TRY(check_file(snapshot_wanted(), bytes, "snapshot"));
  auto next = TRY(parse_snapshot(bytes));
  TRY(check_signatures(next.signed_bytes, root_.roles.at(Role::snapshot), "snapshot"));
  if (next.version != snapshot_wanted().version)
    return version_wrong("snapshot", snapshot_wanted().version, next.version);
  TRY(check_no_rollback(next));
  TRY(check_fresh(next, "snapshot"));
  snapshot_ = std::move(next);
  snapshot_current_ = true;
  return {};
}

Result<MetaFile> TrustedSet::targets_wanted(const std::string& role) const {
  CHECK(snapshot_current_);
  const auto found = snapshot_->roles.find(role);
  if (found == snapshot_->roles.end())
    return Error(Code::tuf_role_missing, "snapshot", "the role " + role, "none");
  return found->second;
}

Result<const Authority*> TrustedSet::authority(const Edge& edge) const {
  if (edge == targets_edge()) return &root_.roles.at(Role::targets);
  const auto& delegator = targets(edge.delegator);
  if (delegator.succinct.has_value() && is_bin_of(*delegator.succinct, edge.role))
    return &delegator.succinct->authority;
  const auto found = std::find_if(delegator.delegations.begin(), delegator.delegations.end(),
                                  [&](const auto& role) { return role.name == edge.role; });
  if (found != delegator.delegations.end()) return &found->authority;
  return Error(Code::tuf_role_missing, edge.delegator, "a delegation to " + edge.role, "none");
}

Result<TrustedSet::Held> TrustedSet::holds(const Edge& edge) {
  const auto found = targets_.find(edge.role);
  if (found == targets_.end()) return Held::no;
  if (vouched_.contains(edge)) return Held::yes;
  const auto* const who = TRY(authority(edge));
  TRY(check_signatures(found->second.signed_bytes, *who,
                       edge.role + ", by the keys that " + edge.delegator + " names"));
  vouched_.insert(edge);
  return Held::yes;
}

Result<void> TrustedSet::offer_targets(const Edge& edge, BytesView bytes) {
  const auto wanted = TRY(targets_wanted(edge.role));
  TRY(check_file(wanted, bytes, edge.role));
  auto next = TRY(parse_targets(bytes));
  const auto* const who = TRY(authority(edge));
  TRY(check_signatures(next.signed_bytes, *who, edge.role));
  if (next.version != wanted.version) return version_wrong(edge.role, wanted.version, next.version);
  TRY(check_fresh(next, edge.role));
  targets_.insert_or_assign(edge.role, std::move(next));
  vouched_.insert(edge);
  return {};
}

std::set<KeyId> TrustedSet::targets_signers() const {
  return signers(targets("targets").signed_bytes, root_.roles.at(Role::targets));
}

const Targets& TrustedSet::targets(const std::string& role) const {
  const auto found = targets_.find(role);
  CHECK(found != targets_.end());
  return found->second;
}

}  // namespace sallyport::tuf
