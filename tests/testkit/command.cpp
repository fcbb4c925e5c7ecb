// SPDX-License-Identifier: Apache-2.0
#include "testkit/command.h"

#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "core/base/result.h"

namespace sallyport::testkit {

Answer run(const std::string& command) {
  FILE* const pipe = ::popen(("{ " + command + "; } </dev/null 2>&1").c_str(), "r");
  CHECK(pipe != nullptr);
  Answer answer{0, {}};
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    answer.output.append(part.data(), size);
  }
  const int status = ::pclose(pipe);
  answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return answer;
}

}  // namespace sallyport::testkit
