// SPDX-License-Identifier: Apache-2.0
// The network functions of a node as processes: what installing, rolling back and `node run` need of them.
//
// `root` is the node's root folder; a service runs from the generation that <root>/active names at the time
// of start(). Starting verifies that generation again (TS 33.527): a start that finds a changed file is
// refused with that finding's code, not with service_start_failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/format/tree.h"

namespace sallyport {

enum class ServiceState : std::uint8_t { stopped, running };

class Services {
 public:
  virtual ~Services() = default;

  // Starts it in the background. service_running when it runs already, service_start_failed when it cannot.
  virtual Result<void> start(const std::string& root, const Service& service) = 0;
  // Ends it and all of its children, and waits for that. Stopping what does not run is no error.
  virtual Result<void> stop(const std::string& root, const Service& service) = 0;
  virtual Result<ServiceState> state(const std::string& root, const Service& service) = 0;
  // Looks once: nothing when every health check passes at this moment, else why not, for people.
  virtual Result<std::optional<std::string>> why_unhealthy(const std::string& root,
                                                           const Service& service) = 0;
  // Returns when every health check of the service has passed; health_failed when one has not within
  // start_seconds_max, or when the process ended.
  virtual Result<void> wait_healthy(const std::string& root, const Service& service) = 0;
};

}  // namespace sallyport
