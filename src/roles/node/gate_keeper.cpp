// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_keeper.h"

#include "core/base/text.h"
#include "core/gate/claim.h"
#include "roles/node/books.h"

namespace sallyport::node {

Event GateKeeper::event(std::string activity, std::string subject, Instant now) const {
  Event made{std::move(activity), now, "gate", std::move(subject), {}, {}, {}, 0, {}, {}, "nothing"};
  return made;
}

Result<void> GateKeeper::look(Instant now) {
  TRY(publish_changes());
  TRY(try_ways(now));
  TRY(write_refusals(now));
  TRY(write_alarms(now));
  return write_status();
}

Result<GateKeeper::Seen> GateKeeper::see() {
  Seen seen{journal_size(ports_.disk), std::nullopt};
  if (const auto mode = TRY(ports_.disk.find(gate_paths::mode))) seen.mode_changed = mode->changed;
  return seen;
}

Result<void> GateKeeper::publish_changes() {
  const auto seen = TRY(see());
  if (seen_ == seen) return {};
  auto set = TRY(gate_set(ports_.disk));
  const auto& orders = set.orders;
  std::vector<std::uint64_t> groups;
  GateStatus next{ports_.custodian,
                  orders.mode,
                  orders.rule ? ModeFrom::policy : ModeFrom::node,
                  orders.policy_version,
                  set.records,
                  set.generations,
                  set.files.size(),
                  {},
                  {},
                  orders.rule ? orders.rule->closed : std::vector<std::string>(),
                  {}};
  for (const auto& service : set.services) {
    groups.push_back(TRY(ports_.confinement.group(service_group(ports_.root, service))));
    next.services.push_back({service, groups.back()});
  }
  auto published = ports_.board.publish({orders.mode, groups, set.files});
  // The terms before are not taken in yet: the next look tries again.
  if (!published.ok() && published.error().code == Code::node_busy) return {};
  TRY(std::move(published));
  if (next.wanted.empty()) {
    trial_.reset();
  } else {
    next.holes = std::move(next_.holes);
  }
  next_ = std::move(next);
  orders_ = std::move(set.orders);
  seen_ = seen;
  return {};
}

bool GateKeeper::in_force() const {
  return seen_ && ports_.board.adopted() == ports_.board.published();
}

bool GateKeeper::is_tried() const {
  return in_force() && (next_.wanted.empty() || trial_ == due());
}

std::optional<Error> GateKeeper::not_closed() const {
  const auto left = gate::not_closed(next_.wanted, next_.holes);
  if (left.empty()) return std::nullopt;
  return holes_left(left);
}

// Under the terms that are in force: before, the answer to an attempt says nothing.
Result<void> GateKeeper::try_ways(Instant now) {
  if (!in_force() || is_tried()) return {};
  const auto& services = next_.services;
  next_.holes = TRY(ports_.probe(services.empty() ? "" : service_group(ports_.root, services[0].service)));
  trial_ = due();
  auto left = not_closed();
  if (!left) return {};
  auto made = event("gate-alarm", "holes", now);
  made.error = std::move(left);
  made.effect = "the gate denies what it is asked about; it is not said to enforce, and starts no service";
  return ports_.events.record(made);
}

// Only what is in force: who waits for it starts something as soon as it stands there.
Result<void> GateKeeper::write_status() {
  if (!is_tried()) return {};
  next_.counts = ports_.board.counts();
  if (next_.counts.overflows != 0) next_.mode = GateMode::enforce;
  // What is asked while it is being written is told the next time; else it would never stand still.
  auto shown = next_;
  shown.counts.answered = 0;
  auto text = print_gate_status(shown);
  if (text == written_) return {};
  TRY(ports_.disk.replace_file(gate_paths::status, as_bytes(print_gate_status(next_)), 0600));
  written_ = std::move(text);
  return {};
}

Result<void> GateKeeper::write_refusals(Instant now) {
  for (int i = 0; i < records_each_look_max; ++i) {
    const auto record = ports_.board.take();
    if (!record) return {};
    const bool denied = record->line.verdict.answer == GateAnswer::deny;
    auto made = event(denied ? "gate-deny" : "gate-observe", valid_utf8(record->file), now);
    made.checks.push_back({"process", std::to_string(record->process)});
    made.checks.push_back({"trace", print_trace(record->line)});
    if (denied) {
      made.error = Error(Code::gate_denied, valid_utf8(record->file), "a file of a generation that may run",
                         std::string(word(record->line.verdict.reason)));
    } else {
      made.effect = "allowed; enforce mode denies it";
    }
    TRY(ports_.events.record(made));
  }
  return {};
}

// M38: what was to end is told once, and shown as long as it lasts.
Result<void> GateKeeper::write_lateness(Instant now) {
  if (!in_force() || !orders_ || next_.mode != GateMode::observe) return {};
  auto late = observes_too_long(*orders_, now);
  const bool told = std::exchange(late_, late.has_value());
  if (!late || told) return {};
  auto made = event("gate-alarm", "observe", now);
  made.error = std::move(late);
  made.effect = "everything runs, and is written down";
  return ports_.events.record(made);
}

Result<void> GateKeeper::write_alarms(Instant now) {
  TRY(write_lateness(now));
  const auto counts = ports_.board.counts();
  if (counts.overflows != alarmed_.overflows) {
    auto made = event("gate-alarm", "overflow", now);
    made.error = Error(Code::gate_overflow, "the kernel's queue", "every access asked about",
                       std::to_string(counts.overflows) + " times not");
    made.effect = "the gate enforces, whatever its mode was";
    TRY(ports_.events.record(made));
  }
  if (counts.restarts != alarmed_.restarts) {
    auto made = event("gate-alarm", "restart", now);
    made.effect = "what answers was started again, " + std::to_string(counts.restarts) +
                  " times since the gate began; whoever asked waited";
    TRY(ports_.events.record(made));
  }
  if (counts.late != alarmed_.late) {
    auto made = event("gate-alarm", "late", now);
    made.effect =
        std::to_string(counts.late) +
        " files since the gate began could not be read in time; what was asked about them is denied";
    TRY(ports_.events.record(made));
  }
  if (counts.unrecorded != alarmed_.unrecorded) {
    auto made = event("gate-alarm", "unrecorded", now);
    made.effect =
        std::to_string(counts.unrecorded) + " refusals since the gate began are counted and not written down";
    TRY(ports_.events.record(made));
  }
  alarmed_ = counts;
  return {};
}

}  // namespace sallyport::node
