// SPDX-License-Identifier: Apache-2.0
// The system calls that a service is refused: the ways around noexec mounts and around a gate that asks about files,
// and those that reach into other processes or into the kernel. docs/spec/run.md, *System calls*, has the table.
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/format/run_record.h"
#include "core/format/tree.h"

namespace sallyport::confine {

// What else keeps memory from becoming code here. Where the kernel lacks it, more calls are refused instead.
struct MemoryProtection {
  Force deny_write_execute;  // PR_SET_MDWE
  Force memfd_noexec;        // vm.memfd_noexec
};

// For the calling thread and whatever it makes or executes, for good. Needs no_new_privs. The last step before the
// service's own program: the mount calls are gone afterwards. Fault when the kernel takes no filter. Tells what is in
// force, and each exception that is declared as a protection that is not.
Result<std::vector<Coverage>> refuse_system_calls(const Service& service, const MemoryProtection& memory);

}  // namespace sallyport::confine
