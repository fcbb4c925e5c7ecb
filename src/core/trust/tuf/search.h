// SPDX-License-Identifier: Apache-2.0
// The way through the delegations to one target: depth first, each role before those that it delegates to, in the order
// of the text; a role is visited once (which ends cycles), a terminating delegation ends the search outside of
// it, and after `visits_max` roles it is over (tuf_delegations_exceeded). Pure: the caller brings the roles.
//
//   TargetSearch search("path");
//   while (auto edge = TRY(search.next())) {
//     …trust the role of this edge…
//     if (auto* file = search.visit(role, edge->role)) …
//   }
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/trust/tuf/trusted_set.h"

namespace sallyport::tuf {

class TargetSearch {
 public:
  static constexpr std::size_t visits_max = 64;

  explicit TargetSearch(std::string path) : path_(std::move(path)), open_{targets_edge()} {}

  // The role to look at next; none: there is no such target.
  Result<std::optional<Edge>> next();
  // The target, if this role lists it; else what it delegates is on the way now.
  const TargetFile* visit(const Targets& role, const std::string& name);

 private:
  std::string path_;
  std::vector<Edge> open_;  // the next one is the last
  std::set<std::string> visited_;
};

}  // namespace sallyport::tuf
