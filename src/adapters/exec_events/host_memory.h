// SPDX-License-Identifier: Apache-2.0
// A host that a test makes up, and what was done to it.
#pragma once

#include <map>

#include "adapters/exec_events/port.h"

namespace sallyport {

class MemoryHost final : public HostWatch {
 public:
  Result<std::vector<HostProgram>> running() override {
    ++looked_at_processes;
    if (running_error) return *running_error;
    return programs;
  }
  Result<std::optional<HostProgram>> measure(const std::string& path) override {
    const auto found = files.find(path);
    return found == files.end() ? std::optional<HostProgram>() : std::optional(found->second);
  }
  Result<std::optional<HostCoverage>> watch(ForeignFiles foreign_files) override {
    if (error) return *error;
    const bool same = foreign == foreign_files;
    foreign = foreign_files;
    if (watched && !mounted && same) return std::optional<HostCoverage>();
    watched = true;
    mounted = false;
    return std::optional(coverage);
  }
  Result<void> unwatch() override {
    watched = false;
    return {};
  }
  void await_mount(std::chrono::milliseconds) override {}

  std::vector<HostProgram> programs;
  std::map<std::string, HostProgram> files;
  HostCoverage coverage{1, {}};
  std::optional<Error> error;
  std::optional<Error> running_error;
  ForeignFiles foreign = ForeignFiles::leave;
  bool watched = false;
  bool mounted = false;
  int looked_at_processes = 0;
};

}  // namespace sallyport
