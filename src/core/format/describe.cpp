// SPDX-License-Identifier: Apache-2.0
#include "core/format/describe.h"

namespace sallyport {
namespace {

std::string joined(const std::vector<NodeId>& nodes) {
  std::string text;
  for (const auto& node : nodes) text += (text.empty() ? "" : ", ") + node.text();
  return text;
}

}  // namespace

std::vector<Field> order_fields(const Order& order) {
  // Names each field: an order with one more does not compile here until it is shown.
  const auto& [package_name, package, release, product, version, counter, verdict, policy, policy_version,
               pool, nodes, sequence, from, until, proposer, reason, kind] = order;
  return {{"kind", std::string(word(kind))},
          {"name", package_name},
          {"package", package.text()},
          {"release", release.text()},
          {"product", product.text()},
          {"version", version},
          {"counter", std::to_string(counter)},
          {"verdict", verdict.text()},
          {"policy", policy.text()},
          {"policy_version", std::to_string(policy_version)},
          {"pool", pool.text()},
          {"nodes", joined(nodes)},
          {"sequence", std::to_string(sequence)},
          {"from", from.print()},
          {"until", until.print()},
          {"proposer", proposer.text()},
          {"reason", reason}};
}

std::vector<Field> verdict_fields(const Verdict& verdict) {
  std::vector<Field> fields = {{"outcome", verdict.outcome == Outcome::clean ? "clean" : "not-clean"},
                               {"source", verdict.source.text()},
                               {"signer", verdict.signer},
                               {"intake", verdict.intake.text()},
                               {"time", verdict.time.print()},
                               {"coverage", std::to_string(verdict.files_total) + " files, " +
                                                std::to_string(verdict.bytes_total) + " bytes"}};
  for (const auto& engine : verdict.engines) {
    fields.push_back({"engine", engine.engine + ", " + engine.version + ", database " + engine.database +
                                    " of " + engine.database_time.print() + ", scanned " +
                                    std::to_string(engine.files_scanned) + " files, " +
                                    std::to_string(engine.bytes_scanned) + " bytes"});
  }
  for (const auto& finding : verdict.findings)
    fields.push_back({"finding", finding.code + " " + finding.where + " " + finding.detail});
  return fields;
}

}  // namespace sallyport
