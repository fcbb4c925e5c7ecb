// SPDX-License-Identifier: Apache-2.0
// A collector in memory, for tests: it takes what it is given, or fails as it is told.
#pragma once

#include <string>
#include <vector>

#include "adapters/syslog/port.h"

namespace sallyport {

class MemoryCollector final : public SyslogCollector {
 public:
  enum class Then : std::uint8_t {
    take,
    fail,
    take_and_fail
  };  // the last one: read, but the end was never seen
  Result<void> deliver(std::string_view frames) override {
    ++asked;
    if (then != Then::fail) batches.emplace_back(frames);
    if (then == Then::take) return {};
    return Error(Code::server_unreachable, "syslog", "an answer", "none");
  }
  Then then = Then::take;
  int asked = 0;
  std::vector<std::string> batches;
};

}  // namespace sallyport
