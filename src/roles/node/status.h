// SPDX-License-Identifier: Apache-2.0
// What the node is now, from its books and its services. Verifies no file: verify.h does.
#pragma once

#include "roles/node/books.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct ServiceStatus {
  std::string name;
  ServiceState state;
};

struct StatusReport {
  install::Initialised identity;
  std::string policy_name;
  std::uint64_t policy_version;
  std::optional<install::Generation> active;
  std::optional<install::Generation> previous;    // what a rollback would return to
  std::optional<install::Generation> unfinished;  // an order that can be finished
  install::Floors floors;
  std::vector<ServiceStatus> services;  // of the active generation
  std::vector<Error> findings;
};

Result<StatusReport> status(const Ports& ports);

}  // namespace sallyport::node
