// SPDX-License-Identifier: Apache-2.0
#include "roles/node/run.h"

#include <algorithm>
#include <array>
#include <csignal>

#include "core/format/interpreters.h"
#include "core/format/service_exceptions.h"
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

enum class Begins : std::uint8_t { as_script, otherwise };

// The file that a service is started from, as the kernel will read it.
Result<Begins> how_begins(Disk& disk, install::GenerationNumber generation, const std::string& program) {
  const auto file = TRY(disk.open(install::generation_path(generation) + "/tree" + program));
  std::array<std::uint8_t, 2> begin{};
  if (file->size() < begin.size()) return Begins::otherwise;
  TRY(file->read_at(0, begin));
  return begin[0] == '#' && begin[1] == '!' ? Begins::as_script : Begins::otherwise;
}

bool names(const std::vector<RelativePath>& paths, const std::string& program) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const RelativePath& path) { return "/" + path.text() == program; });
}

}  // namespace

Result<Confinement> confinement_of(const RunPorts& ports, install::GenerationNumber generation,
                                   const Tree& tree, const ServiceId& service_name) {
  auto service = TRY(find_service(tree, service_name));
  const auto& name = service_name.text();
  auto interpreters = interpreters_of(tree);
  const auto& program = service.argv.front();
  if (!has_exception(service, ServiceException::interpreters) &&
      (names(interpreters, program) ||
       TRY(how_begins(ports.disk, generation, program)) == Begins::as_script)) {
    service.exceptions.insert(service.exceptions.begin(), ServiceException::interpreters);
  }
  Confinement made{ports.root + "/" + install::generation_path(generation) + "/tree",
                   ports.root + "/data/" + name,
                   ports.root + "/log/" + name + ".log",
                   ports.root + "/run/" + name + ".lock",
                   std::move(service),
                   ports.root + "/" + config_path(generation),
                   {},
                   std::move(interpreters),
                   service_group(ports.root, service_name),
                   ports.group_need,
                   ports.custodian};
  for (const auto& config : tree.config) made.config.push_back(config.path);
  return made;
}

Result<RunningService> start_service(const RunPorts& ports, const ServiceId& name) {
  const auto verified = TRY(verify(ports.disk, std::nullopt, ports.workers));
  const auto confinement = TRY(confinement_of(ports, verified.generation, verified.release->tree, name));
  for (const char* folder : {"run", "log", "data"}) TRY(ports.disk.ensure_folder(folder));
  auto process = TRY(ports.gate.start(confinement));
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
