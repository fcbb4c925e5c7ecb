// SPDX-License-Identifier: Apache-2.0
// Services that exist in memory only, for tests: what was called, and knobs for what goes wrong.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/services/port.h"

namespace sallyport {

class MemoryServices final : public Services {
 public:
  Result<void> start(const std::string& root, const Service& service) override;
  Result<void> stop(const std::string& root, const Service& service) override;
  Result<ServiceState> state(const std::string& root, const Service& service) override;
  Result<std::optional<std::string>> why_unhealthy(const std::string& root, const Service& service) override;
  Result<void> wait_healthy(const std::string& root, const Service& service) override;

  // Knobs. A service is known by its argv[0], so that two releases of one service can differ.
  std::set<std::string> fails_to_start;
  std::set<std::string> fails_to_stop;
  std::set<std::string> never_healthy;

  // What runs: name of the service → its argv[0].
  const std::map<ServiceId, std::string>& running() const { return running_; }
  // "start mme", "stop mme", "healthy mme", in order.
  const std::vector<std::string>& calls() const { return calls_; }
  void power_off() { running_.clear(); }

 private:
  std::map<ServiceId, std::string> running_;
  std::vector<std::string> calls_;
};

}  // namespace sallyport
