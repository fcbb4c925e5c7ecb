// SPDX-License-Identifier: Apache-2.0
// The command line of the server.
#pragma once

#include <string>

#include "core/base/result.h"

namespace sallyport::sallyportd {

struct Arguments {
  std::string config;
  bool only_checks = false;  // read everything, say that it is well, and end
  std::string show;          // not empty: print this and end
};

// usage_error when it is not understood.
Result<Arguments> parse(int argc, const char* const* argv);

}  // namespace sallyport::sallyportd
