// SPDX-License-Identifier: Apache-2.0
// What `node run --json` has printed when it ended before the service had begun.
#pragma once

#include <string_view>

#include "core/base/error.h"
#include "core/base/id.h"

namespace sallyport::services {

// The error that the output states, with its own code: that a file of the generation was changed is not to
// become "could not start". Output that states none is service_start_failed.
Error error_of_run(const ServiceId& service, std::string_view output);

}  // namespace sallyport::services
