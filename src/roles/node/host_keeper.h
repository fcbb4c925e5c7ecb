// SPDX-License-Identifier: Apache-2.0
// The gate's part that looks after the host's own file systems, where the policy wants the whole host guarded: which
// baseline is in force there, in which mode, and whether every file system is asked about. docs/spec/gate.md.
//
// A baseline is enforced only once everything that runs, and what the host cannot do without, was found in it; until
// then it is observed. That it was found is remembered: what is started later never ends the enforcing, nor does it
// under the next baseline, which needs only what the host cannot do without; what else runs is an alarm.
#pragma once

#include <optional>

#include "adapters/disk/port.h"
#include "adapters/exec_events/port.h"
#include "core/format/gate_status.h"
#include "roles/node/gate_terms.h"

namespace sallyport::node {

class HostKeeper {
 public:
  static constexpr std::int64_t look_again_seconds = 60;  // at what runs, while a baseline lacks some of it

  static constexpr std::int64_t tell_again_seconds =
      60;  // of the same alarm, where what was found is another

  HostKeeper(HostWatch& host, Disk& disk) : host_(host), disk_(disk) {}

  // What goes into the next terms. A fault here is an alarm and leaves the mode as it was: the node's own terms wait
  // for nothing that is about the host.
  GateMode prepare(const GateSet& set, Instant now);
  // Whether what runs should be looked at again, and the terms made anew.
  bool is_due(Instant now) const;
  // When the terms are in force: the marks follow them. A file system that cannot be watched is told, and no error.
  void act();

  // Absent: nobody wants the host guarded.
  const std::optional<HostGuard>& guard() const { return guard_; }
  // What is not as the policy wants it, once.
  std::optional<Error> alarm_to_tell(Instant now);

 private:
  Result<std::optional<Error>> what_runs_unlisted(const GateSet& set);
  Result<std::optional<Error>> indispensable_unlisted(const GateSet& set);
  Result<void> remember(const std::string& identity);
  Result<void> forget_covered();
  Result<GateMode> decide(const GateSet& set, Instant now);
  void alarm(Error error);
  void alarm_unwatched();

  HostWatch& host_;
  Disk& disk_;
  std::optional<HostGuard> guard_;
  GateMode mode_ = GateMode::observe;  // of the last terms
  std::optional<Error> alarm_;
  std::optional<Error> told_;  // last
  bool is_over_ = false;       // since
  Instant told_at_ = Instant::from_seconds(0).value();
  std::optional<Instant> looked_;  // at what runs, and something was missing
  enum class Marks : std::uint8_t { unknown, none, made } marks_ = Marks::unknown;
};

}  // namespace sallyport::node
