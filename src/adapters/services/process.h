// SPDX-License-Identifier: Apache-2.0
// Processes of a node's services, told apart from whoever gets their number after them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/format/run_record.h"
#include "core/format/tree.h"

namespace sallyport::services {

// A process held by a descriptor: signals reach it or nobody.
class Process {
 public:
  // Nothing when no process with this number and start time exists (any more).
  static std::optional<Process> find(ProcessIdentity identity);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  ProcessIdentity identity() const { return identity_; }
  void signal(int number) const;
  enum class Waited : std::uint8_t { ended, still_there };
  Waited wait(std::chrono::milliseconds patience) const;

 private:
  Process(int descriptor, ProcessIdentity identity) : descriptor_(descriptor), identity_(identity) {}
  int descriptor_;
  ProcessIdentity identity_;
};

// The process that <root>/run/<service>.json names, if it lives. A record that cannot be read is a fault.
Result<std::optional<Process>> running_process(const std::string& root, const ServiceId& service);

// Whether a socket of the service is bound to the port; if not, why not, for people.
std::optional<std::string> why_not_bound(const Process& process, Port port);

}  // namespace sallyport::services
