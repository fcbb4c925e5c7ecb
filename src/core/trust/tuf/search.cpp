// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/search.h"

#include <algorithm>

#include "core/trust/tuf/paths.h"

namespace sallyport::tuf {

Result<std::optional<Edge>> TargetSearch::next() {
  while (!open_.empty()) {
    auto edge = std::move(open_.back());
    open_.pop_back();
    if (visited_.contains(edge.role)) continue;
    if (visited_.size() == visits_max)
      return Error(Code::tuf_delegations_exceeded, path_, "at most " + std::to_string(visits_max) + " roles",
                   "more");
    visited_.insert(edge.role);
    return std::optional<Edge>(std::move(edge));
  }
  return std::optional<Edge>();
}

const TargetFile* TargetSearch::visit(const Targets& role, const std::string& name) {
  const auto found = role.files.find(path_);
  if (found != role.files.end()) return &found->second;
  std::vector<Edge> ahead;
  if (role.succinct.has_value()) ahead.push_back({name, bin_for(*role.succinct, path_)});
  for (const auto& delegated : role.delegations) {
    if (!delegates(delegated, path_)) continue;
    ahead.push_back({name, delegated.name});
    if (delegated.terminating) {
      open_.clear();
      break;
    }
  }
  open_.insert(open_.end(), ahead.rbegin(), ahead.rend());
  return nullptr;
}

}  // namespace sallyport::tuf
