// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>
#include <thread>

#include "adapters/confine/namespaces.h"
#include "adapters/disk/posix.h"
#include "adapters/events/file.h"
#include "adapters/exec_events/custodian.h"
#include "adapters/exec_events/host_watch.h"
#include "adapters/exec_events/running_code.h"
#include "adapters/services/manager.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/gate_probe.h"
#include "apps/sallyport/gate_start.h"
#include "apps/sallyport/gate_watch.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/gate/claim.h"
#include "core/gate/decide.h"
#include "roles/node/books.h"
#include "roles/node/gate_answer.h"
#include "roles/node/gate_keeper.h"

namespace sallyport::cli {
namespace {

constexpr std::chrono::milliseconds between_looks{50};

void complain(const Error& error) {
  std::fputs(("sallyport: gate: " + std::string(name(error.code)) + ": " + printable(error.where) + ": " +
              printable(error.found) + "\n")
                 .c_str(),
             stderr);
}

// Once, and for all processes that keep the books: what is found later is told, and ends nothing.
void decide(GateStart& start, const node::GateKeeper& keeper, int custodian) {
  if (start.is_decided() || !keeper.is_tried()) return;
  const auto why = keeper.not_closed();
  start.decide(why ? std::optional(why->found) : std::nullopt);
  if (start.refused() && ::getppid() == custodian) ::kill(custodian, SIGTERM);
}

// In a process of its own: it may wait for the one that answers.
void keep_books(const std::string& root, SharedBoard& board, GateWatch& watch, GateStart& start,
                int custodian) {
  const auto kept = attempt([&]() -> Result<void> {
    const auto disk = TRY(PosixDisk::at(root));
    auto events = TRY(FileEventLog::open(root + "/events.jsonl"));
    NamespaceGate confinement;
    const FanotifyHost::Groups groups{watch.watch().host_descriptor(), watch.watch().foreign_descriptor()};
    const auto host = TRY(FanotifyHost::of(custodian, groups, root));
    node::GateKeeper keeper({*disk, board, confinement, *host, events, root, custodian,
                             [&](const std::string& group) { return try_from_outside(root, group); },
                             running_code});
    std::string told;
    for (;;) {
      const auto now = TRY(Instant::from_seconds(std::time(nullptr)));
      board.books_beat();
      const auto looked = attempt([&] { return keeper.look(now); });
      watch.keep_terms(board);
      const std::string text = looked.ok() ? "" : std::string(name(looked.error().code));
      if (text != told && !looked.ok()) complain(looked.error());
      told = text;
      decide(start, keeper, custodian);
      host->await_mount(between_looks);
      if (start.is_ending()) return keeper.end(TRY(Instant::from_seconds(std::time(nullptr))));
    }
  });
  if (kept.ok()) return;
  complain(kept.error());
  std::this_thread::sleep_for(std::chrono::seconds(1));
}

// The terms are there before the first question is: what is listed never waits for the books.
Result<void> publish_first(const node::GateSet& set, const std::string& root, SharedBoard& board) {
  NamespaceGate confinement;
  std::vector<std::uint64_t> groups;
  for (const auto& service : set.services) {
    groups.push_back(TRY(confinement.group(node::service_group(root, service))));
  }
  return board.publish({set.orders.mode, groups, set.files});
}

// The first gate since somebody ended the last one, or since the machine was started.
Result<std::unique_ptr<GateWatch>> begin(const std::string& root, SharedBoard& board) {
  const auto disk = TRY(PosixDisk::at(root));
  TRY(node::Books::open(*disk));
  auto watch = TRY(GateWatch::begin(*disk, node::gate_paths::lock));
  // What the gate before said of itself is no word of this one.
  if (TRY(disk->find(node::gate_paths::status))) TRY(disk->remove(node::gate_paths::status));
  TRY(publish_first(TRY(node::gate_set(*disk)), root, board));
  TRY(watch->add(root, board));
  return watch;
}

Error not_started(const std::string& found) {
  Error error(Code::gate_hole_open, "gate", "every way past it closed that the policy names", found);
  error.effect = "the gate was not left running: nothing is asked";
  return error;
}

// No threads here: processes are made by fork.
Result<void> run_gate(const Arguments& arguments, Output& output) {
  const auto root = TRY(absolute_folder(arguments.text("root")));
  const auto board = TRY(SharedBoard::create());
  auto watch = TRY(GateWatch::left_behind(*board));
  const auto start =
      TRY(GateStart::create(watch == nullptr ? GateStart::Kind::beginning : GateStart::Kind::after_another));
  if (watch == nullptr) watch = TRY(begin(root, *board));
  std::fputs(("The gate of " + printable(root) + " is in " + std::string(word(board->newest().mode)) +
              " mode, process " + std::to_string(::getpid()) + ".\n")
                 .c_str(),
             stderr);
  bool ready = false;
  GateCrew crew{node::answer_next, gate::time_to_answer,
                [&](int custodian) { keep_books(root, *board, *watch, *start, custodian); }};
  // Whoever starts services after the gate starts them behind one that has taken its terms in, and tried the ways.
  crew.each_turn = [&] {
    if (!ready && start->is_ready()) tell_manager("READY=1");
    ready = start->is_ready();
  };
  crew.before_end = [&] { start->set_ending(); };
  TRY(hold_watch(watch->watch(), *board, crew));
  if (const auto found = start->refused()) return not_started(*found);
  const auto counts = board->counts();
  output.line("The gate has ended: " + std::to_string(counts.answered) + " questions answered, " +
              std::to_string(counts.denied) + " denied. Nothing is asked any more.");
  output.json().number("answered", counts.answered).number("denied", counts.denied);
  return {};
}

void show_counts(const GateCounts& counts, Output& output) {
  output.field("denied", std::to_string(counts.denied));
  if (counts.would_deny != 0) output.field("would deny", std::to_string(counts.would_deny));
  if (counts.unrecorded != 0) output.field("unrecorded", std::to_string(counts.unrecorded));
  if (counts.late != 0) output.field("late", std::to_string(counts.late));
  if (counts.restarts != 0) output.field("restarts", std::to_string(counts.restarts));
  if (counts.overflows != 0) output.field("OVERFLOWS", std::to_string(counts.overflows) + ", locked down");
  output.json().number("denied", counts.denied).number("would_deny", counts.would_deny);
  output.json().number("unrecorded", counts.unrecorded).number("restarts", counts.restarts);
  output.json().number("overflows", counts.overflows).number("late", counts.late);
}

// A mode that was claimed and is none is told before anything else.
void show_alarm(const std::optional<Error>& error, Output& output) {
  if (!error) return;
  const std::string code(name(error->code));
  output.field("ALARM", code + ": " + error->found + "; expected: " + error->expected);
  output.json().text(code);
}

void show_host_alarm(const HostGuard& host, Output& output) {
  output.field("ALARM", host.alarm + ": " + host.found);
  output.json().text(host.alarm);
}

void show_host(const HostGuard& host, Output& output) {
  const std::string number = host.baseline == 0 ? "none" : std::to_string(host.baseline);
  output.field("host", std::string(word(host.state)) + ", baseline " + number + ", " +
                           std::to_string(host.files) + " contents");
  output.json().key("host").begin_object().text("state", word(host.state));
  output.json().number("baseline", host.baseline).number("contents", host.files);
  output.json().key("unwatched").begin_array();
  for (const auto& system : host.unwatched) {
    output.field("UNWATCHED", system);
    output.json().text(system);
  }
  output.json().end_array().end_object();
}

void show_mode(const GateStatus& status, const node::GateOrders& orders, Instant now, Output& output) {
  const bool by_policy = status.mode_from == ModeFrom::policy;
  output.field("mode",
               std::string(word(status.mode)) +
                   (by_policy ? ", as policy version " + std::to_string(status.policy_version) + " says"
                              : ", set on this node"));
  if (by_policy && orders.rule) output.field("policy", describe(*orders.rule));
  output.json().text("mode", word(status.mode)).text("mode_from", word(status.mode_from));
  output.json().number("policy_version", status.policy_version).key("alarms").begin_array();
  const auto left = gate::not_closed(status.wanted, status.holes);
  if (!left.empty()) show_alarm(node::holes_left(left), output);
  const bool observes =
      status.mode == GateMode::observe || (status.host && status.host->state == HostGuardState::observe);
  if (observes) show_alarm(node::observes_too_long(orders, now), output);
  for (const auto& code : status.unlisted) show_alarm(node::runs_unlisted(code), output);
  if (status.host && !status.host->alarm.empty()) show_host_alarm(*status.host, output);
  output.json().end_array();
}

Result<void> run_status(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto status = TRY(node::gate_status(world->disk()));
  std::string generations;
  const auto orders = TRY(node::gate_orders(world->disk()));
  show_mode(status, orders, world->now(), output);
  output.field("custodian", "process " + std::to_string(status.custodian));
  output.json().number("custodian", static_cast<std::uint64_t>(status.custodian));
  output.json().key("generations").begin_array();
  for (const auto number : status.generations) {
    generations += (generations.empty() ? "" : ", ") + std::to_string(number);
    output.json().number(number);
  }
  output.json().end_array();
  output.field("generations", generations.empty() ? "none: nothing may run" : generations);
  output.field("contents", std::to_string(status.files));
  output.json().number("contents", status.files);
  output.json().key("services").begin_array();
  for (const auto& [service, group] : status.services) {
    output.field("service", service.text() + ", control group " + std::to_string(group));
    output.json().begin_object().text("service", service.text()).number("group", group).end_object();
  }
  output.json().end_array();
  if (status.host) show_host(*status.host, output);
  show_counts(status.counts, output);
  show_holes(status.holes, status.wanted, output);
  return {};
}

}  // namespace

std::vector<Command> node_gate_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  std::vector<Command> commands = {
      {"node gate run",
       "Watch the node's file system: what is of no generation that may run is not executed",
       "Runs in the foreground until SIGTERM. Every exec and open on the file system that holds the node's "
       "folder, "
       "from whatever namespace, is decided\n"
       "by the content of the file. That file system must be the node's own. docs/spec/gate.md says what is "
       "and what is "
       "not covered.",
       {"sallyport node gate run --root /var/lib/sallyport"},
       {},
       {root},
       run_gate},
      {"node gate status",
       "Show what the running gate lets run, and what it refused",
       "Mode and who says so, generations and contents that may run, services that are asked about, counts "
       "since the gate was\nstarted, and what came of trying the ways that the policy wants closed.",
       {"sallyport node gate status --root /var/lib/sallyport"},
       {},
       {root},
       run_status},
  };
  for (auto& command : node_gate_mode_commands()) commands.push_back(std::move(command));
  return commands;
}

}  // namespace sallyport::cli
