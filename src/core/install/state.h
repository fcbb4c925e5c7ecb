// SPDX-License-Identifier: Apache-2.0
// What a node is, folded from its journal: its generations, which one is active, what is spent. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/install/journal.h"
#include "core/trust/permit.h"

namespace sallyport::install {

enum class Stage : std::uint8_t {
  begun,       // being written
  installed,   // complete, not active
  activating,  // between two
  confirmed,   // healthy once: a rollback may return to it
  fallback,    // activated without success; gone from the disk
  failed,      // given up; gone from the disk
};
std::string_view word(Stage stage);

// What there is on the disk of a generation that was confirmed once.
enum class Storage : std::uint8_t {
  whole,
  going,  // being taken away
  gone,   // its papers are left
};

struct Generation {
  GenerationNumber number;
  Origin origin;
  Instant begun_at;
  Stage stage;
  Sha256Digest policy;                  // in force when it was begun
  std::optional<Instant> confirmed_at;  // the last time
  std::uint32_t interruptions = 0;
  std::optional<Code> code;  // why fallback or failed
  Storage storage = Storage::whole;
};

// Complete on the disk, to run or to return to.
bool is_kept(const Generation& generation);

// An activation under way.
struct Switching {
  GenerationNumber from;  // 0: nothing was active
  GenerationNumber to;
};

// What a node knows of the operator's repository whatever becomes of the files that it keeps of it.
struct Repository {
  std::uint64_t version;  // of the root
  Sha256Digest root;
  std::optional<Sha256Digest> before = {};  // the root before it: a sync that was cut short leaves that one
  std::uint64_t snapshot = 0;               // the highest version under these keys; 0: none was seen
};

// The baseline of the host that the node goes by.
struct TakenBaseline {
  std::uint64_t number;
  Sha256Digest identity;
  Sha256Digest policy;  // in force when it was taken in
  Instant at;
};

// A recall that the node keeps: all of them count.
struct TakenRecall {
  std::uint64_t sequence;
  Sha256Digest identity;
  Sha256Digest policy;  // in force when it was taken in
  Instant at;
};

struct State {
  Initialised identity;
  std::map<GenerationNumber, Generation> generations;
  GenerationNumber active = 0;  // confirmed last; 0: none
  std::optional<Switching> switching;
  std::uint64_t records = 0;
  Link link = first_link();
  GenerationNumber before = 0;                          // what ran before the active one
  std::set<ServiceId> held{};                           // stopped to stay stopped
  std::vector<Sha256Digest> policies{identity.policy};  // in force one after the other; the last one now
  std::optional<std::uint64_t> policy_version{};        // from the first change on
  std::set<Sha256Digest> stopped{};                     // orders
  std::map<Sha256Digest, std::string> break_glass{};    // orders, with their reasons
  std::optional<Instant> time_seen{};                   // the newest
  ListFloors lists_seen{};                              // revocation lists, the highest numbers
  std::optional<Repository> repository{};               // from the first sync on
  std::optional<TakenBaseline> baseline{};              // the last one
  std::vector<TakenRecall> recalls{};                   // in the order in which they came in

  // The one in force.
  const Sha256Digest& policy() const { return policies.back(); }

  const Generation* find(GenerationNumber number) const;
  // The one that was begun last, if it is neither confirmed nor given up: its order may be finished.
  const Generation* unfinished() const;
  // What a rollback returns to: what ran before the active one, if it is older, else the youngest older one
  // that is kept. Null: nothing to return to.
  const Generation* previous() const;
  GenerationNumber next_number() const;
};

// node_state_damaged when the records do not follow from each other. The first one is Initialised.
Result<State> fold(const Journal& journal);
Result<void> apply(State& state, const Record& record, const Link& link);

// What must never go down, kept a second time beside the journal.
struct Floors {
  std::map<ProductId, std::uint64_t> counters;  // the highest confirmed one
  std::uint64_t sequence = 0;                   // of the burnt orders
  std::map<std::string, tlog::Head> logs = {};  // by origin: the largest tree that a burnt order was seen in
  std::optional<Instant> time{};                // named by a signed statement: it is not earlier
  ListFloors lists = {};                        // revocation lists, the highest numbers
  std::uint64_t baseline = 0;                   // of the host, the highest number
  std::uint64_t recall = 0;                     // the highest sequence
  bool operator==(const Floors&) const = default;
};
Floors floors_of(const State& state);
Floors higher(const Floors& one, const Floors& other);
// The time to judge by: a clock that is behind the floor is not believed.
Instant not_before_floor(Instant clock, const Floors& floors);

NodeFacts facts_of(const State& state, const Floors& floors, const std::string& architecture);

}  // namespace sallyport::install
