// SPDX-License-Identifier: Apache-2.0
// What the files of this folder share: errno as an Error (which code a failed system call on a file is), and the folder
// of a path.
#pragma once

#include <string>

#include "core/base/error.h"

namespace sallyport {

Error system_error(int number, const std::string& where);

std::string folder_of(const std::string& path);  // "." and "/" where there is no other

}  // namespace sallyport
