// SPDX-License-Identifier: Apache-2.0
// Tells the service manager how we are (sd_notify(3)); nothing when there is none.
#pragma once

#include <string_view>

namespace sallyport::noded {

void notify(std::string_view state);  // "READY=1", "STOPPING=1"

}  // namespace sallyport::noded
