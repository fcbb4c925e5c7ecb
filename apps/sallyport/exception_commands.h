// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "apps/sallyport/command.h"

namespace sallyport::cli {

std::vector<Command> exception_commands();  // of intake_commands

}  // namespace sallyport::cli
