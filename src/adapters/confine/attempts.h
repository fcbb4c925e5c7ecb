// SPDX-License-Identifier: Apache-2.0
// The known ways around a service's confinement, each tried by a process that is confined as the service is, with
// means that do no harm whatever comes of them. docs/spec/gate.md, *Holes*.
#pragma once

#include "adapters/confine/port.h"

namespace sallyport::confine {

// For a process that is confined already and ends afterwards. Tells each attempt over the pipe.
void try_ways_out(const Confinement& confinement, int messages);

}  // namespace sallyport::confine
