// SPDX-License-Identifier: Apache-2.0
// Runs the steps of an installation or a rollback to their end, whichever that is.
#pragma once

#include "roles/node/execute.h"

namespace sallyport::node {

// On an error the node is put in order at once, and the error's effect says what became of it: a generation that
// does not start or does not become healthy is health_failed, and the old one runs again.
// `target` is the generation that the steps lead to.
Result<void> carry_out(const Ports& ports, Executor& executor, const install::Steps& steps,
                       install::GenerationNumber target);

}  // namespace sallyport::node
