// SPDX-License-Identifier: Apache-2.0
// Running this very program as a user would: the evidence run tests what is installed, from outside.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace sallyport {

struct CommandResult {
  int exit_code;       // of the program; 128 + n when signal n ended it
  std::string output;  // standard output, at most 4 MiB
  std::string errors;  // standard error, likewise
};

class Commands {
 public:
  virtual ~Commands() = default;
  // `words` without the program's name. A program that cannot be started, or that takes longer than 15
  // minutes (it is then ended), is a fault: io_failed.
  virtual Result<CommandResult> run(const std::vector<std::string>& words) = 0;
};

}  // namespace sallyport
