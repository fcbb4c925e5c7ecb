// SPDX-License-Identifier: Apache-2.0
// The node's books: who it is, what policy it was given, and everything that happened since. Reading them
// proves them as far as they can be: policy.json and node.json are the ones that the journal's first record
// pins (trust_file_damaged), the journal and its copies fit each other (node_state_damaged).
#pragma once

#include <optional>
#include <vector>

#include "adapters/disk/port.h"
#include "core/format/policy.h"
#include "core/install/checkpoint.h"
#include "core/install/plan.h"

namespace sallyport::node {

namespace paths {
constexpr const char* policy = "policy.json";
constexpr const char* policies =
    "policies";  // every one that was in force, by digest, after the first change
constexpr const char* baselines = "baselines";  // of the host, every one that was taken in, by its identity
constexpr const char* lists = "crls";           // revocation lists that were given, by series
constexpr const char* identity = "node.json";
constexpr const char* journal = "journal";
constexpr const char* active = "active";
constexpr const char* lock = "lock";
constexpr const char* incoming = "incoming";
constexpr const char* quarantine = "quarantine";
constexpr const char* generations = "generations";
constexpr const char* objects = "objects";
constexpr const char* private_copy = "incoming/package.csar";
}  // namespace paths

// What the officers have signed, kept beside the policy that it put in force.
struct PolicyEvidence {
  const char* suffix;  // of the file's name: ".dsse"
  BytesView bytes;
};

class Books {
 public:
  // node_not_initialised when there is no node here. Changes nothing. Needs no lock: books that somebody writes in
  // meanwhile are read again.
  static Result<Books> open(Disk& disk);

  const Policy& policy() const { return policy_; }
  // The one under which the generation came in: a change of policy takes nothing from what runs.
  Result<Policy> policy_of(const install::Generation& generation) const;
  Result<Policy> policy_of(const Sha256Digest& policy) const;  // one that was in force
  const install::State& state() const { return state_; }
  const install::Floors& floors() const { return floors_; }
  const install::Journal& journal() const { return journal_; }
  // What is not as it should be and is no reason to stop: one damaged copy of two, for instance.
  const std::vector<Error>& findings() const { return findings_; }

  // Takes a torn end off the journal and brings the copies and policy.json up to date: before the first append.
  Result<void> mend();
  // Durable when it returns. After an error these books are closed: open them again.
  Result<void> append(const install::Record& record);
  // Puts the verified policy in force: kept by its digest first, then in the journal, then as policy.json.
  Result<void> change_policy(const Policy& next, BytesView bytes, const std::vector<PolicyEvidence>& evidence,
                             Instant now);
  // Keeps a verified list in the place of an older one, and remembers its number.
  Result<void> keep_list(const RevocationList& list, Instant now);

 private:
  static Result<Books> read(Disk& disk);
  Result<void> read_lists();
  Books(Disk& disk, Policy policy, install::Journal journal, install::State state,
        install::Compared compared);
  Result<void> write_checkpoint();
  Result<void> keep_policy(const Sha256Digest& digest, BytesView bytes);
  Disk* disk_;
  Policy policy_;
  install::Journal journal_;
  install::State state_;
  install::Floors floors_;
  std::vector<Error> findings_;
};

// Nothing while the policy names the node in its pool; else why no order can be for it (pool_unknown, node_unknown).
// Such a policy is taken as any other: docs/adr/0009-policies-that-leave-a-node-out.md.
std::optional<Error> left_out(const Policy& policy, const PoolId& pool, const NodeId& node);

// What the disk shows below the root.
Result<install::Found> look(Disk& disk);

// Who looks without the lock may meet a change that is half done. What seems wrong is looked at again while the journal
// grows; it is believed when the node stood still, or after so many looks.
constexpr int looks_max = 20;

// nothing, when there is no journal or it cannot be seen: then whoever reads it says so.
std::optional<std::uint64_t> journal_size(Disk& disk);

template <typename Look, typename Wrong>
auto look_again(Disk& disk, const Look& once, const Wrong& wrong) {
  for (int looks = 1;; ++looks) {
    const auto before = journal_size(disk);
    auto seen = once();
    if (!wrong(seen) || looks == looks_max || journal_size(disk) == before) return seen;
  }
}

std::string print_identity(const install::Initialised& identity);  // node.json

}  // namespace sallyport::node
