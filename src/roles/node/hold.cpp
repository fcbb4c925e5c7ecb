// SPDX-License-Identifier: Apache-2.0
#include "roles/node/hold.h"

#include "roles/node/execute.h"
#include "roles/node/gate_terms.h"

namespace sallyport::node {
namespace {

using Was = ServiceOutcome::Was;

// By the records of what was started: to end it takes no more than its name.
Result<std::vector<Service>> started_once(Disk& disk) {
  constexpr std::string_view ending = ".json";
  std::vector<Service> services;
  for (const auto& file : TRY(disk.list("run"))) {
    if (!file.ends_with(ending)) continue;
    const auto name = ServiceId::parse(file.substr(0, file.size() - ending.size()));
    if (name.ok()) services.push_back({name.value(), {}, 0, 0, {}, {}, {}, {}, {}, {}});
  }
  return services;
}

enum class Damaged : std::uint8_t { refuse, use_records };

Result<std::vector<Service>> chosen(const Ports& ports, const Books& books,
                                    const std::optional<ServiceId>& name, Damaged damaged) {
  const auto* active = books.state().find(books.state().active);
  if (active == nullptr) return Error(Code::nothing_active, "the node", "an active generation", "none");
  auto list = services_of(ports.disk, *active);
  const bool refused = !list.ok() && kind_of(list.error().code) == Kind::refused;
  if (refused && damaged == Damaged::use_records) list = started_once(ports.disk);
  auto services = TRY(std::move(list));
  if (!name) return services;
  std::string known;
  for (const auto& service : services) known += (known.empty() ? "" : ", ") + service.name.text();
  std::erase_if(services, [&](const Service& service) { return service.name != *name; });
  if (services.empty()) return Error(Code::service_unknown, name->text(), known, name->text());
  return services;
}

Result<void> put_in_order(const Ports& ports, Books& books) {
  std::vector<Error> restart_errors;
  TRY(settle(ports, books, restart_errors).within("putting the node in order"));
  return {};
}

Result<void> start_one(const Ports& ports, Books& books, ServiceOutcome& outcome) {
  const auto state = TRY(ports.services.state(ports.root, outcome.service));
  const bool held = books.state().held.contains(outcome.service.name);
  if (state == ServiceState::running && !held) outcome.was = Was::so_already;
  if (state != ServiceState::running) {
    TRY(admission(ports.disk, books));
    TRY(ports.services.start(ports.root, outcome.service));
  }
  // Afterwards: a start that is refused has changed nothing.
  if (held) TRY(books.append({ports.now, install::Released{outcome.service.name}}));
  return {};
}

}  // namespace

Result<std::vector<ServiceOutcome>> stop_services(const Ports& ports, const std::optional<ServiceId>& name) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  const auto services = TRY(chosen(ports, books, name, Damaged::use_records));
  TRY(books.mend());
  std::vector<ServiceOutcome> outcomes;
  for (const auto& service : services) {
    const bool held = books.state().held.contains(service.name);
    if (!held) TRY(books.append({ports.now, install::Held{service.name}}));
    const auto state = ports.services.state(ports.root, service);
    const bool stopped = state.ok() && state.value() == ServiceState::stopped;
    outcomes.push_back({service, held && stopped ? Was::so_already : Was::changed, {}});
  }
  // Now that they are held it starts none of them.
  TRY(put_in_order(ports, books));
  for (auto& outcome : outcomes) {
    auto stopped = ports.services.stop(ports.root, outcome.service);
    if (!stopped.ok()) outcome.error = stopped.take_error();
  }
  return outcomes;
}

Result<std::vector<ServiceOutcome>> start_services(const Ports& ports, const std::optional<ServiceId>& name) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  const auto services = TRY(chosen(ports, books, name, Damaged::refuse));
  TRY(put_in_order(ports, books));
  std::vector<ServiceOutcome> outcomes;
  for (const auto& service : services) {
    ServiceOutcome outcome{service, Was::changed, {}};
    auto started = start_one(ports, books, outcome);
    if (!started.ok()) outcome.error = started.take_error();
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace sallyport::node
