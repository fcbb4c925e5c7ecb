// SPDX-License-Identifier: Apache-2.0
// Settings of the kernel, for the namespaces of the process that calls.
#pragma once

#include "core/base/result.h"
#include "core/format/run_record.h"
#include "core/format/tree.h"

namespace sallyport::confine {

// In the new namespaces and before the new root: writes each value and reads it back. A name that this kernel does not
// have, or a value that it does not take, is a fault (not_supported, permission_missing), and so is one that reads back
// otherwise. Nothing is written for a setting of a namespace that the service shares with the host.
Result<void> apply_sysctls(const Service& service);

Coverage sysctls_in_force(const Service& service);

}  // namespace sallyport::confine
