// SPDX-License-Identifier: Apache-2.0
#include "roles/node/status.h"

#include <algorithm>
#include <iterator>

#include "core/gate/claim.h"
#include "roles/node/distrusted.h"
#include "roles/node/event_tree.h"
#include "roles/node/later_findings.h"
#include "roles/node/papers.h"
#include "roles/node/recall.h"

namespace sallyport::node {
namespace {

constexpr std::int64_t clock_difference_max = 300;           // seconds
constexpr std::int64_t clock_ahead_max = 5LL * 365 * 86400;  // a node may have been off for long

std::optional<install::Generation> copy_of(const install::Generation* generation) {
  if (generation == nullptr) return std::nullopt;
  return *generation;
}

// What the record says is of the process that runs, or is not said.
std::optional<RunRecord> run_of(const Ports& ports, const Service& service) {
  const auto bytes = ports.disk.read_small("run/" + service.name.text() + ".json", run_record_size_max);
  if (!bytes.ok()) return std::nullopt;
  auto record = parse_run_record(bytes.value());
  if (!record.ok()) return std::nullopt;
  return std::move(record).value();
}

Result<ServiceStatus> status_of(const Ports& ports, const install::State& state, const Service& service) {
  using Hold = ServiceStatus::Hold;
  const auto hold = state.held.contains(service.name) ? Hold::held : Hold::none;
  const auto runs = TRY(ports.services.state(ports.root, service));
  if (runs == ServiceState::stopped) return ServiceStatus{service.name.text(), runs, hold, {}, {}};
  auto unhealthy = TRY(ports.services.why_unhealthy(ports.root, service));
  return ServiceStatus{service.name.text(), runs, hold, std::move(unhealthy), run_of(ports, service)};
}

// What runs and must not: told for as long as it is active.
Result<void> add_recalled(const Ports& ports, const Books& books, StatusReport& report) {
  report.recalls = books.state().recalls.size();
  if (report.recalls == 0 || !report.active) return {};
  const auto without = recalled(ports.disk, books);
  if (!without.ok() && kind_of(without.error().code) == Kind::fault) return without.error();
  if (!without.ok()) report.findings.push_back(without.error());
  const auto tree = tree_of(ports.disk, *report.active);
  if (!without.ok() || !tree.ok()) return {};
  for (auto& finding : without.value().findings(report.active->origin.package, tree.value()))
    report.findings.push_back(std::move(finding));
  return {};
}

// What is known of the active generation by now: damage that was found, a signer that is revoked.
Result<void> add_later(const Ports& ports, const Books& books, StatusReport& report) {
  if (!report.active) return {};
  const auto now = install::not_before_floor(ports.now, books.floors());
  auto damage = TRY(found_damage(ports.disk, *report.active));
  auto revoked = TRY(found_revoked(ports.disk, books, *report.active, now));
  std::move(damage.begin(), damage.end(), std::back_inserter(report.findings));
  std::move(revoked.begin(), revoked.end(), std::back_inserter(report.findings));
  return {};
}

void add_generations(const install::State& state, StatusReport& report) {
  for (const auto& [number, generation] : state.generations) {
    if (install::is_kept(generation)) report.kept.push_back(number);
    if (generation.storage != install::Storage::whole) report.collected.push_back(number);
  }
  if (!state.generations.empty()) report.last = state.generations.rbegin()->second;
}

void add_break_glass(const install::State& state, StatusReport& report) {
  if (!report.active) return;
  const auto used = state.break_glass.find(report.active->origin.order);
  if (used == state.break_glass.end()) return;
  report.break_glass = used->second;
  report.findings.emplace_back(Code::break_glass_used, "generation " + std::to_string(report.active->number),
                               "an ordinary order", "break-glass: " + used->second);
}

void add_place(const Books& books, StatusReport& report) {
  const auto& identity = books.state().identity;
  auto why = left_out(books.policy(), identity.pool, identity.node);
  if (!why) return;
  why->effect = "the node takes no orders until a policy names it";
  report.findings.push_back(std::move(*why));
}

void add_clock(Instant clock, StatusReport& report) {
  const auto& floor = report.floors.time;
  if (!floor) return;
  const bool behind = clock.plus(clock_difference_max) < *floor;
  const bool ahead = clock > floor->plus(clock_ahead_max);
  if (!behind && !ahead) return;
  report.findings.emplace_back(Code::clock_implausible, "clock",
                               (behind ? "not before " : "not years after ") + floor->print(), clock.print());
}

Result<void> add_services(const Ports& ports, const install::State& state, StatusReport& report) {
  if (!report.active) return {};
  const auto tree = tree_of(ports.disk, *report.active);
  if (!tree.ok()) {
    report.findings.push_back(tree.error());
    return {};
  }
  report.config = TRY(config_status(ports.disk, tree.value(), report.active->number));
  for (const auto& service : tree.value().services) {
    auto one = TRY(status_of(ports, state, service));
    report.services.push_back(std::move(one));
  }
  return {};
}

// Why the host's own programs are not guarded as the policy wants it; the gate itself has found it out.
void add_host(const GateStatus& running, StatusReport& report) {
  if (!running.host || running.host->alarm.empty()) return;
  const auto code = find_code(running.host->alarm).value_or(Code::internal_error);
  report.findings.emplace_back(code, "the host's own file systems", "guarded as the policy says",
                               running.host->found);
}

// What the policy wants of the gate, and what there is. That none runs is a finding where the policy speaks of one.
Result<void> add_gate(const Ports& ports, const Books& books, StatusReport& report) {
  GateReport gate{TRY(gate_orders(ports.disk, books)), {}, {}, {}};
  auto running = gate_status(ports.disk);
  if (running.ok()) {
    gate.running = std::move(running).value();
    const auto left = gate::not_closed(gate.running->wanted, gate.running->holes);
    if (!left.empty()) report.findings.push_back(holes_left(left));
    for (const auto& code : gate.running->unlisted) report.findings.push_back(runs_unlisted(code));
    add_host(*gate.running, report);
  } else if (running.error().code != Code::gate_not_running) {
    gate.not_known = running.error().code;
    report.findings.push_back(running.error());
  } else {
    gate.ended = TRY(gate_ended(ports.disk));
    auto error = gate_absent(gate.orders).value_or(running.error());
    if (gate.ended) error.found += "; the last one was told to end at " + gate.ended->print();
    if (gate.orders.rule) report.findings.push_back(std::move(error));
  }
  const bool observes =
      gate.running && (gate.running->mode == GateMode::observe ||
                       (gate.running->host && gate.running->host->state == HostGuardState::observe));
  auto late = observes_too_long(gate.orders, ports.now);
  if (observes && late) report.findings.push_back(*std::move(late));
  report.gate = std::move(gate);
  return {};
}

// What was started before the policy wanted a way out of services closed has not been tried.
void add_untried(StatusReport& report) {
  if (!report.gate) return;
  for (const auto& service : report.services) {
    if (service.state != ServiceState::running) continue;
    auto left = wanted_of_services(report.gate->orders);
    const auto closed = service.run ? service.run->closed : std::vector<std::string>();
    std::erase_if(left, [&](const std::string& way) {
      return std::find(closed.begin(), closed.end(), way) != closed.end();
    });
    if (left.empty()) continue;
    auto error = holes_left(left);
    error.where = service.name;
    error.found += ": it was started before the policy wanted that";
    report.findings.push_back(std::move(error));
  }
}

// What the events are now, to be held against what was reported before.
void add_events(const Ports& ports, StatusReport& report) {
  const auto head = event_head(ports.disk);
  if (head.ok()) {
    report.events = head.value();
  } else {
    report.findings.push_back(head.error());
  }
}

}  // namespace

Result<StatusReport> status(const Ports& ports) {
  const auto books = TRY(Books::open(ports.disk));
  const auto& state = books.state();
  auto identity = state.identity;
  identity.policy = state.policy();
  StatusReport report{std::move(identity),
                      books.policy().name,
                      books.policy().version,
                      copy_of(state.find(state.active)),
                      copy_of(state.previous()),
                      copy_of(state.unfinished()),
                      {},
                      state.switching,
                      {},
                      {},
                      books.floors(),
                      {},
                      {},
                      books.findings(),
                      books.policy().log};
  report.ending = ending_uses(books.policy());
  add_generations(state, report);
  add_place(books, report);
  add_break_glass(state, report);
  add_clock(ports.now, report);
  add_events(ports, report);
  auto known = TRY(distrusted(ports.disk, books, install::not_before_floor(ports.now, books.floors())));
  std::move(known.begin(), known.end(), std::back_inserter(report.findings));
  TRY(add_later(ports, books, report));
  TRY(add_recalled(ports, books, report));
  TRY(add_gate(ports, books, report));
  TRY(add_services(ports, state, report));
  add_untried(report);
  return report;
}

}  // namespace sallyport::node
