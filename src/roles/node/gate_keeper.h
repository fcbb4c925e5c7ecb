// SPDX-License-Identifier: Apache-2.0
// The part of the gate that opens files and never answers: keeps what may run in step with the node's books,
// looks through what runs already, tries the ways past the gate that the policy wants closed, and writes down what was
// refused.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "adapters/confine/port.h"
#include "adapters/disk/port.h"
#include "adapters/events/port.h"
#include "adapters/exec_events/port.h"
#include "core/base/time.h"
#include "roles/node/gate_terms.h"
#include "roles/node/host_keeper.h"

namespace sallyport::node {

struct GateKeeperPorts {
  Disk& disk;  // the node's root
  GateBoard& board;
  Gate& confinement;
  HostWatch& host;
  EventLog& events;
  std::string root;  // the same folder as an absolute path
  int custodian;     // the process
  // Tries the known ways, as a process of this control group where it is not empty.
  std::function<Result<std::vector<Hole>>(const std::string& group)> probe;
  std::function<Result<std::vector<RunningCode>>(const RunningScope&)> running_code;
};

class GateKeeper {
 public:
  static constexpr int records_each_look_max = 16;  // of refusals; the board counts what it has no room for

  static constexpr int records_at_once_max = 1000;  // after a while without any
  static constexpr int records_each_s = 10;         // when refusals go on and on
  static constexpr int unrecorded_each_s = 60;      // between two events that count what was not written down

  static constexpr int answers_told_each_s = 15;  // where nothing else has changed

  explicit GateKeeper(GateKeeperPorts ports) : ports_(std::move(ports)), host_(ports_.host, ports_.disk) {}

  // Again and again, some times a second. An error leaves in force what was in force.
  Result<void> look(Instant now);

  // The gate was told to end: written down while questions are still answered. By whom is not known.
  Result<void> end(Instant now);

  static constexpr std::int64_t unlisted_again_seconds = 10;  // until what was found is looked for again

  // What is in force was tried, as far as the policy wants that, and what runs was looked through under it.
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
  Result<void> publish_changes(Instant now);
  // Those of the terms published last, by the groups that they have now.
  Result<std::vector<GuardedService>> services_now();
  Result<void> guard_host(Instant now);
  bool in_force() const;
  Result<void> watch_running(Instant now);
  Result<void> look_through(Instant now);
  Result<std::vector<UnlistedCode>> find_unlisted();
  std::set<int> own_processes(const std::vector<RunningCode>& running);
  Result<void> tell_unlisted(const std::vector<UnlistedCode>& unlisted, Instant now);
  Result<void> try_ways(Instant now);
  // What is to be done before refusals are written down; it may fail.
  Result<void> keep_up(Instant now);
  Result<void> write_status(Instant now);
  bool may_write_refusal(Instant now);
  Result<void> write_refusals(Instant now);
  Result<void> write_alarms(Instant now);
  Result<void> write_lateness(Instant now);
  Event event(std::string activity, std::string subject, Instant now) const;

  GateKeeperPorts ports_;
  HostKeeper host_;
  std::optional<Seen> seen_;
  // For what the ways were tried last. A service that is there for the first time has ways of its own.
  struct Trial {
    std::vector<std::string> wanted;
    bool has_services;
    bool operator==(const Trial&) const = default;
  };
  Trial due() const { return {next_.wanted, !next_.services.empty()}; }

  std::optional<Trial> trial_;
  std::vector<ListedFile> files_;         // of the terms published last
  std::optional<Instant> watched_at_;     // what runs
  std::optional<Code> unwatched_;         // told already
  std::optional<GateMode> looked_as_;     // through what runs
  std::optional<Instant> look_again_at_;  // while something was found
  std::set<UnlistedCode> unlisted_;       // told already
  std::optional<GateOrders> orders_;      // of the terms published last
  bool late_ = false;                     // told already
  GateStatus next_{};                     // of the terms published last
  std::string written_;                   // run/gate.json
  std::uint64_t told_answers_ = 0;        // in it
  Instant told_at_ = Instant::from_seconds(0).value();
  GateCounts alarmed_{};              // told already
  std::uint64_t books_restarts_ = 0;  // likewise
  std::int64_t allowance_ = records_at_once_max;
  std::int64_t refilled_at_ = 0;
  Instant unrecorded_at_ = Instant::from_seconds(0).value();
  std::optional<GateRecord> unwritten_;  // taken from the board: stays until it is written down
};

}  // namespace sallyport::node
