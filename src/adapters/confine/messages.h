// SPDX-License-Identifier: Apache-2.0
// What the processes of a start tell the one that asked for it, over a pipe: lines of fields, each line at
// most PIPE_BUF so that lines never mix. The pipe ends when the service's program has been executed, or
// all ways out have been tried.
#pragma once

#include <optional>
#include <vector>

#include "adapters/confine/port.h"
#include "core/base/result.h"

namespace sallyport::confine {

void tell_process(int pipe, int pid);
void tell_coverage(int pipe, const std::vector<Coverage>& coverage);
void tell_attempt(int pipe, const Attempt& attempt);
void tell_error(int pipe, const Error& error);

struct Told {
  int pid = 0;
  std::vector<Coverage> coverage;
  std::vector<Attempt> attempts;
  std::optional<Error> error;
};

// Reads to the end of the pipe.
Result<Told> listen_to(int pipe);

}  // namespace sallyport::confine
