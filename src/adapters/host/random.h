// SPDX-License-Identifier: Apache-2.0
// Names that nobody guesses.
#pragma once

#include <string>

#include "core/base/result.h"

namespace sallyport {

// A UUID of version 4 (RFC 9562), by the system's generator. io_failed.
Result<std::string> random_uuid();

}  // namespace sallyport
