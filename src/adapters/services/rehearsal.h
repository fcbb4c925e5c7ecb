// SPDX-License-Identifier: Apache-2.0
// Services for --dry-run: how they are is asked of the real ones; what would be started or stopped is remembered here,
// and done to nobody. A service that would be started counts as healthy: nobody can know before.
#pragma once

#include <map>
#include <string>

#include "adapters/services/port.h"

namespace sallyport {

class RehearsalServices final : public Services {
 public:
  explicit RehearsalServices(Services& real) : real_(real) {}

  Result<void> start(const std::string& /*root*/, const Service& service) override {
    would_be_[service.name] = ServiceState::running;
    return {};
  }
  Result<void> stop(const std::string& /*root*/, const Service& service) override {
    would_be_[service.name] = ServiceState::stopped;
    return {};
  }
  Result<ServiceState> state(const std::string& root, const Service& service) override {
    const auto found = would_be_.find(service.name);
    return found != would_be_.end() ? Result<ServiceState>(found->second) : real_.state(root, service);
  }
  Result<std::optional<std::string>> why_unhealthy(const std::string& root, const Service& service) override {
    if (would_be_.contains(service.name)) return std::optional<std::string>();
    return real_.why_unhealthy(root, service);
  }
  Result<void> wait_healthy(const std::string& /*root*/, const Service& /*service*/) override { return {}; }

 private:
  Services& real_;
  std::map<ServiceId, ServiceState> would_be_;
};

}  // namespace sallyport
