// SPDX-License-Identifier: Apache-2.0
// What the node is now, from its books and its services. Verifies no file: verify.h does.
#pragma once

#include "core/format/run_record.h"
#include "roles/node/books.h"
#include "roles/node/config.h"
#include "roles/node/gate_terms.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct ServiceStatus {
  std::string name;
  ServiceState state;
  enum class Hold : std::uint8_t { none, held } hold;
  std::optional<std::string> unhealthy;  // why; only of one that runs
  std::optional<RunRecord> run;          // of one that runs: its process, and what confines it
};

struct GateReport {
  GateOrders orders;
  std::optional<GateStatus> running;  // absent: no gate runs, or it is not known whether one does
  std::optional<Code> not_known;      // why not; a finding says more
  std::optional<Instant> ended;       // of the last one that was told to end; where none runs
};

struct StatusReport {
  install::Initialised identity;  // with the policy in force
  std::string policy_name;
  std::uint64_t policy_version;
  std::optional<install::Generation> active;
  std::optional<install::Generation> previous;    // what a rollback would return to
  std::optional<install::Generation> unfinished;  // an order that can be finished
  std::optional<install::Generation> last;        // begun last: what became of the last order
  std::optional<install::Switching> switching;    // an activation is under way, or was cut short
  std::vector<install::GenerationNumber> kept;    // with their files
  std::vector<install::GenerationNumber> collected;
  install::Floors floors;
  std::optional<std::string> break_glass;  // the active generation came in by it: the reason that was given
  std::vector<ServiceStatus> services;     // of the active generation
  std::vector<Error> findings;
  std::optional<LogRule> log;             // of the policy
  std::optional<tlog::Head> events = {};  // of the event log (event_tree.h); nothing: a finding says why
  std::vector<ConfigStatus> config = {};  // of the active generation
  std::vector<std::string> ending = {};   // keys and anchors of the policy whose algorithm ends
  std::optional<GateReport> gate = {};
  std::size_t recalls = 0;  // that were taken in
};

Result<StatusReport> status(const Ports& ports);

}  // namespace sallyport::node
