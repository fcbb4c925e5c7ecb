// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "adapters/confine/namespaces.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
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

Event start_event(NodeWorld& world, const ServiceId& service, const Result<node::RunningService>& started) {
  auto event = world.event("node-run", service.text());
  if (!started.ok()) return event;
  const auto& release = started.value().release;
  event.signer = release->signers.empty() ? "" : release->signers.front();
  event.checks.push_back({"generation", "every file is the one that was signed"});
  event.effect = "service started from generation " + std::to_string(started.value().generation);
  return event;
}

Result<void> run_run(const Arguments& arguments, Output& output) {
  const auto service = TRY(ServiceId::parse(arguments.text("SERVICE")));
  const auto world = TRY(NodeWorld::open(arguments));
  NamespaceGate gate;
  auto started = node::start_service({world->disk(), gate, world->workers(), world->root()}, service);
  TRY(world->record(start_event(*world, service, started), started.ok() ? nullptr : &started.error()));
  auto running = TRY(std::move(started));
  show(running, service, output);
  TRY(node::attend(running, service));
  output.line(service.text() + " has ended.");
  return {};
}

}  // namespace

Command node_run_command() {
  return {
      "node run",
      "Run a service of the active generation, confined",
      "Verifies every file of the active generation against what the vendor signed, then starts the "
      "service so that only that\n"
      "code can run in it: the generation is read-only, whatever is writable is noexec, and nothing of the "
      "host can be reached.\n"
      "Stays in the foreground as the service's parent, and hands SIGTERM on. Its output goes to "
      "log/SERVICE.log of the root.",
      {"sallyport node run mme --root /var/lib/sallyport"},
      {{"SERVICE", "", "A service of the release", Need::required}},
      {{"root", "DIR", "The node's root folder", Need::required}},
      run_run};
}

}  // namespace sallyport::cli
