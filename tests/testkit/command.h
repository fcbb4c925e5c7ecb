// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sallyport::testkit {

struct Answer {
  int status;          // exit code; 128 + signal
  std::string output;  // stdout and stderr
};

// Runs a tool of the system by the shell. For interoperability tests: a tool that is missing answers 127.
Answer run(const std::string& command);

}  // namespace sallyport::testkit
