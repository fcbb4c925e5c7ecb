// SPDX-License-Identifier: Apache-2.0
#include "roles/node/run.h"

#include <algorithm>
#include <array>
#include <csignal>

#include "core/format/interpreters.h"
#include "core/format/program_memory.h"
#include "core/format/service_exceptions.h"
#include "core/format/service_ways.h"
#include "core/gate/claim.h"
#include "core/install/step.h"
#include "roles/node/config.h"
#include "roles/node/gate_terms.h"
#include "roles/node/ways.h"

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

// What PR_SET_MDWE is not asked about: the kernel itself makes that memory when it starts such a program.
Result<std::vector<RelativePath>> writable_code_of(Disk& disk, install::GenerationNumber generation,
                                                   const Tree& tree) {
  std::vector<RelativePath> paths;
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::file || (entry.mode & 0111U) == 0) continue;
    const auto file = TRY(disk.open(install::generation_path(generation) + "/tree/" + entry.path.text()));
    if (TRY(program_memory(*file)) == ProgramMemory::writable_code) paths.push_back(entry.path);
  }
  return paths;
}

bool names(const std::vector<RelativePath>& paths, const std::string& program) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const RelativePath& path) { return "/" + path.text() == program; });
}

Result<void> find_closed(const RunPorts& ports, const Tree& tree, const Confinement& confinement) {
  if (ports.wanted_closed.empty()) return {};
  const auto& service = confinement.service;
  const auto opened = ways_opened(service, tree, ports.wanted_closed);
  if (!opened.empty()) {
    return Error(Code::exception_not_allowed, service.name.text(),
                 "no exception that opens a way that the policy wants closed", opened.front());
  }
  std::vector<Hole> holes;
  for (const auto& attempt : TRY(try_ways_of(ports, confinement))) holes.push_back(hole_of(attempt));
  const auto left = gate::not_closed(ports.wanted_closed, holes);
  if (left.empty()) return {};
  auto error = holes_left(left);
  error.where = service.name.text();
  return error;
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
  auto writable_code = TRY(writable_code_of(ports.disk, generation, tree));
  if (!has_exception(service, ServiceException::jit) && names(writable_code, program))
    return Error(Code::service_start_failed, program,
                 "a program without memory that is written and executed, or the exception jit of its service",
                 "an executable stack or segment");
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
                   ports.custodian,
                   std::move(writable_code)};
  for (const auto& config : tree.config) made.config.push_back(config.path);
  return made;
}

Result<RunningService> start_service(const RunPorts& ports, const ServiceId& name) {
  const auto verified = TRY(verify(ports.disk, std::nullopt, ports.workers));
  const auto confinement = TRY(confinement_of(ports, verified.generation, verified.release->tree, name));
  for (const char* folder : {"run", "log", "data"}) TRY(ports.disk.ensure_folder(folder));
  TRY(find_closed(ports, verified.release->tree, confinement));
  auto process = TRY(ports.gate.start(confinement));
  const RunRecord record{name, verified.generation, process->process(), process->coverage(),
                         ports.wanted_closed};
  TRY(ports.disk.replace_file("run/" + name.text() + ".json", as_bytes(print_run_record(record)), 0600));
  return RunningService{verified.generation, verified.release, std::move(process)};
}

Result<Admission> group_admission(Disk& disk, Gate& gate, const std::string& root, const ServiceId& name) {
  const auto status = TRY(gate_status(disk));
  const auto group = TRY(gate.group(service_group(root, name)));
  const GuardedService now{name, group};
  const bool known = std::find(status.services.begin(), status.services.end(), now) != status.services.end();
  return known ? Admission::admitted : Admission::not_yet;
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
