// SPDX-License-Identifier: Apache-2.0
// The ways past the gate of a node, tried on this host by its own program, and the table of what came of it.
#pragma once

#include <string>
#include <vector>

#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/format/gate_status.h"

namespace sallyport::cli {

// Each way of core/format/gate_ways.h. `group`: the control group of a service, whose process some attempts are made
// as; empty: there is none.
Result<std::vector<Hole>> try_from_outside(const std::string& root, const std::string& group);
// The same, as a process of the first service that the gate guards, and the ways from inside of each service.
Result<std::vector<Hole>> try_ways(NodeWorld& world, const GateStatus& status);

void show_holes(const std::vector<Hole>& holes, const std::vector<std::string>& wanted, Output& output);

}  // namespace sallyport::cli
