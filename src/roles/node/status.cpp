// SPDX-License-Identifier: Apache-2.0
#include "roles/node/status.h"

#include "roles/node/papers.h"

namespace sallyport::node {
namespace {

std::optional<install::Generation> copy_of(const install::Generation* generation) {
  if (generation == nullptr) return std::nullopt;
  return *generation;
}

Result<void> add_services(const Ports& ports, StatusReport& report) {
  if (!report.active) return {};
  const auto list = services_of(ports.disk, *report.active);
  if (!list.ok()) {
    report.findings.push_back(list.error());
    return {};
  }
  for (const auto& service : list.value()) {
    auto state = TRY(ports.services.state(ports.root, service));
    report.services.push_back({service.name.text(), state});
  }
  return {};
}

}  // namespace

Result<StatusReport> status(const Ports& ports) {
  const auto books = TRY(Books::open(ports.disk));
  const auto& state = books.state();
  StatusReport report{state.identity,
                      books.policy().name,
                      books.policy().version,
                      copy_of(state.find(state.active)),
                      copy_of(state.previous()),
                      copy_of(state.unfinished()),
                      books.floors(),
                      {},
                      books.findings()};
  TRY(add_services(ports, report));
  return report;
}

}  // namespace sallyport::node
