// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <chrono>
#include <optional>
#include <thread>

#include "apps/sallyport/command.h"
#include "apps/sallyport/gate_probe.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/gate/claim.h"
#include "roles/node/gate_terms.h"

namespace sallyport::cli {
namespace {

std::vector<std::string> ways_open(const std::vector<Hole>& holes) {
  std::vector<std::string> open;
  for (const auto& hole : holes) {
    if (hole.state == HoleState::open) open.push_back(hole.way);
  }
  return open;
}

Result<void> run_probe(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto status = TRY(node::gate_status(world->disk()));
  const auto orders = TRY(node::gate_orders(world->disk()));
  const auto wanted = orders.rule ? orders.rule->closed : std::vector<std::string>();
  output.field("mode", word(status.mode));
  output.json().text("mode", word(status.mode)).text("mode_from", word(status.mode_from));
  output.json().key("wanted").begin_array();
  for (const auto& way : wanted) output.json().text(way);
  output.json().end_array();
  const auto holes = TRY(try_ways(*world, status));
  show_holes(holes, wanted, output);
  const auto open = ways_open(holes);
  if (status.mode == GateMode::observe) output.line("In observe mode every attempt goes through.");
  auto event = world->event("node-gate-probe", "gate");
  event.checks.push_back({"mode", std::string(word(status.mode))});
  event.checks.push_back({"open", open.empty() ? "none" : fmt::format("{}", fmt::join(open, ", "))});
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
  const auto holes =
      status.ok() ? try_ways(world, *status.value()) : Result<std::vector<Hole>>(status.error());
  if (holes.ok()) show_holes(holes.value(), {}, output);
  const auto open = holes.ok() ? ways_open(holes.value()) : std::vector<std::string>();
  if (holes.ok() && open.empty()) return {};
  const auto back = put_in_force(world.disk(), before);
  TRY(holes);
  TRY(back);
  Error error(Code::gate_hole_open, "gate", "every way past it closed",
              fmt::format("{}", fmt::join(open, ", ")));
  error.effect = "the mode is " + std::string(word(before)) + " as before";
  return error;
}

// Whoever says what the policy says is told whether it is so.
Result<void> follow_policy(NodeWorld& world, const node::GateOrders& orders, GateMode mode, Output& output) {
  if (auto fixed = node::check_mode(orders, mode)) return *std::move(fixed);
  output.line("The policy says so: " + describe(*orders.rule) + ".");
  output.json().text("mode", word(mode));
  const auto status = node::gate_status(world.disk());
  if (!status.ok() && status.error().code != Code::gate_not_running) return status.error();
  if (!status.ok()) {
    output.line("No gate runs.");
    return {};
  }
  if (mode == GateMode::observe) return {};
  const auto holes = TRY(try_ways(world, status.value()));
  show_holes(holes, orders.rule->closed, output);
  const auto left = gate::not_closed(orders.rule->closed, holes);
  if (!left.empty()) return node::holes_left(left);
  return {};
}

// A rehearsal changes no gate: the ways past it can be tried only where it enforces already.
Result<void> rehearse_mode(NodeWorld& world, GateMode before, GateMode mode, Output& output) {
  TRY(node::set_gate_mode(world.disk(), mode));
  const auto wanted = std::string(word(mode));
  output.line("Would set the gate's mode to " + wanted + "; it is " + std::string(word(before)) + ".");
  output.json().text("mode", wanted).text("mode_before", word(before));
  if (mode == GateMode::observe) return {};
  const auto status = node::gate_status(world.disk());
  if (!status.ok() && status.error().code != Code::gate_not_running) return status.error();
  if (!status.ok()) {
    output.line("No gate runs; nothing would be tried.");
    return {};
  }
  if (status.value().mode != GateMode::enforce) {
    output.line(
        "Would then try every way past the gate, and set the mode back to " + std::string(word(before)) +
        " if one is open. While the gate observes, every attempt goes through: nothing was tried now.");
    return {};
  }
  const auto holes = TRY(try_ways(world, status.value()));
  show_holes(holes, {}, output);
  const auto open = ways_open(holes);
  if (open.empty()) return {};
  return Error(Code::gate_hole_open, "gate", "every way past it closed",
               fmt::format("{}", fmt::join(open, ", ")));
}

Result<void> change_mode(NodeWorld& world, const Arguments& arguments, Output& output, GateMode mode) {
  const auto orders = TRY(node::gate_orders(world.disk()));
  if (orders.rule) return follow_policy(world, orders, mode, output);
  const auto before = TRY(node::gate_mode(world.disk()));
  if (arguments.rehearses()) return rehearse_mode(world, before, mode, output);
  if (mode == GateMode::enforce) {
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

std::vector<Command> node_gate_mode_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  return {
      {"node gate observe",
       "Let everything run and write down what enforce mode would deny",
       "A gate that runs follows within a second. Refused where the policy says that the gates of this "
       "node's pool "
       "enforce.",
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
       "Where a gate runs, the ways past it are tried at once; if one is open, the mode stays what it was. "
       "Where "
       "the policy says\nin which mode the gate is, that is the mode, and only the ways that it names count. "
       "With "
       "--dry-run the ways\nare tried only where the gate enforces already: while it observes, none is "
       "closed.",
       {"sallyport node gate enforce --root /var/lib/sallyport"},
       {},
       {root, rehearse_option},
       run_enforce},
  };
}

}  // namespace sallyport::cli
