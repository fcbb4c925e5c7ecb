// SPDX-License-Identifier: Apache-2.0
// The known ways around the confinement of the active generation's services, tried from inside of each: by a process
// that is confined as the service is, beside the service itself. docs/spec/gate.md, *Holes*.
#pragma once

#include <vector>

#include "core/format/gate_ways.h"
#include "roles/node/run.h"

namespace sallyport::node {

// One line for each way, of the service in which it came out worst. None when nothing is active, or the release has no
// service. Refused as start_service() is.
Result<std::vector<Attempt>> try_ways(const RunPorts& ports);

// Of one service, confined like this.
Result<std::vector<Attempt>> try_ways_of(const RunPorts& ports, const Confinement& confinement);

Hole hole_of(const Attempt& attempt);

}  // namespace sallyport::node
