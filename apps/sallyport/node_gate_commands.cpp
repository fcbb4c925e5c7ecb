// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>
#include <thread>

#include "adapters/confine/groups.h"
#include "adapters/confine/namespaces.h"
#include "adapters/disk/posix.h"
#include "adapters/events/file.h"
#include "adapters/exec_events/custodian.h"
#include "adapters/exec_events/probe.h"
#include "adapters/services/manager.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/gate_watch.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/node/books.h"
#include "roles/node/gate_answer.h"
#include "roles/node/gate_keeper.h"
#include "roles/node/ways.h"

namespace sallyport::cli {
namespace {

constexpr auto between_looks = std::chrono::milliseconds(50);

void complain(const Error& error) {
  std::fputs(("sallyport: gate: " + std::string(name(error.code)) + ": " + printable(error.where) + ": " +
              printable(error.found) + "\n")
                 .c_str(),
             stderr);
}

// In a process of its own: it may wait for the one that answers.
void keep_books(const std::string& root, SharedBoard& board, GateWatch& watch, int custodian) {
  const auto kept = attempt([&]() -> Result<void> {
    const auto disk = TRY(PosixDisk::at(root));
    auto events = TRY(FileEventLog::open(root + "/events.jsonl"));
    NamespaceGate confinement;
    node::GateKeeper keeper({*disk, board, confinement, events, root, custodian});
    std::string told;
    for (;;) {
      const auto now = TRY(Instant::from_seconds(std::time(nullptr)));
      const auto looked = attempt([&] { return keeper.look(now); });
      watch.keep_terms(board);
      const std::string text = looked.ok() ? "" : std::string(name(looked.error().code));
      if (text != told && !looked.ok()) complain(looked.error());
      told = text;
      std::this_thread::sleep_for(between_looks);
    }
  });
  if (!kept.ok()) complain(kept.error());
  std::this_thread::sleep_for(std::chrono::seconds(1));
}

// The terms are there before the first question is: what is listed never waits for the books.
Result<void> publish_first(Disk& disk, const std::string& root, GateMode mode, SharedBoard& board) {
  const auto set = TRY(node::gate_set(disk));
  NamespaceGate confinement;
  std::vector<std::uint64_t> groups;
  for (const auto& service : set.services) {
    groups.push_back(TRY(confinement.group(node::service_group(root, service))));
  }
  return board.publish({mode, groups, set.files});
}

// The first gate since somebody ended the last one, or since the machine was started.
Result<std::unique_ptr<GateWatch>> begin(const std::string& root, SharedBoard& board) {
  const auto disk = TRY(PosixDisk::at(root));
  TRY(node::Books::open(*disk));
  auto watch = TRY(GateWatch::begin(*disk, node::gate_paths::lock));
  TRY(publish_first(*disk, root, TRY(node::gate_mode(*disk)), board));
  TRY(watch->add(root, board));
  return watch;
}

// No threads here: processes are made by fork.
Result<void> run_gate(const Arguments& arguments, Output& output) {
  const auto root = TRY(absolute_folder(arguments.text("root")));
  const auto board = TRY(SharedBoard::create());
  auto watch = TRY(GateWatch::left_behind(*board));
  if (watch == nullptr) watch = TRY(begin(root, *board));
  std::fputs(("The gate of " + printable(root) + " is in " + std::string(word(board->terms().mode)) +
              " mode, process " + std::to_string(::getpid()) + ".\n")
                 .c_str(),
             stderr);
  tell_manager("READY=1");
  const GateCrew crew{[&](ExecEvents& events, const std::function<bool()>& go_on) {
                        node::answer_questions(events, *board, go_on);
                      },
                      [&](int custodian) { keep_books(root, *board, *watch, custodian); }};
  TRY(hold_watch(watch->watch(), *board, crew));
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
  if (counts.restarts != 0) output.field("restarts", std::to_string(counts.restarts));
  if (counts.overflows != 0) output.field("OVERFLOWS", std::to_string(counts.overflows) + ", locked down");
  output.json().number("denied", counts.denied).number("would_deny", counts.would_deny);
  output.json().number("unrecorded", counts.unrecorded).number("restarts", counts.restarts);
  output.json().number("overflows", counts.overflows);
}

Result<void> run_status(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto status = TRY(node::gate_status(world->disk()));
  std::string generations;
  output.field("mode", word(status.mode));
  output.field("custodian", "process " + std::to_string(status.custodian));
  output.json()
      .text("mode", word(status.mode))
      .number("custodian", static_cast<std::uint64_t>(status.custodian));
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
  return {};
}

Hole hole_of(const Attempt& attempt) {
  switch (attempt.end) {
    case AttemptEnd::refused:
      return {attempt.way, HoleState::closed, attempt.detail};
    case AttemptEnd::passed:
      return {attempt.way, HoleState::open, attempt.detail};
    case AttemptEnd::declared:
      return {attempt.way, HoleState::declared, attempt.detail};
    case AttemptEnd::not_tried:
      return {attempt.way, HoleState::not_applicable, attempt.detail};
  }
  return {attempt.way, HoleState::open, attempt.detail};
}

// From outside, and from inside of each service.
Result<std::vector<Hole>> probe(NodeWorld& world, const GateStatus& status) {
  std::string group;
  if (!status.services.empty()) group = node::service_group(world.root(), status.services[0].service);
  auto holes =
      TRY(probe_holes({world.root() + "/run/probe", "/proc/self/exe", [&] {
                         return !group.empty() && confine::join_group(group).force == Force::in_force;
                       }}));
  NamespaceGate confinement;
  for (const auto& attempt : TRY(node::try_ways({world.disk(), confinement, world.workers(), world.root(),
                                                 GroupNeed::required, status.custodian})))
    holes.push_back(hole_of(attempt));
  return holes;
}

// The ways that are open, none: empty.
std::string show_holes(const std::vector<Hole>& holes, Output& output) {
  std::string open;
  output.json().key("holes").begin_array();
  for (const auto& [way, state, detail] : holes) {
    output.field(word(state), way + ": " + detail);
    output.json()
        .begin_object()
        .text("way", way)
        .text("state", word(state))
        .text("detail", detail)
        .end_object();
    if (state == HoleState::open) open += (open.empty() ? "" : ", ") + way;
  }
  output.json().end_array();
  return open;
}

Result<void> run_probe(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto status = TRY(node::gate_status(world->disk()));
  output.field("mode", word(status.mode));
  output.json().text("mode", word(status.mode));
  const auto open = show_holes(TRY(probe(*world, status)), output);
  if (status.mode == GateMode::observe) output.line("In observe mode every attempt goes through.");
  auto event = world->event("node-gate-probe", "gate");
  event.checks.push_back({"mode", std::string(word(status.mode))});
  event.checks.push_back({"open", open.empty() ? "none" : open});
  return world->record(event, nullptr);
}

constexpr auto mode_pause = std::chrono::milliseconds(50);
constexpr int mode_tries_max = 200;

// When the gate has taken it in. gate_not_running: there is none to wait for.
Result<GateStatus> await_mode(Disk& disk, GateMode mode) {
  for (int tries = 1; tries <= mode_tries_max; ++tries) {
    auto status = TRY(node::gate_status(disk));
    if (status.mode == mode) return status;
    std::this_thread::sleep_for(mode_pause);
  }
  return Error(Code::gate_stalled, node::gate_paths::status, std::string(word(mode)), "another mode");
}

// Sets the mode and waits until a gate that runs has taken it in, so that the next command finds no status of a mode
// before. Nothing: no gate runs.
Result<std::optional<GateStatus>> put_in_force(Disk& disk, GateMode mode) {
  TRY(node::set_gate_mode(disk, mode));
  auto status = await_mode(disk, mode);
  if (status.ok()) return std::optional(std::move(status).value());
  if (status.error().code == Code::gate_not_running) return std::optional<GateStatus>();
  return status.take_error();
}

// Enforcing is not claimed while a way past it is open: then the mode is what it was.
Result<void> enforce_without_holes(NodeWorld& world, GateMode before, Output& output) {
  const auto status = put_in_force(world.disk(), GateMode::enforce);
  if (status.ok() && !status.value()) {
    output.line("No gate runs; nothing was tried.");
    return {};
  }
  const auto holes = status.ok() ? probe(world, *status.value()) : Result<std::vector<Hole>>(status.error());
  const auto open = holes.ok() ? show_holes(holes.value(), output) : std::string();
  if (holes.ok() && open.empty()) return {};
  const auto back = put_in_force(world.disk(), before);
  TRY(holes);
  TRY(back);
  Error error(Code::gate_hole_open, "gate", "every way past it closed", open);
  error.effect = "the mode is " + std::string(word(before)) + " as before";
  return error;
}

// A rehearsal changes no gate, so there is none in the new mode to wait for.
Result<void> change_mode(NodeWorld& world, const Arguments& arguments, Output& output, GateMode mode) {
  const auto before = TRY(node::gate_mode(world.disk()));
  if (arguments.rehearses()) {
    TRY(node::set_gate_mode(world.disk(), mode));
  } else if (mode == GateMode::enforce) {
    TRY(enforce_without_holes(world, before, output));
  } else {
    TRY(put_in_force(world.disk(), mode));
  }
  output.line("The gate's mode is " + std::string(word(mode)) + ".");
  output.json().text("mode", word(mode));
  return {};
}

Result<void> change_and_record(const Arguments& arguments, Output& output, GateMode mode) {
  const auto world = TRY(NodeWorld::open(arguments));
  auto changed = change_mode(*world, arguments, output, mode);
  auto event = world->event("node-gate-" + std::string(word(mode)), "gate");
  if (changed.ok()) event.effect = "the gate's mode is " + std::string(word(mode));
  TRY(world->record(event, changed.ok() ? nullptr : &changed.error()));
  return changed;
}

Result<void> run_observe(const Arguments& arguments, Output& output) {
  return change_and_record(arguments, output, GateMode::observe);
}

Result<void> run_enforce(const Arguments& arguments, Output& output) {
  return change_and_record(arguments, output, GateMode::enforce);
}

}  // namespace

std::vector<Command> node_gate_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  return {
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
       "Mode, generations and contents that may run, services that are asked about, and counts since the "
       "gate "
       "was started.",
       {"sallyport node gate status --root /var/lib/sallyport"},
       {},
       {root},
       run_status},
      {"node gate observe",
       "Let everything run and write down what enforce mode would deny",
       "A gate that runs follows within a second.",
       {"sallyport node gate observe --root /var/lib/sallyport"},
       {},
       {root, rehearse_option},
       run_observe},
      {"node gate probe",
       "Try the known ways past the gate on this host",
       "Harmless attempts, each in a process of its own, from outside and from inside of each service: "
       "closed, "
       "open,\n"
       "open as the release declares, or not applicable here, and by what.",
       {"sallyport node gate probe --root /var/lib/sallyport"},
       {},
       {root},
       run_probe},
      {"node gate enforce",
       "Deny what is of no generation that may run",
       "Where a gate runs, the ways past it are tried at once; if one is open, the mode stays what it was.",
       {"sallyport node gate enforce --root /var/lib/sallyport"},
       {},
       {root, rehearse_option},
       run_enforce},
  };
}

}  // namespace sallyport::cli
