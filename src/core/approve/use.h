// SPDX-License-Identifier: Apache-2.0
// Whether an approved order may still be used on a node: once, not below one that was used before, not after a
// stop. Pure. docs/spec/approval.md.
#pragma once

#include <optional>
#include <set>

#include "core/base/result.h"
#include "core/crypto/digest.h"

namespace sallyport::approve {

// What a node has spent; folded from its journal.
struct Spent {
  std::set<Sha256Digest> orders;
  std::uint64_t sequence_last = 0;         // highest sequence of a burnt order; 0 before the first
  std::optional<Sha256Digest> unfinished;  // burnt, its installation interrupted: may be finished
  std::set<Sha256Digest> stopped;          // by a stop order
};

//   order_stopped      a stop order names it, also when its installation was begun
//   order_replayed     it was used here, except for finishing an installation that was interrupted
//   order_superseded   its sequence is not above that of every order used here (nor equal when finishing). Of two
//                      approved orders that contradict each other the higher sequence wins, whichever comes first
Result<void> check_unused(const Sha256Digest& order, std::uint64_t sequence, const Spent& spent);

}  // namespace sallyport::approve
