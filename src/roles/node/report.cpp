// SPDX-License-Identifier: Apache-2.0
#include "roles/node/report.h"

#include <algorithm>
#include <set>

#include "core/format/dsse.h"
#include "roles/node/books.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

std::vector<ReportedGeneration> generations_of(const install::State& state, const StatusReport& now) {
  std::vector<ReportedGeneration> all;
  for (const auto& [number, generation] : state.generations) {
    if (!install::is_kept(generation)) continue;
    const auto use = now.active && now.active->number == number       ? GenerationUse::active
                     : now.previous && now.previous->number == number ? GenerationUse::previous
                                                                      : GenerationUse::kept;
    const auto& origin = generation.origin;
    all.push_back({number, use, origin.package, origin.release, origin.product, origin.version});
  }
  // The oldest ones are left out.
  if (all.size() > reported_generations_max)
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(reported_generations_max));
  return all;
}

Result<std::vector<ReportedService>> services_of(const StatusReport& now) {
  std::vector<ReportedService> all;
  for (const auto& service : now.services) {
    auto name = TRY(ServiceId::parse(service.name));
    all.push_back({std::move(name),
                   service.state == ServiceState::running ? ReportedState::running : ReportedState::stopped});
  }
  std::sort(all.begin(), all.end(),
            [](const auto& one, const auto& other) { return one.service < other.service; });
  return all;
}

ReportedGate gate_of(const StatusReport& now) {
  if (!now.gate || now.gate->not_known) return ReportedGate::unknown;
  if (!now.gate->running) return ReportedGate::none;
  return now.gate->running->mode == GateMode::enforce ? ReportedGate::enforce : ReportedGate::observe;
}

std::vector<std::string> findings_of(const StatusReport& now) {
  std::set<std::string> codes;
  for (const auto& finding : now.findings) codes.emplace(name(finding.code));
  return {codes.begin(), codes.end()};
}

}  // namespace

Result<NodeReport> report(const Ports& ports) {
  const auto now = TRY(status(ports));
  const auto books = TRY(Books::open(ports.disk));
  // Where the log cannot be read a finding says so.
  const auto events = now.events.value_or(tlog::Head{0, tlog::empty_root()});
  auto services = TRY(services_of(now));
  const auto root = TRY(Sha256Digest::parse(events.root.text()));
  return NodeReport{.node = now.identity.node,
                    .pool = now.identity.pool,
                    .time = ports.now,
                    .policy = now.identity.policy,
                    .policy_version = now.policy_version,
                    .generations = generations_of(books.state(), now),
                    .services = std::move(services),
                    .gate = gate_of(now),
                    .recall = now.floors.recall,
                    .findings = findings_of(now),
                    .events = events.size,
                    .events_root = root};
}

Result<std::string> sign_report(const NodeReport& report, Signer& signer) {
  const auto payload = print_node_report(report);
  TRY(parse_node_report(as_bytes(payload)));
  auto signature = TRY(signer.sign(pre_authentication_encoding(node_report_payload_type, as_bytes(payload))));
  const Envelope envelope{std::string(node_report_payload_type),
                          copy(as_bytes(payload)),
                          {{signer.public_key().id(), std::move(signature)}}};
  return print_envelope(envelope);
}

}  // namespace sallyport::node
