// SPDX-License-Identifier: Apache-2.0
// The node's agent: keeps the services of the active generation running, and verifies the generation again from
// time to time. It decides nothing about what is installed.
//
// It leaves alone what is held (hold.h).
//
// It holds the node's lock only while it starts something, so that `node install` works beside it; a look
// that finds the lock taken, or an activation under way, leaves everything to whoever that is. Each start verifies
// the generation (`node run`), each refusal and each fault is recorded, and what does not start is tried
// again after 1, 2, 4 … 300 seconds.
//
// Where the policy demands a gate and none runs, nothing is started, and that is recorded once; what runs goes on.
//
// A finding of the periodic verification is recorded and ends nothing: a running network function is worth more
// than a stopped one, and it cannot be started again before the finding is mended.
#pragma once

#include <map>

#include "adapters/events/port.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct AgentPorts {
  Disk& disk;  // the node's root
  Services& services;
  Workers& workers;
  EventLog& events;
  std::string root;  // the same folder as an absolute path
};

class Agent {
 public:
  static constexpr std::int64_t look_interval_seconds = 2;
  static constexpr std::int64_t retry_seconds_max = 300;
  static constexpr std::int64_t settled_after_seconds =
      60;  // runs that long: the next failure is a first one

  // verify_interval_seconds: at least 1. The first verification comes after one interval: starts verify too.
  Agent(AgentPorts ports, std::int64_t verify_interval_seconds);

  // To be called again look_interval_seconds later. An error is a fault of the looking itself (no books, no event
  // log); it is not final.
  Result<void> look(Instant now);

 private:
  struct Tries {
    std::uint32_t failures = 0;
    Instant next;
    Instant started;
  };
  struct Wanted {
    std::string actor;  // this node
    std::vector<Service> services;
  };
  enum class Need : std::uint8_t { nothing, start };
  Result<void> look_at_gate(Instant now);
  Result<void> keep_running(Instant now);
  Result<Wanted> wanted();
  Need need(const Service& service, Instant now);
  Result<void> start(const Service& service, const std::string& actor, Instant now);
  Result<void> verify_when_due(Instant now);

  AgentPorts ports_;
  std::int64_t verify_interval_seconds_;
  std::optional<Instant> next_verification_;
  std::map<ServiceId, Tries> tries_;
  std::optional<Code> kept_by_gate_;  // from starting anything
};

}  // namespace sallyport::node
