// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/commands/port.h"

namespace sallyport {

// Runs the executable that this process runs (/proc/self/exe), with no standard input and the same
// environment.
class SelfCommands final : public Commands {
 public:
  Result<CommandResult> run(const std::vector<std::string>& words) override;
};

}  // namespace sallyport
