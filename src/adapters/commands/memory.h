// SPDX-License-Identifier: Apache-2.0
// Answers that a test lays down: for tests of the evidence run.
#pragma once

#include <functional>

#include "adapters/commands/port.h"

namespace sallyport {

class MemoryCommands final : public Commands {
 public:
  using Answer = std::function<CommandResult(const std::vector<std::string>&)>;
  explicit MemoryCommands(Answer answer) : answer_(std::move(answer)) {}
  Result<CommandResult> run(const std::vector<std::string>& words) override {
    history.push_back(words);
    return answer_(words);
  }
  std::vector<std::vector<std::string>> history;

 private:
  Answer answer_;
};

}  // namespace sallyport
