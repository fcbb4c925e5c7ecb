// SPDX-License-Identifier: Apache-2.0
// The operator's repository: static files that any web server serves. docs/spec/tuf.md.
//
//   metadata/N.root.json N.targets.json N.deliveries.json N.snapshot.json timestamp.json
//   targets/<sha256>.policy.json  targets/packages/…  targets/verdicts/…  targets/orders/<pool>/…
//   staged/root.json staged/targets.json staged/policy.json       what the officers are signing
//
// Officers (a threshold of persons) hold root and targets, and so the policy; they sign what is staged, one after the
// other, wherever they are. The server's online keys hold snapshot, timestamp and the role deliveries, which lists
// packages, verdicts and orders: they say what there is, and authorise nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "adapters/signer/port.h"
#include "core/base/time.h"

namespace sallyport::operators {

struct Keepers {
  std::vector<PublicKey> officers;
  std::uint32_t threshold;
  std::vector<PublicKey> online;
};

struct StageRequest {
  Bytes policy;
  std::optional<Keepers> keepers;  // the first ones, or new ones; none: as they are
  Instant now;
  std::uint32_t days;  // until root and targets expire
};

struct StagedFile {
  std::string name;  // "root", "targets"
  std::uint64_t version;
  std::size_t signatures;
  std::uint64_t threshold;  // of the keys that the file itself names
};

// Stages the next targets (and root, where the keepers change) unless just these are staged already, and adds this
// officer's signatures. person_key_mismatch when the key is no officer's; policy_malformed;
// signature_algorithm_refused for a keeper whose key is post-quantum.
Result<std::vector<StagedFile>> sign_policy(Disk& disk, const StageRequest& request, Signer& officer);

struct Delivery {
  const ByteSource* package;  // null: only papers
  Bytes verdict;
  Bytes order;
  std::optional<Bytes> proof = {};  // that the order is in the log of the policy
};

struct PublishRequest {
  std::vector<Delivery> deliveries;
  std::vector<Bytes> stops;  // stop orders, as `deploy stop` writes them
  std::vector<Bytes> lists;  // revocation lists
  // Of authorities below an anchor, with what is between: goes along with each list that one of these issued.
  std::vector<Certificate> issuers;
  Instant now;
  std::uint32_t timestamp_days;
  std::uint32_t days;  // of snapshot and deliveries
};

struct Published {
  std::uint64_t root;
  std::uint64_t targets;
  std::uint64_t deliveries;
  std::uint64_t snapshot;
  std::uint64_t timestamp;
  std::vector<std::string> added;  // targets
};

// Takes over what is staged and signed by enough officers (tuf_signatures_missing otherwise), adds the deliveries, and
// signs the online roles. Where the repository's policy names a log, an order is not published without the proof that
// it is in there (log_proof_missing, and what trust::logged says): no node could use it.
// timestamp.json is written last and in one step: before it, nothing has changed for anybody.
Result<Published> publish(Disk& disk, const PublishRequest& request, Signer& online);

}  // namespace sallyport::operators
