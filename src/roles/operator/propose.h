// SPDX-License-Identifier: Apache-2.0
// Makes an order from a package and its clean verdict, signed by the proposer. Refused is here already what
// the approvers or the node would refuse later: a package or verdict that does not verify, a verdict about
// another package, a pool that does not run the product, nodes that are not of the pool, a person without a
// proposing role, a window that is over.
#pragma once

#include <optional>
#include <vector>

#include "adapters/signer/port.h"
#include "core/base/workers.h"
#include "core/trust/order.h"

namespace sallyport::deploy {

struct Proposal {
  const ByteSource& file;
  std::string package_name;  // a label for people
  BytesView verdict;         // the verdict file
  const Policy& policy;
  PoolId pool;
  std::vector<NodeId> nodes;     // empty: all of the pool
  std::optional<Instant> from;   // now
  std::optional<Instant> until;  // a week after `from`, or as long as the policy allows
  PersonId person;
  std::string reason;
  std::optional<std::uint64_t> sequence;  // by the time, so that later orders number higher
  OrderKind kind = OrderKind::ordinary;
  Instant now;
  std::uint32_t milliseconds = 0;  // of now
};

struct Proposed {
  Order order;
  Sha256Digest digest;   // the order's identity
  std::string envelope;  // the order file
};

constexpr std::int64_t window_seconds = 7 * 86400;

Result<Proposed> propose(const Proposal& proposal, Signer& signer, Workers& workers);

}  // namespace sallyport::deploy
