// SPDX-License-Identifier: Apache-2.0
// sallyportd --check: all that the server needs is tried, each with one line of what came of it. Nothing is changed.
#pragma once

#include <string>

#include "core/base/result.h"

namespace sallyport::sallyportd {

// Prints to stdout. The first that failed, once all were tried.
Result<void> check_all(const std::string& config);

}  // namespace sallyport::sallyportd
