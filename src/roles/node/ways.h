// SPDX-License-Identifier: Apache-2.0
// The known ways around the confinement of the active generation's services, tried from inside of each: by a process
// that is confined as the service is, beside the service itself. docs/spec/gate.md, *Holes*.
#pragma once

#include <vector>

#include "roles/node/run.h"

namespace sallyport::node {

// One line for each way, of the service in which it came out worst. None when nothing is active, or the release has no
// service. Refused as start_service() is.
Result<std::vector<Attempt>> try_ways(const RunPorts& ports);

}  // namespace sallyport::node
