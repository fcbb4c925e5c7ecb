// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "adapters/confine/namespaces.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "roles/node/papers.h"
#include "roles/node/run.h"
#include "roles/node/status.h"

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

Result<void> run_run(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto name = TRY(ServiceId::parse(arguments.text("SERVICE")));
  NamespaceGate gate;
  auto started = node::start_service({world->disk(), gate, world->workers(), world->root()}, name);
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

// The services of the active generation, or the one that is named.
Result<std::vector<Service>> chosen_services(NodeWorld& world, const Arguments& arguments) {
  const auto report = TRY(node::status(world.ports()));
  if (!report.active) return Error(Code::nothing_active, world.root());
  auto services = TRY(node::services_of(world.disk(), *report.active));
  if (!arguments.has("SERVICE")) return services;
  const auto wanted = TRY(ServiceId::parse(arguments.text("SERVICE")));
  std::erase_if(services, [&](const Service& service) { return service.name != wanted; });
  if (services.empty()) return Error(Code::service_unknown, wanted.text());
  return services;
}

Result<void> start_one(NodeWorld& world, const Service& service, Output& output) {
  TRY(world.services().start(world.root(), service));
  TRY(world.services().wait_healthy(world.root(), service));
  output.line(service.name.text() + " is running and healthy.");
  output.json().text(service.name.text(), "running");
  return {};
}

Result<void> run_start(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  for (const auto& service : TRY(chosen_services(*world, arguments))) {
    if (TRY(world->services().state(world->root(), service)) == ServiceState::running) {
      output.line(service.name.text() + " is running already.");
      output.json().text(service.name.text(), "running");
      continue;
    }
    const auto result = start_one(*world, service, output);
    auto event = world->event("node-start", service.name.text());
    event.effect = result.ok() ? "started" : "nothing";
    TRY(world->record(event, result.ok() ? nullptr : &result.error()));
    TRY(result);
  }
  return {};
}

Result<void> run_stop(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  for (const auto& service : TRY(chosen_services(*world, arguments))) {
    const auto result = world->services().stop(world->root(), service);
    auto event = world->event("node-stop", service.name.text());
    event.effect = result.ok() ? "stopped" : "nothing";
    TRY(world->record(event, result.ok() ? nullptr : &result.error()));
    TRY(result);
    output.line(service.name.text() + " is stopped.");
    output.json().text(service.name.text(), "stopped");
  }
  return {};
}

}  // namespace

std::vector<Command> node_service_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  const Option service{"SERVICE", "", "A service of the active generation"};
  return {
      {"node run",
       "Run a service so that only verified code can run in it",
       "Verifies the whole active generation again, then runs the service in the foreground, in a root of "
       "its own: the generation is\n"
       "read-only, whatever is writable is noexec, and nothing else of the host is there. docs/spec/run.md "
       "has the list.",
       {"sallyport node run mme --root /var/lib/sallyport"},
       {{"SERVICE", "", "A service of the active generation", Need::required}},
       {root},
       run_run},
      {"node start",
       "Start the services of the active generation in the background",
       "Starts what does not run, each by `node run`, and waits until it is healthy.",
       {"sallyport node start --root /var/lib/sallyport"},
       {service},
       {root},
       run_start},
      {"node stop",
       "Stop the services of the active generation",
       "Ends them with SIGTERM, and with SIGKILL when that does not help.",
       {"sallyport node stop --root /var/lib/sallyport"},
       {service},
       {root},
       run_stop},
  };
}

}  // namespace sallyport::cli
