// SPDX-License-Identifier: Apache-2.0
#include "roles/node/agent.h"

#include <algorithm>
#include <utility>

#include "roles/node/gate_terms.h"
#include "roles/node/papers.h"
#include "roles/node/verify.h"

namespace sallyport::node {
namespace {

Event event_of(std::string activity, std::string subject, std::string actor, Instant now) {
  Event event{std::move(activity), now, std::move(actor), std::move(subject), {}, {}, {}, 0, {}, {}, {}};
  return event;
}

std::int64_t wait_after(std::uint32_t failures) {
  return failures > 9 ? Agent::retry_seconds_max
                      : std::min(Agent::retry_seconds_max, std::int64_t{1} << (failures - 1));
}

}  // namespace

Agent::Agent(AgentPorts ports, std::int64_t verify_interval_seconds)
    : ports_(std::move(ports)), verify_interval_seconds_(verify_interval_seconds) {
  CHECK(verify_interval_seconds > 0);
}

Result<void> Agent::look(Instant now) {
  if (!next_verification_) next_verification_ = now.plus(verify_interval_seconds_);
  TRY(look_at_gate(now));
  if (!kept_by_gate_) TRY(keep_running(now));
  return verify_when_due(now);
}

// A start would be refused, and tried again ever later: so it is not tried before a gate is there.
Result<void> Agent::look_at_gate(Instant now) {
  const auto books = TRY(Books::open(ports_.disk));
  const auto told = std::exchange(kept_by_gate_, std::nullopt);
  if (!gate_absent(TRY(gate_orders(ports_.disk, books)))) return {};
  const auto admitted = admission(ports_.disk, books);
  // A fault is told by the start that meets it.
  if (admitted.ok() || kind_of(admitted.error().code) == Kind::fault) return {};
  kept_by_gate_ = admitted.error().code;
  if (told == kept_by_gate_) return {};
  auto event = event_of("gate-alarm", "services", books.state().identity.node.text(), now);
  event.error = admitted.error();
  event.effect = "what runs goes on; no service is started";
  return ports_.events.record(event);
}

Result<Agent::Wanted> Agent::wanted() {
  const auto books = TRY(Books::open(ports_.disk));
  const auto& state = books.state();
  const auto* active = state.find(state.active);
  if (active == nullptr || state.switching) return Wanted{state.identity.node.text(), {}};
  auto services = TRY(services_of(ports_.disk, *active));
  std::erase_if(services, [&](const Service& service) { return state.held.contains(service.name); });
  return Wanted{state.identity.node.text(), std::move(services)};
}

Agent::Need Agent::need(const Service& service, Instant now) {
  auto& tries = tries_.try_emplace(service.name, Tries{0, now, now}).first->second;
  const auto state = ports_.services.state(ports_.root, service);
  if (state.ok() && state.value() == ServiceState::running) {
    if (now >= tries.started.plus(settled_after_seconds)) tries.failures = 0;
    return Need::nothing;
  }
  return now < tries.next ? Need::nothing : Need::start;
}

Result<void> Agent::keep_running(Instant now) {
  // First without the lock, so that an installation that begins now is not told that the node is busy. What is read
  // while somebody writes may be odd: then it is read again under the lock.
  const auto glance = wanted();
  const auto to_start = [&](const Service& service) { return need(service, now) == Need::start; };
  if (glance.ok() && std::none_of(glance.value().services.begin(), glance.value().services.end(), to_start)) {
    return {};
  }
  const auto lock = ports_.disk.lock(paths::lock);
  if (!lock.ok()) {
    if (lock.error().code == Code::node_busy) return {};
    return lock.error();
  }
  const auto [actor, services] = TRY(wanted());
  for (const auto& service : services) {
    if (to_start(service)) TRY(start(service, actor, now));
  }
  return {};
}

Result<void> Agent::start(const Service& service, const std::string& actor, Instant now) {
  auto& tries = tries_.at(service.name);
  auto started = ports_.services.start(ports_.root, service);
  ++tries.failures;  // until it has run for a while: a service that ends at once is not to be started at once
  tries.started = now;
  tries.next = now.plus(wait_after(tries.failures));
  auto event = event_of("node-run", service.name.text(), actor, now);
  event.effect = started.ok() ? "service started" : "nothing runs";
  if (!started.ok()) event.error = std::move(started).take_error();
  return ports_.events.record(event);
}

Result<void> Agent::verify_when_due(Instant now) {
  if (now < *next_verification_) return {};
  next_verification_ = now.plus(verify_interval_seconds_);
  const auto before = TRY(Books::open(ports_.disk));
  if (before.state().active == 0 || before.state().switching) return {};
  auto verified = verify(ports_.disk, before.state().active, ports_.workers);
  const auto after = TRY(Books::open(ports_.disk));
  // Whoever installed meanwhile has verified what is active now.
  if (after.state().active != before.state().active || after.state().switching) return {};
  auto event = event_of("node-verify", "generation " + std::to_string(before.state().active),
                        before.state().identity.node.text(), now);
  event.package = before.state().find(before.state().active)->origin.package.text();
  event.policy_version = before.policy().version;
  event.effect = "nothing";
  if (!verified.ok()) event.error = std::move(verified).take_error();
  return ports_.events.record(event);
}

}  // namespace sallyport::node
