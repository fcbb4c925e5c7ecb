// SPDX-License-Identifier: Apache-2.0
// What a node writes down about itself, one record for each thing that happened. docs/spec/node-store.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/crypto/key.h"
#include "core/crypto/revocation_list.h"
#include "core/tlog/tree.h"

namespace sallyport::install {

// Generations are numbered from 1 in the order of their installation; 0 stands for "none".
using GenerationNumber = std::uint64_t;

// The log that an order was seen in, and how large it was.
struct LogSeen {
  std::string origin;
  tlog::Head head;
  bool operator==(const LogSeen&) const = default;
};

// What an installation rests on. An order is burnt by the record that holds it.
struct Origin {
  Sha256Digest order;
  std::uint64_t sequence;
  Sha256Digest verdict;
  Sha256Digest package;
  Sha256Digest release;
  ProductId product;
  std::string version;
  std::uint64_t counter;
  std::optional<LogSeen> log = {};  // where the policy requires one
  bool operator==(const Origin&) const = default;
};

// The node exists. The first record and only that.
struct Initialised {
  NodeId node;
  PoolId pool;
  Sha256Digest policy;
  KeyId key;  // the node's own
  bool operator==(const Initialised&) const = default;
};
// The order is burnt; from here on it can be finished, and can never be used again.
struct Begun {
  GenerationNumber generation;
  Origin origin;
  bool operator==(const Begun&) const = default;
};
// The generation is complete on the disk, synced and read back.
struct Installed {
  GenerationNumber generation;
  bool operator==(const Installed&) const = default;
};
// From here to `confirmed` the services may be stopped and `active` may name either one.
struct Activating {
  GenerationNumber generation;
  GenerationNumber from;
  bool operator==(const Activating&) const = default;
};
// `active` names the generation.
struct Activated {
  GenerationNumber generation;
  bool operator==(const Activated&) const = default;
};
// It is healthy: it is the node's generation now, and its counter is the floor.
struct Confirmed {
  GenerationNumber generation;
  bool operator==(const Confirmed&) const = default;
};
// The activation was cut short; `active` names what it named before, and it may be tried again.
struct Interrupted {
  GenerationNumber generation;
  bool operator==(const Interrupted&) const = default;
};
// The activation was tried and did not end well; `active` names what it named before. For good.
struct Fallback {
  GenerationNumber generation;
  Code code;
  bool operator==(const Fallback&) const = default;
};
// The installation was given up before its activation. For good.
struct Failed {
  GenerationNumber generation;
  Code code;
  bool operator==(const Failed&) const = default;
};
// It is not returned to any more: its files are being taken away. For good.
struct Collecting {
  GenerationNumber generation;
  bool operator==(const Collecting&) const = default;
};
// They are gone; its papers are left.
struct Collected {
  GenerationNumber generation;
  bool operator==(const Collected&) const = default;
};
// A service was stopped to stay stopped, until it is released or another generation is confirmed.
struct Held {
  ServiceId service;
  bool operator==(const Held&) const = default;
};
struct Released {
  ServiceId service;
  bool operator==(const Released&) const = default;
};

// Another policy is in force from here on.
struct PolicyChanged {
  std::uint64_t version;
  Sha256Digest policy;
  bool operator==(const PolicyChanged&) const = default;
};
// A stop order named this order: it is never used here again, nor finished.
struct OrderStopped {
  Sha256Digest order;
  bool operator==(const OrderStopped&) const = default;
};
// A signed statement on which this node acted names this time: it is not earlier.
struct TimeSeen {
  Instant time;
  bool operator==(const TimeSeen&) const = default;
};
// The order that is about to be burnt is a break-glass one.
struct BreakGlass {
  Sha256Digest order;
  std::string reason;
  bool operator==(const BreakGlass&) const = default;
};
// A revocation list of this number was taken in, or an order was permitted by it: older ones count no more.
struct ListSeen {
  Sha256Digest series;
  ListNumber number;
  bool operator==(const ListSeen&) const = default;
};
// The repository is trusted by this root from here on.
struct RootTrusted {
  std::uint64_t version;
  Sha256Digest root;
  // Whether the versions of the roles below it begin anew: it took a key of timestamp or snapshot away.
  enum class Versions : std::uint8_t { go_on, begin_anew };
  Versions versions;
  bool operator==(const RootTrusted&) const = default;
};
// The repository was seen with this version of its snapshot.
struct RepositorySeen {
  std::uint64_t snapshot;
  bool operator==(const RepositorySeen&) const = default;
};

// A baseline of the host was taken in: earlier ones count no more.
struct BaselineTaken {
  std::uint64_t number;
  Sha256Digest baseline;  // its identity
  bool operator==(const BaselineTaken&) const = default;
};

// A recall was taken in: what it names is never started here again.
struct RecallTaken {
  std::uint64_t sequence;
  Sha256Digest recall;  // its identity
  bool operator==(const RecallTaken&) const = default;
};

using Happening =
    std::variant<Initialised, Begun, Installed, Activating, Activated, Confirmed, Interrupted, Fallback,
                 Failed, Collecting, Collected, Held, Released, PolicyChanged, OrderStopped, TimeSeen,
                 BreakGlass, ListSeen, RootTrusted, RepositorySeen, BaselineTaken, RecallTaken>;

struct Record {
  Instant at;
  Happening what;
  bool operator==(const Record&) const = default;
};

std::string_view word(const Happening& what);  // "begun": as the journal spells it

}  // namespace sallyport::install
