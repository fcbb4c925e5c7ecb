// SPDX-License-Identifier: Apache-2.0
// The command line of the agent.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

namespace sallyport::noded {

struct Settings {
  std::string root;
  std::string program;  // the sallyport binary
  std::int64_t verify_interval_seconds = 3600;
  std::string show;  // not empty: print this and end
};

// usage_error when it is not understood.
Result<Settings> parse(int argc, const char* const* argv);

}  // namespace sallyport::noded
