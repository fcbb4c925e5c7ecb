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

constexpr auto between_looks = std::chrono::milliseconds(50);

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
  if (!why) return start.go_on();
  start.refuse(why->found);
  if (::getppid() == custodian) ::kill(custodian, SIGTERM);
}

// In a process of its own: it may wait for the one that answers.
void keep_books(const std::string& root, SharedBoard& board, GateWatch& watch, GateStart& start,
                int custodian) {
  const auto kept = attempt([&]() -> Result<void> {
    const auto disk = TRY(PosixDisk::at(root));
    auto events = TRY(FileEventLog::open(root + "/events.jsonl"));
    NamespaceGate confinement;
    node::GateKeeper keeper({*disk, board, confinement, events, root, custodian,
                             [&](const std::string& group) { return try_from_outside(root, group); }});
    std::string told;
    for (;;) {
      const auto now = TRY(Instant::from_seconds(std::time(nullptr)));
      const auto looked = attempt([&] { return keeper.look(now); });
      watch.keep_terms(board);
      const std::string text = looked.ok() ? "" : std::string(name(looked.error().code));
      if (text != told && !looked.ok()) complain(looked.error());
      told = text;
      decide(start, keeper, custodian);
      std::this_thread::sleep_for(between_looks);
    }
  });
  if (!kept.ok()) complain(kept.error());
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
  const auto start = TRY(GateStart::create());
  // What goes on where another one stood is no beginning: its end would open what that one kept closed.
  if (watch != nullptr) start->go_on();
  if (watch == nullptr) watch = TRY(begin(root, *board));
  std::fputs(("The gate of " + printable(root) + " is in " + std::string(word(board->newest().mode)) +
              " mode, process " + std::to_string(::getpid()) + ".\n")
                 .c_str(),
             stderr);
  tell_manager("READY=1");
  const GateCrew crew{node::answer_next, gate::time_to_answer,
                      [&](int custodian) { keep_books(root, *board, *watch, *start, custodian); }};
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
  if (status.mode == GateMode::observe) show_alarm(node::observes_too_long(orders, now), output);
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
  for (const auto& [service, group] : status.services) {
    output.field("service", service.text() + ", control group " + std::to_string(group));
  }
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
