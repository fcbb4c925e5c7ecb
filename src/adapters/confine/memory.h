// SPDX-License-Identifier: Apache-2.0
// A gate that starts nothing, for tests: what it was asked for, and how the service will have ended.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "adapters/confine/port.h"

namespace sallyport {

class MemoryGate final : public Gate {
 public:
  Result<std::unique_ptr<ConfinedService>> start(const Confinement& confinement) override {
    if (refuse_with) return *refuse_with;
    started.push_back(confinement);
    return std::unique_ptr<ConfinedService>(std::make_unique<Started>(ends));
  }

  Result<std::vector<Attempt>> try_ways(const Confinement& confinement) override {
    if (refuse_with) return *refuse_with;
    tried.push_back(confinement);
    return attempts;
  }

  Result<std::uint64_t> group(const std::string& name) override {
    return groups.try_emplace(name, 100 + groups.size()).first->second;
  }

  Result<void> watch_running(const std::string& group, int custodian) override {
    if (refuse_with) return *refuse_with;
    watched.emplace_back(group, custodian);
    return {};
  }

  std::optional<Error> refuse_with;
  Ended ends{ServiceEnd::exited, 0};
  std::vector<Attempt> attempts;
  std::vector<Confinement> started;
  std::vector<Confinement> tried;
  std::map<std::string, std::uint64_t> groups;
  std::vector<std::pair<std::string, int>> watched;  // group, custodian

 private:
  class Started final : public ConfinedService {
   public:
    explicit Started(Ended ends) : ends_(ends) {}
    ProcessIdentity process() const override { return {4711, 12}; }
    const std::vector<Coverage>& coverage() const override { return coverage_; }
    Result<Ended> wait() override { return ends_; }

   private:
    Ended ends_;
    std::vector<Coverage> coverage_{{"memory", Force::in_force, "nothing runs"}};
  };
};

}  // namespace sallyport
