// SPDX-License-Identifier: Apache-2.0
// Puts the temporary file systems of a service under the watch of the gate that runs (docs/spec/gate.md): whoever
// makes them marks them, so that there is no moment in which they are there and not watched.
#pragma once

#include "adapters/confine/descriptor.h"
#include "core/base/result.h"

namespace sallyport::confine {

// The fanotify group that the process holds, as a descriptor of ours: to be closed soon, for the kernel denies on and
// on while anybody has it. Fault (gate_stalled) when the process is gone or holds none.
Result<Descriptor> borrow_watch(int custodian);

// The gate is asked about every exec and open on the file system of the mount, whoever asks.
Result<void> watch_file_system(const Descriptor& watch, const Descriptor& mount);

// The temporary file systems of the services that run in the group, which nobody has marked if the gate was started
// after them. Found by descriptors of their roots: a process that has no root of its own yet, or has ended, has none.
Result<void> watch_running(const std::string& group, int custodian);

}  // namespace sallyport::confine
