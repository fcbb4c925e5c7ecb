// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <thread>

#include "adapters/confine/namespaces.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/node/gate_terms.h"
#include "roles/node/hold.h"
#include "roles/node/run.h"

namespace sallyport::cli {
namespace {

void show(const node::RunningService& running, const ServiceId& service, Output& output) {
  const auto pid = running.process->process().pid;
  output.json().number("generation", running.generation).number("pid", static_cast<std::uint64_t>(pid));
  output.json().key("coverage").begin_array();
  for (const auto& [facility, force, detail] : running.process->coverage()) {
    const std::string_view state = force == Force::in_force ? "in-force" : "not-available";
    output.json().begin_object().text("facility", facility).text("state", state).text("detail", detail);
    output.json().end_object();
  }
  output.json().end_array();
  if (output.form() == Form::json) return;
  // Now, and not when the service has ended.
  const auto line = service.text() + " runs as process " + std::to_string(pid) + ", generation " +
                    std::to_string(running.generation) + "\n";
  std::fputs(line.c_str(), stderr);
  for (const auto& [facility, force, detail] : running.process->coverage()) {
    const std::string_view state = force == Force::in_force ? "in force       " : "NOT AVAILABLE  ";
    std::fputs(("  " + std::string(state) + facility + ": " + printable(detail) + "\n").c_str(), stderr);
  }
}

constexpr auto gate_pause = std::chrono::milliseconds(50);
constexpr int gate_tries_max = 200;

// A gate that runs takes in what the journal says before anything of it is started: nothing listed is denied
// meanwhile, and all of it is known by its group. Its custodian's process, or 0 where no gate runs.
Result<int> await_gate(NodeWorld& world, Gate& gate, const ServiceId& name) {
  auto& disk = world.disk();
  for (int tries = 1; tries <= gate_tries_max; ++tries) {
    const auto admission = TRY(node::admission(disk));
    if (admission == node::Admission::no_gate) return 0;
    if (admission == node::Admission::admitted &&
        TRY(node::group_admission(disk, gate, world.root(), name)) == admission)
      return TRY(node::gate_status(disk)).custodian;
    std::this_thread::sleep_for(gate_pause);
  }
  return Error(Code::gate_stalled, node::gate_paths::status);
}

Result<node::RunningService> start(NodeWorld& world, Gate& gate, const ServiceId& name) {
  const int custodian = TRY(await_gate(world, gate, name));
  const auto need = custodian == 0 ? GroupNeed::wanted : GroupNeed::required;
  auto wanted = node::wanted_of_services(TRY(node::gate_orders(world.disk())));
  return node::start_service(
      {world.disk(), gate, world.workers(), world.root(), need, custodian, std::move(wanted)}, name);
}

Result<void> run_run(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto name = TRY(ServiceId::parse(arguments.text("SERVICE")));
  if (arguments.rehearses()) {
    TRY(node::admission(world->disk()));
    const auto generation = TRY(node::preview_service(world->disk(), world->workers(), name));
    output.line(name.text() + " would run from generation " + std::to_string(generation) + ".");
    output.json().number("generation", generation);
    return {};
  }
  NamespaceGate gate;
  auto started = attempt([&] { return start(*world, gate, name); });
  auto event = world->event("node-run", name.text());
  if (started.ok()) {
    event.checks = started.value().release.evidence().checks;
    event.effect = "started from generation " + std::to_string(started.value().generation);
  }
  TRY(world->record(event, started.ok() ? nullptr : &started.error()));
  auto running = TRY(std::move(started));
  show(running, name, output);
  auto ended = node::attend(running, name);
  if (ended.ok()) output.line(name.text() + " has ended.");
  return ended;
}

// The agent holds the node's lock while it starts something: short enough to wait for.
constexpr auto busy_pause = std::chrono::milliseconds(100);
constexpr int busy_tries_max = 100;

template <class Work>
Result<std::vector<node::ServiceOutcome>> patiently(const Work& work) {
  for (int tries = 1;; ++tries) {
    auto result = attempt(work);
    if (result.ok() || result.error().code != Code::node_busy || tries == busy_tries_max) return result;
    std::this_thread::sleep_for(busy_pause);
  }
}

using ServicesWork = Result<std::vector<node::ServiceOutcome>> (*)(const node::Ports&,
                                                                   const std::optional<ServiceId>&);

// One event for each service, or one for all of them when it did not come to that.
Result<std::vector<node::ServiceOutcome>> work_and_record(NodeWorld& world, const Arguments& arguments,
                                                          const std::string& activity, ServicesWork work) {
  std::optional<ServiceId> name;
  if (arguments.has("SERVICE")) name = TRY(ServiceId::parse(arguments.text("SERVICE")));
  auto outcomes = patiently([&] { return work(world.ports(), name); });
  if (!outcomes.ok()) {
    TRY(world.record(world.event(activity, name ? name->text() : "all services"), &outcomes.error()));
    return outcomes;
  }
  for (const auto& outcome : outcomes.value()) {
    if (!outcome.error && outcome.was == node::ServiceOutcome::Was::so_already) continue;
    auto event = world.event(activity, outcome.service.name.text());
    if (!outcome.error) event.effect = activity == "node-stop" ? "stopped and held" : "started";
    TRY(world.record(event, outcome.error ? &*outcome.error : nullptr));
  }
  return outcomes;
}

Result<void> run_start(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  // What a start does first of all, and nobody starts here.
  if (arguments.rehearses()) TRY(node::verify(world->disk(), std::nullopt, world->workers()));
  std::optional<Error> first;
  for (auto& [service, was, error] :
       TRY(work_and_record(*world, arguments, "node-start", node::start_services))) {
    if (!error && was == node::ServiceOutcome::Was::changed) {
      auto healthy = world->services().wait_healthy(world->root(), service);
      if (!healthy.ok()) error = healthy.take_error();
    }
    if (error) {
      if (!first) first = error;
      continue;
    }
    const bool already = was == node::ServiceOutcome::Was::so_already;
    output.line(service.name.text() + (already ? " is running already." : " is running and healthy."));
    output.json().text(service.name.text(), "running");
  }
  if (first) return *first;
  return {};
}

Result<void> run_stop(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  std::optional<Error> first;
  for (const auto& [service, was, error] :
       TRY(work_and_record(*world, arguments, "node-stop", node::stop_services))) {
    if (error) {
      if (!first) first = error;
      continue;
    }
    output.line(service.name.text() + " is stopped, and held until `node start`.");
    output.json().text(service.name.text(), "held");
  }
  if (first) return *first;
  return {};
}

}  // namespace

std::vector<Command> node_service_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  const Option service{"SERVICE", "", "A service of the active generation; without it, all of them"};
  return {
      {"node run",
       "Run a service so that only verified code can run in it",
       "Verifies the whole active generation again, then runs the service in the foreground, in a root of "
       "its own: the generation is\n"
       "read-only, whatever is writable is noexec, and nothing else of the host is there. docs/spec/run.md "
       "has the list.",
       {"sallyport node run mme --root /var/lib/sallyport"},
       {{"SERVICE", "", "A service of the active generation", Need::required}},
       {root, rehearse_option},
       run_run},
      {"node start",
       "Start the services of the active generation in the background",
       "Starts what does not run, each by `node run`, and waits until it is healthy. A hold of `node stop` "
       "ends.",
       {"sallyport node start --root /var/lib/sallyport"},
       {service},
       {root, rehearse_option},
       run_start},
      {"node stop",
       "Stop the services of the active generation",
       "Ends them with SIGTERM, and with SIGKILL when that does not help. They stay stopped, over restarts "
       "of the "
       "agent and of the\n"
       "machine, until `node start`, or until another generation is installed or returned to.",
       {"sallyport node stop --root /var/lib/sallyport"},
       {service},
       {root, rehearse_option},
       run_stop},
  };
}

}  // namespace sallyport::cli
