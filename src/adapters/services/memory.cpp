// SPDX-License-Identifier: Apache-2.0
#include "adapters/services/memory.h"

namespace sallyport {

Result<void> MemoryServices::start(const std::string& /*root*/, const Service& service) {
  calls_.push_back("start " + service.name.text());
  if (running_.contains(service.name)) return Error(Code::service_running, service.name.text());
  if (fails_to_start.contains(service.argv.at(0))) {
    return Error(Code::service_start_failed, service.name.text());
  }
  running_.emplace(service.name, service.argv.at(0));
  return {};
}

Result<void> MemoryServices::stop(const std::string& /*root*/, const Service& service) {
  calls_.push_back("stop " + service.name.text());
  const auto found = running_.find(service.name);
  if (found != running_.end() && fails_to_stop.contains(found->second))
    return Error(Code::io_failed, service.name.text());
  running_.erase(service.name);
  return {};
}

Result<ServiceState> MemoryServices::state(const std::string& /*root*/, const Service& service) {
  return running_.contains(service.name) ? ServiceState::running : ServiceState::stopped;
}

Result<std::optional<std::string>> MemoryServices::why_unhealthy(const std::string& /*root*/,
                                                                 const Service& service) {
  const auto found = running_.find(service.name);
  if (found == running_.end()) return std::optional<std::string>("it does not run");
  if (never_healthy.contains(found->second)) return std::optional<std::string>("it never is");
  return std::optional<std::string>();
}

Result<void> MemoryServices::wait_healthy(const std::string& /*root*/, const Service& service) {
  calls_.push_back("healthy " + service.name.text());
  const auto found = running_.find(service.name);
  if (found == running_.end() || never_healthy.contains(found->second)) {
    return Error(Code::health_failed, service.name.text());
  }
  return {};
}

}  // namespace sallyport
