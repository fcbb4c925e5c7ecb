// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_keeper.h"

#include <algorithm>
#include <span>

#include "core/base/text.h"
#include "core/gate/claim.h"
#include "roles/node/books.h"

namespace sallyport::node {

Event GateKeeper::event(std::string activity, std::string subject, Instant now) const {
  Event made{std::move(activity), now, "gate", std::move(subject), {}, {}, {}, 0, {}, {}, "nothing"};
  return made;
}

Result<void> GateKeeper::keep_up(Instant now) {
  TRY(publish_changes(now));
  TRY(guard_host(now));
  TRY(watch_running(now));
  TRY(look_through(now));
  return try_ways(now);
}

// Books that cannot be read keep no refusal from being written down.
Result<void> GateKeeper::look(Instant now) {
  auto kept_up = keep_up(now);
  TRY(write_refusals(now));
  TRY(write_alarms(now));
  TRY(std::move(kept_up));
  return write_status(now);
}

Result<GateKeeper::Seen> GateKeeper::see() {
  Seen seen{journal_size(ports_.disk), std::nullopt};
  if (const auto mode = TRY(ports_.disk.find(gate_paths::mode))) seen.mode_changed = mode->changed;
  return seen;
}

// A group that was removed and made anew has another number: the terms name one that nobody is in any more.
Result<std::vector<GuardedService>> GateKeeper::services_now() {
  auto services = next_.services;
  for (auto& [service, group] : services) {
    group = TRY(ports_.confinement.group(service_group(ports_.root, service)));
  }
  return services;
}

Result<void> GateKeeper::publish_changes(Instant now) {
  const auto seen = TRY(see());
  if (seen_ == seen && TRY(services_now()) == next_.services && !host_.is_due(now)) return {};
  auto set = TRY(gate_set(ports_.disk));
  const auto& orders = set.orders;
  std::vector<std::uint64_t> groups;
  GateStatus next{ports_.custodian,       orders.mode, orders.rule ? ModeFrom::policy : ModeFrom::node,
                  orders.policy_version,  set.records, set.generations,
                  set.files.size(),       {},          {},
                  wanted_of_gate(orders), {}};
  for (const auto& service : set.services) {
    groups.push_back(TRY(ports_.confinement.group(service_group(ports_.root, service))));
    next.services.push_back({service, groups.back()});
  }
  const auto on_host = host_.prepare(set, now);
  std::span<const ListedFile> host_files;
  if (set.host) host_files = set.host->files;
  auto published = ports_.board.publish({orders.mode, groups, set.files, on_host, host_files});
  // The terms before are not taken in yet: the next look tries again.
  if (!published.ok() && published.error().code == Code::node_busy) return {};
  TRY(std::move(published));
  if (next.wanted.empty()) {
    trial_.reset();
  } else {
    next.holes = std::move(next_.holes);
  }
  next.unlisted = std::move(next_.unlisted);
  next.unlisted_count = next_.unlisted_count;
  next_ = std::move(next);
  files_ = std::move(set.files);
  orders_ = std::move(set.orders);
  seen_ = seen;
  return {};
}

bool GateKeeper::in_force() const {
  return seen_ && ports_.board.adopted() == ports_.board.published();
}

bool GateKeeper::is_tried() const {
  return in_force() && looked_as_ == next_.mode && (next_.wanted.empty() || trial_ == due());
}

std::optional<Error> GateKeeper::not_closed() const {
  const auto left = gate::not_closed(next_.wanted, next_.holes);
  if (left.empty()) return std::nullopt;
  return holes_left(left);
}

// The marks follow the terms, never the other way round: what is asked about is listed by then.
Result<void> GateKeeper::guard_host(Instant now) {
  if (!in_force()) return {};
  host_.act();
  next_.host = host_.guard();
  auto alarm = host_.alarm_to_tell(now);
  if (!alarm) return {};
  auto made = event("gate-alarm", "host", now);
  made.error = std::move(alarm);
  made.effect = next_.host->state == HostGuardState::enforce
                    ? "the rest of the host is enforced"
                    : "the host's own programs are not enforced; the node's file system is as before";
  return ports_.events.record(made);
}

// Under the terms that are in force: before, the answer to an attempt says nothing.
Result<void> GateKeeper::try_ways(Instant now) {
  if (!in_force() || next_.wanted.empty() || trial_ == due()) return {};
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

Result<void> GateKeeper::end(Instant now) {
  auto made = event("gate-end", "gate", now);
  if (orders_) made.error = gate_absent(*orders_);
  if (made.error) made.error->found = "it was told to end";
  made.effect =
      "it was told to end (SIGTERM or SIGINT): unless its service manager starts it again, nothing is asked";
  TRY(ports_.disk.ensure_folder("run"));
  TRY(ports_.disk.replace_file(gate_paths::ended, as_bytes(now.print() + "\n"), 0600));
  return ports_.events.record(made);
}

// Only what is in force: who waits for it starts something as soon as it stands there.
Result<void> GateKeeper::write_status(Instant now) {
  if (!is_tried()) return {};
  next_.counts = ports_.board.counts();
  if (next_.counts.overflows != 0) next_.mode = GateMode::enforce;
  // To write it is to be asked, so the number of answers is told once in a while; else it would never stand still.
  auto shown = next_;
  shown.counts.answered = 0;
  auto text = print_gate_status(shown);
  const bool told =
      next_.counts.answered == told_answers_ || (now >= told_at_ && now < told_at_.plus(answers_told_each_s));
  if (text == written_ && told) return {};
  if (written_.empty() && TRY(ports_.disk.find(gate_paths::ended)))
    TRY(ports_.disk.remove(gate_paths::ended));
  TRY(ports_.disk.replace_file(gate_paths::status, as_bytes(print_gate_status(next_)), 0600));
  written_ = std::move(text);
  told_answers_ = next_.counts.answered;
  told_at_ = now;
  return {};
}

// Anybody can be refused as often as he likes, and nobody may fill the disk with it: what comes faster stays on the
// board, and is counted there when it finds no room.
bool GateKeeper::may_write_refusal(Instant now) {
  const auto second = now.seconds();
  if (second > refilled_at_) {
    const auto gone = std::min<std::int64_t>(second - refilled_at_, records_at_once_max);
    allowance_ = std::min<std::int64_t>(allowance_ + gone * records_each_s, records_at_once_max);
    refilled_at_ = second;
  }
  return allowance_ > 0;
}

Result<void> GateKeeper::write_refusals(Instant now) {
  for (int i = 0; i < records_each_look_max && may_write_refusal(now); ++i) {
    if (!unwritten_) unwritten_ = ports_.board.take();
    if (!unwritten_) return {};
    const auto& record = unwritten_;
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
    unwritten_.reset();
    --allowance_;
  }
  return {};
}

// M38: what was to end is told once, and shown as long as it lasts.
Result<void> GateKeeper::write_lateness(Instant now) {
  const bool observes =
      next_.mode == GateMode::observe || (orders_ && orders_->rule && orders_->rule->host_observe_until);
  if (!in_force() || !orders_ || !observes) return {};
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
  auto counts = ports_.board.counts();
  if (const auto restarts = ports_.board.books_restarts(); restarts != books_restarts_) {
    auto made = event("gate-alarm", "books", now);
    made.effect = "what keeps the gate's books ended or stood still, and was started again, " +
                  std::to_string(restarts) +
                  " times since the gate began; the answers went on by the last terms";
    TRY(ports_.events.record(made));
    books_restarts_ = restarts;
  }
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
  const bool may_tell = now >= unrecorded_at_.plus(unrecorded_each_s) || now < unrecorded_at_;
  if (!may_tell) counts.unrecorded = alarmed_.unrecorded;
  if (counts.unrecorded != alarmed_.unrecorded) {
    unrecorded_at_ = now;
    auto made = event("gate-alarm", "unrecorded", now);
    made.effect =
        std::to_string(counts.unrecorded) + " refusals since the gate began are counted and not written down";
    TRY(ports_.events.record(made));
  }
  alarmed_ = counts;
  return {};
}

}  // namespace sallyport::node
