// SPDX-License-Identifier: Apache-2.0
// The gate by Linux namespaces: works on any kernel from 5.12 on, in virtual machines and containers that may
// mount. Needs root. docs/adr/0005-confinement.md says why so, docs/spec/run.md what it guarantees.
//
// start() forks; the service is bound to the calling thread's life. wait() takes SIGTERM, SIGINT and SIGHUP
// for itself from start() until the object is gone.
#pragma once

#include "adapters/confine/port.h"

namespace sallyport {

class NamespaceGate final : public Gate {
 public:
  Result<std::unique_ptr<ConfinedService>> start(const Confinement& confinement) override;
  Result<std::vector<Attempt>> try_ways(const Confinement& confinement) override;
  Result<std::uint64_t> group(const std::string& name) override;
  Result<void> watch_running(const std::string& group, int custodian) override;
};

}  // namespace sallyport
