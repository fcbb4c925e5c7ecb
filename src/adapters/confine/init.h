// SPDX-License-Identifier: Apache-2.0
// The two processes between `node run` and the service. What fork() returns in the child, they never return.
//
//   node run ── keeper ── first process of the pid namespace ── the service's program
//
// Each dies with its parent (PR_SET_PDEATHSIG), and with the first process the kernel kills all the service's
// processes: no service is without its `node run`, and no child of it outlives it.
#pragma once

#include <sys/types.h>

#include "adapters/confine/port.h"

namespace sallyport::confine {

struct Pipes {
  int noted;     // read end: ends when the parent has taken note of which process it is
  int messages;  // write end, close-on-exec
  int output;    // write end, for stdout and stderr of the service
};

// What the service's process does once it is confined: execute the program, or try to get out.
enum class Work : std::uint8_t { execute, try_ways };

// Makes the namespaces and the process below, then waits for it; exits as it did (128 + n for a signal n).
[[noreturn]] void run_keeper(const Confinement& confinement, Work work, Pipes pipes, pid_t parent);

}  // namespace sallyport::confine
