// SPDX-License-Identifier: Apache-2.0
// Which steps lead from what is to what shall be. Pure: a crash between any two of them is for recover().
//
// What is kept: the active generation, the one that ran before it, the one that a rollback returns to, and whatever is
// unfinished. The other confirmed ones are collected once a generation is confirmed: their files and packages go, their
// papers (manifest, tree.json, verdict, order) stay.
//
// One rule makes every crash harmless: until a generation is confirmed in the journal, the one that was
// confirmed before is the node's generation, and recover() returns to it.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/install/state.h"
#include "core/install/step.h"

namespace sallyport::install {

// What the disk shows, as opposed to what the journal says.
struct Found {
  std::optional<std::string> active;  // the link's text; absent: no link
  std::set<std::string> generations;  // names below generations/: "1", "2.partial"
  std::set<std::string> leftovers;    // other paths that no command that ended leaves behind
};

// How often an activation may be cut short before it counts as failed: a release that takes the node down at
// each start must not be tried for ever.
constexpr std::uint32_t interruptions_max = 3;

// The package is ingested and permitted. Finishes an unfinished installation of the same order; gives up an
// unfinished one of another order.
Steps plan_install(const State& state, const Origin& origin, Instant at);

// `to` is a generation that was confirmed and is not the active one.
Steps plan_rollback(const State& state, GenerationNumber to, Instant at);

// The activation under way did not end well: back to what was before. `state.switching` is present.
Steps plan_fallback(const State& state, Code code, Instant at);

// The installation that is unfinished cannot be finished by anybody: the package does not hold what it says.
Steps plan_failure(const State& state, Code code, Instant at);

// After a start, and after any fault: puts the disk in order. Empty when there is nothing to do.
Steps recover(const State& state, const Found& found, Instant at);

}  // namespace sallyport::install
