// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/running.h"

#include <algorithm>
#include <set>

#include "core/format/dsse.h"

namespace sallyport::intake {
namespace {

constexpr std::int64_t clock_skew_seconds_max = 300;

Result<const PinnedNodes::value_type*> pinned_for(BytesView envelope_json, const PinnedNodes& pinned) {
  const auto envelope = TRY(parse_envelope(envelope_json));
  for (const auto& one : pinned) {
    if (one.second.id() == envelope.signatures.front().key) return &one;
  }
  return Error(Code::signer_unknown, "report", "the key of a node of --node-keys",
               envelope.signatures.front().key.text());
}

Result<NodeReport> read_report(BytesView envelope, const PinnedNodes& pinned, Instant now) {
  const auto* const node = TRY(pinned_for(envelope, pinned));
  const auto proof = TRY(trust::node_report(envelope, node->second, now));
  if (proof->node != node->first)
    return Error(Code::signer_unknown, "report.node", node->first.text(), proof->node.text());
  if (proof->time > now.plus(clock_skew_seconds_max))
    return Error(Code::order_not_yet_valid, "report.time", "not after " + now.print(), proof->time.print());
  return *proof;
}

}  // namespace

Result<Fleet> read_fleet(const std::vector<ReportFile>& files, const PinnedNodes& pinned, Instant now) {
  Fleet fleet;
  for (const auto& file : files) {
    auto report = read_report(file.envelope, pinned, now);
    if (!report.ok() && kind_of(report.error().code) == Kind::fault) return report.take_error();
    if (!report.ok()) {
      fleet.refused.emplace_back(file.name, report.take_error());
      continue;
    }
    const auto known = fleet.reports.find(report.value().node);
    if (known == fleet.reports.end()) {
      const auto node = report.value().node;
      fleet.reports.emplace(node, std::move(report).value());
    } else if (known->second.time < report.value().time) {
      known->second = std::move(report).value();
    }
  }
  for (const auto& [node, key] : pinned) {
    if (!fleet.reports.contains(node)) fleet.silent.push_back(node);
  }
  return fleet;
}

std::vector<NodeHas> who_has(const Fleet& fleet, const Sha256Digest& package) {
  std::vector<NodeHas> all;
  for (const auto& [node, report] : fleet.reports) {
    for (const auto& generation : report.generations) {
      if (generation.package == package)
        all.push_back({node, report.pool, generation.number, generation.use, report.time});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const NodeHas& a, const NodeHas& b) { return a.use < b.use; });
  return all;
}

std::string runs_on(const Fleet& fleet, const PoolId& pool, const std::vector<Sha256Digest>& packages) {
  std::set<NodeId> nodes;
  for (const auto& package : packages) {
    for (const auto& one : who_has(fleet, package)) {
      if (one.pool == pool && one.use == GenerationUse::active) nodes.insert(one.node);
    }
  }
  std::string text;
  for (const auto& node : nodes) text += (text.empty() ? "" : ", ") + node.text();
  return text;
}

}  // namespace sallyport::intake
