// SPDX-License-Identifier: Apache-2.0
// What runs already. Whoever begins to watch is asked about nothing that was executed or mapped before, and whoever
// begins to enforce has allowed it.
#pragma once

#include <vector>

#include "adapters/exec_events/port.h"

namespace sallyport {

// Looks through /proc, by the very files that are mapped, whatever became of their names. Memory without a file is not
// told. Needs CAP_SYS_ADMIN. It opens files: somebody else has to answer meanwhile.
Result<std::vector<RunningCode>> running_code(const RunningScope& scope);

}  // namespace sallyport
