// SPDX-License-Identifier: Apache-2.0
#include "roles/node/run.h"

#include <algorithm>
#include <csignal>

#include "core/install/step.h"
#include "roles/node/config.h"
#include "roles/node/gate_terms.h"

namespace sallyport::node {
namespace {

Result<Service> find_service(const Tree& tree, const ServiceId& name) {
  const auto found = std::find_if(tree.services.begin(), tree.services.end(),
                                  [&](const Service& service) { return service.name == name; });
  if (found != tree.services.end()) return *found;
  std::string known;
  for (const auto& service : tree.services) known += (known.empty() ? "" : ", ") + service.name.text();
  return Error(Code::service_unknown, name.text(), known, name.text());
}

Confinement confinement_of(const RunPorts& ports, install::GenerationNumber generation, const Tree& tree,
                           Service service) {
  const auto service_name = service.name;
  const auto& name = service_name.text();
  Confinement made{ports.root + "/" + install::generation_path(generation) + "/tree",
                   ports.root + "/data/" + name,
                   ports.root + "/log/" + name + ".log",
                   ports.root + "/run/" + name + ".lock",
                   std::move(service),
                   ports.root + "/" + config_path(generation),
                   {},
                   service_group(ports.root, service_name),
                   ports.group_need};
  for (const auto& config : tree.config) made.config.push_back(config.path);
  return made;
}

}  // namespace

Result<RunningService> start_service(const RunPorts& ports, const ServiceId& name) {
  const auto verified = TRY(verify(ports.disk, std::nullopt, ports.workers));
  auto service = TRY(find_service(verified.release->tree, name));
  for (const char* folder : {"run", "log", "data"}) TRY(ports.disk.ensure_folder(folder));
  auto process = TRY(ports.gate.start(
      confinement_of(ports, verified.generation, verified.release->tree, std::move(service))));
  const RunRecord record{name, verified.generation, process->process(), process->coverage()};
  TRY(ports.disk.replace_file("run/" + name.text() + ".json", as_bytes(print_run_record(record)), 0600));
  return RunningService{verified.generation, verified.release, std::move(process)};
}

Result<install::GenerationNumber> preview_service(Disk& disk, Workers& workers, const ServiceId& name) {
  const auto verified = TRY(verify(disk, std::nullopt, workers));
  TRY(find_service(verified.release->tree, name));
  return verified.generation;
}

Result<void> attend(RunningService& running, const ServiceId& name) {
  const auto ended = TRY(running.process->wait());
  if (ended.how == ServiceEnd::exited && ended.number == 0) return {};
  const bool asked = ended.number == SIGTERM || ended.number == SIGINT;
  if (ended.how == ServiceEnd::killed && asked) return {};
  const std::string how = ended.how == ServiceEnd::exited ? "exit code " : "signal ";
  return Error(Code::service_ended, name.text(), "exit code 0", how + std::to_string(ended.number));
}

}  // namespace sallyport::node
