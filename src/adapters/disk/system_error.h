// SPDX-License-Identifier: Apache-2.0
// errno as an Error: which code a failed system call on a file is.
#pragma once

#include <string>

#include "core/base/error.h"

namespace sallyport {

Error system_error(int number, const std::string& where);

}  // namespace sallyport
