// SPDX-License-Identifier: Apache-2.0
#include "roles/node/host_keeper.h"

#include <fmt/format.h>

#include "core/gate/decide.h"
#include "core/gate/host.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t covered_size_max = 128;
constexpr std::size_t unwatched_named_max = 16;
constexpr std::size_t unwatched_name_size_max = 200;  // anybody can mount something under a long name

// The baseline that was found to have all that ran, as run/gate.host has it; empty: none.
Result<std::string> covered_one(Disk& disk) {
  if (!TRY(disk.find(gate_paths::covered))) return std::string();
  const auto bytes = TRY(disk.read_small(gate_paths::covered, covered_size_max));
  return std::string(as_text(bytes));
}

gate::MeasuredProgram measured(const HostProgram& program) {
  return {program.path, program.size, program.digest};
}

}  // namespace

void HostKeeper::alarm(Error error) {
  guard_->alarm = std::string(name(error.code));
  guard_->found = error.found;
  alarm_ = std::move(error);
}

// Who mounts and unmounts changes what is found at each look, so the same alarm is told again once a minute.
std::optional<Error> HostKeeper::alarm_to_tell(Instant now) {
  if (!alarm_) {
    is_over_ = true;
    return std::nullopt;
  }
  const bool is_same = told_ && told_->code == alarm_->code;
  const bool lasts = is_same && !is_over_ && told_->found == alarm_->found;
  if (lasts || (is_same && now < told_at_.plus(tell_again_seconds))) return std::nullopt;
  is_over_ = false;
  told_ = alarm_;
  told_at_ = now;
  return alarm_;
}

Result<std::optional<Error>> HostKeeper::what_runs_unlisted(const GateSet& set) {
  std::vector<gate::MeasuredProgram> programs;
  for (const auto& program : TRY(host_.running())) programs.push_back(measured(program));
  return gate::not_covered(programs, gate::ListedFiles(set.files, set.host->files));
}

Result<std::optional<Error>> HostKeeper::indispensable_unlisted(const GateSet& set) {
  std::vector<gate::MeasuredProgram> programs;
  for (const auto path : gate::indispensable) {
    if (const auto program = TRY(host_.measure(std::string(path)))) programs.push_back(measured(*program));
  }
  return gate::not_covered(programs, gate::ListedFiles(set.files, set.host->files));
}

Result<void> HostKeeper::remember(const std::string& identity) {
  TRY(disk_.ensure_folder("run"));
  return disk_.replace_file(gate_paths::covered, as_bytes(identity), 0600);
}

// To enforce it again is to begin anew.
Result<void> HostKeeper::forget_covered() {
  if (!TRY(disk_.find(gate_paths::covered))) return {};
  return disk_.remove(gate_paths::covered);
}

bool HostKeeper::is_due(Instant now) const {
  return looked_ && now >= looked_->plus(look_again_seconds);
}

// Anybody can run something that no baseline has, so that ends no enforcing; it keeps the first one from beginning,
// while everybody can still get in.
Result<GateMode> HostKeeper::decide(const GateSet& set, Instant now) {
  const auto& wanted = *set.host;
  if (wanted.mode == GateMode::observe) {
    TRY(forget_covered());
    return GateMode::observe;
  }
  const auto identity = wanted.identity->text() + "\n";
  const auto covered = TRY(covered_one(disk_));
  if (covered == identity) return GateMode::enforce;
  looked_ = now;
  if (auto missing = TRY(indispensable_unlisted(set))) {
    alarm(std::move(*missing));
    return GateMode::observe;
  }
  if (auto missing = TRY(what_runs_unlisted(set))) {
    alarm(std::move(*missing));
    return covered.empty() ? GateMode::observe : GateMode::enforce;
  }
  TRY(remember(identity));
  looked_.reset();
  return GateMode::enforce;
}

GateMode HostKeeper::prepare(const GateSet& set, Instant now) {
  alarm_.reset();
  looked_.reset();
  if (!set.host) {
    guard_.reset();
    return mode_ = GateMode::observe;
  }
  const auto unwatched = guard_ ? guard_->unwatched : std::vector<std::string>();
  guard_ = HostGuard{
      HostGuardState::off, set.host->baseline.value_or(0), set.host->files.size(), unwatched, {}, {}};
  if (!set.host->baseline) {
    alarm(Error(Code::baseline_missing, "the host's baseline", "one that the officers have signed", "none"));
    return mode_ = GateMode::observe;
  }
  auto mode = decide(set, now);
  if (mode.ok()) {
    mode_ = mode.value();
  } else {
    looked_ = now;
    alarm(mode.take_error());
  }
  guard_->state = mode_ == GateMode::enforce ? HostGuardState::enforce : HostGuardState::observe;
  return mode_;
}

// What keeps the baseline from being enforced comes first.
void HostKeeper::alarm_unwatched() {
  const bool is_about_this = guard_->alarm == name(Code::gate_unwatched);
  if (!guard_->alarm.empty() && !is_about_this) return;
  if (guard_->unwatched.empty()) {
    if (!is_about_this) return;
    guard_->alarm.clear();
    guard_->found.clear();
    return alarm_.reset();
  }
  std::string names;
  for (std::size_t i = 0; i < guard_->unwatched.size() && i < unwatched_named_max; ++i)
    names += (i == 0 ? "" : "; ") + guard_->unwatched[i].substr(0, unwatched_name_size_max);
  if (guard_->unwatched.size() > unwatched_named_max)
    names += fmt::format(" and {} more", guard_->unwatched.size() - unwatched_named_max);
  alarm(Error(Code::gate_unwatched, "the host's file systems", "each of them under the gate",
              std::move(names)));
}

void HostKeeper::act() {
  if (!guard_ || guard_->state == HostGuardState::off) {
    if (marks_ != Marks::none && host_.unwatch().ok()) marks_ = Marks::none;
    return;
  }
  const bool enforces = guard_->state == HostGuardState::enforce;
  auto coverage = host_.watch(enforces ? ForeignFiles::deny : ForeignFiles::leave);
  if (!coverage.ok()) return alarm(coverage.take_error());
  marks_ = Marks::made;
  if (coverage.value()) guard_->unwatched = coverage.value()->unwatched;
  alarm_unwatched();
}

}  // namespace sallyport::node
