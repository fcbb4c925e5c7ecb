// SPDX-License-Identifier: Apache-2.0
// Brings what the operator's repository has for this node: orders of its pool that name it, the verdicts that they rest
// on, and their packages. docs/spec/tuf.md. The repository is believed in nothing but what is current: a verdict and an
// order are verified here by the node's own policy before a package is fetched, and `node install` verifies all of it
// again.
//
// A policy that the officers of the one in force and its own officers have signed takes its place (exactly those who
// signed the repository's targets are asked); orders under the old one are void then.
//
// The node's lock is held only while something is written in the books, so that a slow server keeps nobody from the
// node; what is below repository/ has a lock of its own.
//
//   repository/metadata/     what is trusted of the repository (TUF)
//   repository/policy.json   the policy that the repository's officers hold current
//   repository/orders/<digest>.dsse .dsse.proof  verdicts/<digest>.dsse  packages/<digest>.csar
//   repository/stops/<digest>.dsse  crls/<digest>.crl  recalls/<digest>.dsse .dsse.proof
#pragma once

#include <string>
#include <vector>

#include "adapters/http/port.h"
#include "roles/node/books.h"
#include "roles/node/ports.h"
#include "roles/node/recall.h"

namespace sallyport::node {

struct SyncRequest {
  std::string url;   // of the folder that holds metadata/ and targets/
  Bytes first_root;  // to pin; empty: one is pinned already
  // A rehearsal looks whether a package is listed, and fetches none.
  enum class Packages : std::uint8_t { fetch, look_up } packages = Packages::fetch;
};

struct SyncedOrder {
  Sha256Digest order;
  std::uint64_t sequence;
  std::string release;     // "mme 1.2", for people
  std::string order_path;  // below the node's root
  std::string verdict_path;
  std::string package_path;
  std::string proof_path;       // where `node install` looks for it by itself; empty: the policy names no log
  std::vector<Error> refusals;  // empty: all three are here and `node install` may take them
};

// A stop order or a recall of the pool, or a revocation list: taken in by the same checks as from a file
// (trust_changes.h, recall.h).
struct SyncedPaper {
  enum class Kind : std::uint8_t { stop, revocations, recall } kind;
  std::string name;  // of the target
  enum class Effect : std::uint8_t { taken, known, refused } effect;
  std::vector<Error> refusals;              // one, when it was refused
  std::optional<RecallReport> recall = {};  // of one that was not
};

struct SyncReport {
  std::uint64_t root;
  std::uint64_t timestamp_snapshot;  // version of the snapshot that is current
  std::uint64_t policy_version;      // of the policy that the repository holds current
  Sha256Digest policy;
  enum class PolicyState : std::uint8_t { in_force, adopted, refused };
  PolicyState policy_state;            // of that policy here
  std::vector<Error> policy_refusals;  // why it was not adopted
  // Before the orders: what was stopped, revoked or recalled is not fetched for. Recalls last, by their sequence.
  std::vector<SyncedPaper> papers;
  std::vector<SyncedOrder> orders;  // by sequence; those that were used already are left out
};

// file_missing when no root is pinned and none is given; file_exists when one is and another is given; node_busy while
// another one is under way, or when somebody changes the node just when something has to be written.
Result<SyncReport> sync(const Ports& ports, Fetcher& fetcher, const SyncRequest& request);

}  // namespace sallyport::node
