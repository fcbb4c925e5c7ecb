// SPDX-License-Identifier: Apache-2.0
// The part of the gate that opens files and never answers: keeps what may run in step with the node's books,
// tries the ways past the gate that the policy wants closed, and writes down what was refused.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "adapters/confine/port.h"
#include "adapters/disk/port.h"
#include "adapters/events/port.h"
#include "adapters/exec_events/port.h"
#include "core/base/time.h"
#include "roles/node/gate_terms.h"

namespace sallyport::node {

struct GateKeeperPorts {
  Disk& disk;  // the node's root
  GateBoard& board;
  Gate& confinement;
  EventLog& events;
  std::string root;  // the same folder as an absolute path
  int custodian;     // the process
  // Tries the known ways, as a process of this control group where it is not empty.
  std::function<Result<std::vector<Hole>>(const std::string& group)> probe;
};

class GateKeeper {
 public:
  static constexpr int records_each_look_max = 16;  // of refusals; the board counts what it has no room for

  explicit GateKeeper(GateKeeperPorts ports) : ports_(std::move(ports)) {}

  // Again and again, some times a second. An error leaves in force what was in force.
  Result<void> look(Instant now);

  // What is in force was tried, as far as the policy wants that.
  bool is_tried() const;
  // Nothing, or gate_hole_open: what was found. It is denied what can be, but nobody may say that this gate enforces.
  std::optional<Error> not_closed() const;

 private:
  struct Seen {  // what the terms were made from
    std::optional<std::uint64_t> journal_size;
    std::optional<std::uint64_t> mode_changed;
    bool operator==(const Seen&) const = default;
  };
  Result<Seen> see();
  Result<void> publish_changes();
  bool in_force() const;
  Result<void> try_ways(Instant now);
  Result<void> write_status();
  Result<void> write_refusals(Instant now);
  Result<void> write_alarms(Instant now);
  Result<void> write_lateness(Instant now);
  Event event(std::string activity, std::string subject, Instant now) const;

  GateKeeperPorts ports_;
  std::optional<Seen> seen_;
  // For what the ways were tried last. A service that is there for the first time has ways of its own.
  struct Trial {
    std::vector<std::string> wanted;
    bool has_services;
    bool operator==(const Trial&) const = default;
  };
  Trial due() const { return {next_.wanted, !next_.services.empty()}; }

  std::optional<Trial> trial_;
  std::optional<GateOrders> orders_;  // of the terms published last
  bool late_ = false;                 // told already
  GateStatus next_{};                 // of the terms published last
  std::string written_;               // run/gate.json
  GateCounts alarmed_{};              // told already
};

}  // namespace sallyport::node
