// SPDX-License-Identifier: Apache-2.0
// Services as processes of this host: each is a `sallyport node run SERVICE --root DIR` of its own session, which
// verifies the active generation, confines the service and stays its parent. It outlives whoever started it.
//
// Nothing here waits without end: a start for start_timeout, a stop for its patience and kill_patience,
// health for the service's start_seconds_max.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>

#include "adapters/services/port.h"

namespace sallyport {

class Supervisor final : public Services {
 public:
  static constexpr std::chrono::minutes start_timeout{10};  // a big generation takes its time to verify
  static constexpr std::chrono::seconds stop_patience_normal{10};  // after SIGTERM
  static constexpr std::chrono::seconds kill_patience{10};         // after SIGKILL
  static constexpr std::chrono::milliseconds stable_for{1000};

  // `program` is the sallyport binary.
  explicit Supervisor(std::string program, std::chrono::milliseconds stop_patience = stop_patience_normal)
      : program_(std::move(program)), stop_patience_(stop_patience) {}

  Result<void> start(const std::string& root, const Service& service) override;
  Result<void> stop(const std::string& root, const Service& service) override;
  Result<ServiceState> state(const std::string& root, const Service& service) override;
  Result<std::optional<std::string>> why_unhealthy(const std::string& root, const Service& service) override;
  Result<void> wait_healthy(const std::string& root, const Service& service) override;

 private:
  Result<pid_t> spawn(const std::string& root, const Service& service, const std::string& output);
  Result<void> wait_started(const std::string& root, const Service& service, const std::string& output,
                            pid_t child);
  void reap();

  std::string program_;
  std::chrono::milliseconds stop_patience_;
  std::map<ServiceId, pid_t> children_;  // that nobody has waited for yet
};

// The binary that this process is (/proc/self/exe).
std::string own_program();

}  // namespace sallyport
