// SPDX-License-Identifier: Apache-2.0
// Whether a gate may be said to enforce on the host on which its ways past it were tried.
#pragma once

#include <string>
#include <vector>

#include "core/format/gate_ways.h"

namespace sallyport::gate {

// Those of `wanted` that are not closed: open, or tried by nobody. A way that there is not on this host is no way.
std::vector<std::string> not_closed(const std::vector<std::string>& wanted, const std::vector<Hole>& holes);

}  // namespace sallyport::gate
