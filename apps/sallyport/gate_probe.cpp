// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/gate_probe.h"

#include <algorithm>

#include "adapters/confine/groups.h"
#include "adapters/confine/namespaces.h"
#include "adapters/exec_events/probe.h"
#include "roles/node/gate_terms.h"
#include "roles/node/ways.h"

namespace sallyport::cli {

namespace {

Hole hole_of(const Attempt& attempt) {
  switch (attempt.end) {
    case AttemptEnd::refused:
      return {attempt.way, HoleState::closed, attempt.detail};
    case AttemptEnd::passed:
      return {attempt.way, HoleState::open, attempt.detail};
    case AttemptEnd::declared:
      return {attempt.way, HoleState::declared, attempt.detail};
    case AttemptEnd::not_tried:
      return {attempt.way, HoleState::not_applicable, attempt.detail};
  }
  return {attempt.way, HoleState::open, attempt.detail};
}

}  // namespace

Result<std::vector<Hole>> try_from_outside(const std::string& root, const std::string& group) {
  return probe_holes({root + "/run/probe", "/proc/self/exe",
                      [&] { return !group.empty() && confine::join_group(group).force == Force::in_force; }});
}

Result<std::vector<Hole>> try_ways(NodeWorld& world, const GateStatus& status) {
  const auto& services = status.services;
  auto holes = TRY(try_from_outside(
      world.root(), services.empty() ? "" : node::service_group(world.root(), services[0].service)));
  NamespaceGate confinement;
  for (const auto& attempt : TRY(node::try_ways({world.disk(), confinement, world.workers(), world.root(),
                                                 GroupNeed::required, status.custodian})))
    holes.push_back(hole_of(attempt));
  return holes;
}

void show_holes(const std::vector<Hole>& holes, const std::vector<std::string>& wanted, Output& output) {
  for (const auto& [way, state, detail] : holes) {
    const bool has_to_be = std::find(wanted.begin(), wanted.end(), way) != wanted.end();
    output.field(word(state), way + ": " + detail + (has_to_be ? "; the policy wants it closed" : ""));
  }
  write_holes(output.json(), "holes", holes);
}

}  // namespace sallyport::cli
