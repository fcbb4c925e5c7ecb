// SPDX-License-Identifier: Apache-2.0
// The operator's repository: static files that any web server serves. docs/spec/tuf.md.
//
//   metadata/N.root.json N.targets.json N.deliveries.json N.snapshot.json timestamp.json
//   targets/<sha256>.policy.json  targets/packages/…  targets/verdicts/…  targets/orders/<pool>/…
//   targets/stops/<pool>/…  targets/recalls/<pool>/…  targets/proofs/…  targets/crls/…
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
  std::size_t signatures;   // that verify, of distinct keys that the root to come names
  std::uint64_t threshold;  // of these keys
  std::vector<std::pair<std::string, std::string>> says;  // what was signed, for people: label, value
};

// Stages the next targets (and root, where the keepers change) unless just these are staged already, and adds this
// officer's signatures. person_key_mismatch when the key is no officer's; policy_malformed;
// signature_algorithm_refused for a keeper whose key is post-quantum; staged_file_unexpected when what others have
// staged says anything else than the policy given and keepers of one form: nothing is signed then.
Result<std::vector<StagedFile>> sign_policy(Disk& disk, const StageRequest& request, Signer& officer);

struct Delivery {
  const ByteSource* package;  // null: only papers
  Bytes verdict;
  Bytes order;
  std::optional<Bytes> proof = {};  // that the order is in the log of the policy
};

// Approved by the persons of its pool: what they did not approve, nodes would refuse.
struct RecallDelivery {
  Bytes recall;
  std::optional<Bytes> proof = {};  // that it is in the log of the policy
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
  std::vector<RecallDelivery> recalls = {};
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
// signs the online roles with a key that the officers named for all of them (repository_key_unknown otherwise). Where
// the repository's policy names a log, an order is not published without the proof that it is in there
// (log_proof_missing, and what trust::logged says): no node could use it. A recall is published as a node would take it
// (trust::logged_recall), where the officers let the server list recalls (tuf_target_unknown: sign the policy again).
// No metadata is written before all of it was checked. timestamp.json is written last and in one step: what is written
// before it is looked at by nobody but a new root. Cut short, it is finished by the next call.
Result<Published> publish(Disk& disk, const PublishRequest& request, Signer& online);

}  // namespace sallyport::operators
