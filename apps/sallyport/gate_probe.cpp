// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/gate_probe.h"

#include <algorithm>

#include "adapters/confine/groups.h"
#include "adapters/confine/namespaces.h"
#include "adapters/exec_events/probe.h"
#include "roles/node/gate_terms.h"
#include "roles/node/ways.h"

namespace sallyport::cli {

Result<std::vector<Hole>> try_from_outside(const std::string& root, const std::string& group) {
  ProbeTools tools{root + "/run/probe", "/proc/self/exe", {}};
  if (!group.empty()) tools.join = [&] { return confine::join_group(group).force == Force::in_force; };
  return probe_holes(tools);
}

Result<std::vector<Hole>> try_ways(NodeWorld& world, const GateStatus& status) {
  const auto& services = status.services;
  auto holes = TRY(try_from_outside(
      world.root(), services.empty() ? "" : node::service_group(world.root(), services[0].service)));
  NamespaceGate confinement;
  for (const auto& attempt : TRY(node::try_ways({world.disk(), confinement, world.workers(), world.root(),
                                                 GroupNeed::required, status.custodian})))
    holes.push_back(node::hole_of(attempt));
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
