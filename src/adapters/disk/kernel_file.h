// SPDX-License-Identifier: Apache-2.0
// Files that the kernel makes while they are read (/proc, /sys): they claim to be empty.
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace sallyport {

// Until it ends; other files are read likewise. file_missing; file_too_large when there are more than `size_max` bytes.
Result<Bytes> read_kernel_file(const std::string& path, std::size_t size_max);

}  // namespace sallyport
