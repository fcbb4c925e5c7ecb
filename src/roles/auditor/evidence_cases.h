// SPDX-License-Identifier: Apache-2.0
// The groups of cases of an evidence run; evidence.h says what they are for.
#pragma once

#include "adapters/signer/port.h"
#include "roles/auditor/evidence.h"
#include "roles/auditor/evidence_inputs.h"
#include "roles/auditor/laboratory.h"

namespace sallyport::auditor {

struct CaseWorld {
  const EvidenceRequest& request;
  const EvidencePorts& ports;
  Laboratory& laboratory;
  std::vector<KeptGeneration> generations;  // oldest first
  std::string node_id;
  std::string pool_id;
  GateEvidence gate = {};  // what gate_case() found

  // Where there is one.
  const KeptGeneration& newest() const { return generations.back(); }
  std::string out_path(const std::string& name) const { return request.out + "/" + name; }
};

// Below the output folder: a laboratory node that never gets a generation, and one that gets the untampered
// ones.
constexpr std::string_view fresh_node = "laboratory/fresh";
constexpr std::string_view working_node = "laboratory/node";

// A node with the identity and the policy of the one that is tested.
Result<void> init_laboratory_node(CaseWorld& world, const std::string& below);

// Tampered packages, at installation (a laboratory node without a generation) and at upgrade (the node
// itself).
Result<void> tampered_package_cases(CaseWorld& world);
// Verdicts and orders: who may say yes, and to what.
Result<void> statement_cases(CaseWorld& world);
// The untampered packages, in their order, on the laboratory node; then tampering with what was installed
// there.
Result<void> laboratory_node_cases(CaseWorld& world);
// In place of the three above and of the one about break-glass, on a node without a generation to try them with.
void cases_without_generation(CaseWorld& world, const std::string& reason);
// Malware, and the files that control the checks.
Result<void> malware_cases(CaseWorld& world);
Result<void> trust_file_cases(CaseWorld& world);
// Tries the known ways past the node's gate, by `node gate probe`; without a gate each of them is not run.
Result<void> gate_case(CaseWorld& world);
// The tiers of enforcement in force on the node, in words.
std::string describe(const GateEvidence& gate);
void break_glass_case(CaseWorld& world);

}  // namespace sallyport::auditor
