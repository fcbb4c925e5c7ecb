// SPDX-License-Identifier: Apache-2.0
// What of a TUF repository is trusted, and how more of it comes to be trusted. Pure: bytes in, a trusted set or a
// refusal out; fetching and keeping is for whoever holds the ports. The rules are those of the client workflow of TUF
// 1.0 §5.3 to §5.6; docs/spec/tuf.md says what is done where it leaves a choice.
//
//   RootChain chain = TRY(RootChain::begin(pinned root));      // signed by itself
//   TRY(chain.extend(next root))…                              // exactly one version on, old and new quorum
//   TrustedSet set = TRY(TrustedSet::begin(chain, now));       // the last root must not have expired
//   (void)set.recall_timestamp(kept bytes)                     // what was trusted before: for comparison, and for use
//   TRY(set.offer_timestamp(fetched bytes));                   //   while it is current
//   (void)set.recall_snapshot(kept bytes); if (!set.snapshot_is_current()) TRY(set.offer_snapshot(fetched bytes));
//   TRY(set.offer_targets(targets_edge(), bytes)); TRY(set.offer_targets({"targets", "role"}, bytes)); …
//
// A call that refuses leaves the set as it was, so what was refused is never kept anywhere. `recall` never accepts
// what `offer` would refuse, with two exceptions: an expired timestamp or snapshot is remembered for comparison (and
// never counts as current), and a kept snapshot is not compared with the digest that a newer timestamp states.
#pragma once

#include <set>

#include "core/trust/tuf/metadata.h"

namespace sallyport::tuf {

class RootChain {
 public:
  // The pinned root: signed by a threshold of its own keys.
  static Result<RootChain> begin(BytesView root);

  // The next version. tuf_version_wrong unless it is exactly one on; tuf_signatures_missing.
  Result<void> extend(BytesView root);

  const Root& root() const { return root_; }
  // Whether a key of snapshot or timestamp was taken away by the last step: what these have signed before may be an
  // attacker's, so versions seen before no longer bind (recovery from fast-forward).
  enum class Online : std::uint8_t { same_keys, keys_replaced };
  Online online() const { return online_; }

 private:
  explicit RootChain(Root root) : root_(std::move(root)) {}
  Root root_;
  Online online_ = Online::same_keys;
};

// Who vouches for a role of targets: keys and threshold are the delegator's word.
struct Edge {
  std::string delegator;  // "root" for the role targets
  std::string role;
  auto operator<=>(const Edge&) const = default;
};
inline Edge targets_edge() {
  return {"root", "targets"};
}

class TrustedSet {
 public:
  static Result<TrustedSet> begin(const RootChain& chain, Instant now);

  const Root& root() const { return root_; }

  Result<void> recall_timestamp(BytesView bytes);
  // `kept`: the version is the one that is trusted already; these bytes are not looked at further and not to be kept.
  enum class Offered : std::uint8_t { taken, kept };
  Result<Offered> offer_timestamp(BytesView bytes);
  // What the trusted timestamp says; only after one was taken or kept.
  const MetaFile& snapshot_wanted() const;

  Result<void> recall_snapshot(BytesView bytes);
  bool snapshot_is_current() const;
  Result<void> offer_snapshot(BytesView bytes);

  // What the snapshot says of a role: tuf_role_missing.
  Result<MetaFile> targets_wanted(const std::string& role) const;
  // Whether the role is trusted by this edge already; if another delegator's word brought it here, this one's keys are
  // asked now, and refusal is final: the bytes are the ones that the snapshot names.
  enum class Held : std::uint8_t { yes, no };
  Result<Held> holds(const Edge& edge);
  Result<void> offer_targets(const Edge& edge, BytesView bytes);
  std::set<KeyId> targets_signers() const;  // the officers' keys that have signed the trusted targets
  const Targets& targets(const std::string& role) const;  // one that holds() or offer_targets() accepted

 private:
  TrustedSet(Root root, Instant now) : root_(std::move(root)), now_(now) {}
  Result<void> check_fresh(const Common& metadata, std::string_view name) const;
  Result<void> check_current_timestamp() const;
  Result<void> check_no_rollback(const Snapshot& next) const;
  Result<const Authority*> authority(const Edge& edge) const;

  Root root_;
  Instant now_;
  std::optional<Timestamp> timestamp_;
  std::optional<Snapshot> snapshot_;
  bool snapshot_current_ = false;
  std::map<std::string, Targets, std::less<>> targets_;
  std::set<Edge> vouched_;
};

}  // namespace sallyport::tuf
