// SPDX-License-Identifier: Apache-2.0
// The system calls that a worker has: a list of what is allowed, all others do not exist.
// docs/spec/scanner.md, *Apart*.
#pragma once

#include "core/base/result.h"

namespace sallyport::worker {

// For this process and its threads, for good. Needs no_new_privs. not_supported when the kernel takes no filter.
Result<void> load_filter();

}  // namespace sallyport::worker
