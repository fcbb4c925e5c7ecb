// SPDX-License-Identifier: Apache-2.0
// `node stop` and `node start`: the services of the active generation, stopped to stay stopped until they are started.
//
// A hold is a record of the journal, written before anything is stopped: it outlasts restarts of the agent and of the
// machine. While it stands, neither the agent nor a recovery starts the service. It ends with `node start`, and when a
// generation is confirmed: what is installed under an order is started, and was healthy.
#pragma once

#include <optional>

#include "roles/node/ports.h"

namespace sallyport::node {

struct ServiceOutcome {
  Service service;
  enum class Was : std::uint8_t { changed, so_already } was = Was::changed;
  std::optional<Error> error;
};

// All services without a name; service_unknown, nothing_active. Under the node's lock (node_busy). What goes wrong
// with one of them stands in its outcome and does not keep the others.
Result<std::vector<ServiceOutcome>> stop_services(const Ports& ports, const std::optional<ServiceId>& name);

// Starts what does not run, each by `node run`, and ends its hold once it runs. Does not wait for its health.
Result<std::vector<ServiceOutcome>> start_services(const Ports& ports, const std::optional<ServiceId>& name);

}  // namespace sallyport::node
