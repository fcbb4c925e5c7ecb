// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/evidence.h"

#include "core/format/dsse.h"
#include "core/format/json.h"
#include "core/format/policy.h"
#include "core/format/verdict.h"
#include "core/tlog/lines.h"
#include "roles/auditor/evidence_cases.h"
#include "roles/auditor/evidence_revocation.h"

namespace sallyport::auditor {
namespace {

struct Identity {
  std::string node;
  std::string pool;
};

Result<Identity> read_identity(Disk& node) {
  const auto bytes = TRY(node.read_small("node.json", 65536));
  const auto document = TRY(JsonDocument::parse(bytes, 65536, Code::trust_file_damaged));
  auto top = TRY(document.object());
  auto id = TRY(top.text("node", 64));
  auto pool = TRY(top.text("pool", 64));
  return Identity{std::move(id), std::move(pool)};
}

// The cases use the papers of a generation again: on a laboratory node, and tampered with. Papers that rest on a policy
// before would be refused for that alone.
Result<void> keep_those_under_policy_in_force(Disk& node, std::vector<KeptGeneration>& generations) {
  const auto in_force = sha256(TRY(node.read_small("policy.json", policy_size_max)));
  std::erase_if(generations, [&](const KeptGeneration& one) { return one.order_content.policy != in_force; });
  return {};
}

Result<void> cases_with_generation(CaseWorld& world) {
  TRY(tampered_package_cases(world));
  TRY(statement_cases(world));
  TRY(laboratory_node_cases(world));
  break_glass_case(world);
  return {};
}

Result<void> run_cases(CaseWorld& world, const std::string& why_none) {
  if (world.generations.empty()) {
    cases_without_generation(world, why_none);
  } else {
    TRY(cases_with_generation(world));
  }
  TRY(malware_cases(world));
  TRY(gate_case(world));
  return trust_file_cases(world);
}

constexpr std::uint64_t events_size_max = 256ULL << 20U;

Result<EvidenceStatement> conclude(const CaseWorld& world, const std::string& records_json) {
  const auto policy = TRY(parse_policy(TRY(world.ports.node.read_small("policy.json", policy_size_max))));
  const bool has_events = TRY(world.ports.node.find("events.jsonl")).has_value();
  const auto events =
      has_events ? TRY(world.ports.node.read_small("events.jsonl", events_size_max)) : Bytes();
  const tlog::LeafHashes event_tree(tlog::leaves_of_lines(as_text(events)));
  const auto events_root = TRY(tlog::root_of(event_tree, event_tree.size()));
  const auto root_digest = TRY(Sha256Digest::parse(events_root.text()));
  EvidenceStatement statement{{{"evidence.json", sha256(as_bytes(records_json))}},
                              world.node_id,
                              world.request.build,
                              policy.version,
                              policy.digest,
                              {},
                              describe(world.gate),
                              world.request.time,
                              {},
                              {},
                              {},
                              describe_log_rule(policy.log),
                              event_tree.size(),
                              root_digest};
  auto revocation = TRY(revocation_findings(world.ports.node, world.generations, world.request.time));
  statement.ending = ending_uses(policy);
  statement.lists = std::move(revocation.lists);
  statement.revocation = std::move(revocation.said);
  statement.ways = world.gate;
  for (const auto& transcript : world.laboratory.transcripts()) statement.subjects.push_back(transcript);
  for (const auto& kept : world.generations) statement.packages.push_back(kept.package_input);
  for (const auto& record : world.laboratory.records()) {
    auto& list = record.verdict == TestVerdict::pass   ? statement.passed
                 : record.verdict == TestVerdict::fail ? statement.failed
                                                       : statement.not_run;
    list.push_back(record.test);
  }
  return statement;
}

Result<void> write_signed(const EvidencePorts& ports, const EvidenceStatement& statement) {
  const auto payload = print_evidence_statement(statement);
  Envelope envelope{std::string(statement_payload_type), copy(as_bytes(payload)), {}};
  const auto message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  auto signature = TRY(ports.node_key.sign(message));
  envelope.signatures.push_back({ports.node_key.public_key().id(), std::move(signature)});
  TRY(ports.out.replace_file("node.pub", as_bytes(ports.node_key.public_key().pem()), 0644));
  return ports.out.replace_file("evidence.dsse", as_bytes(print_envelope(envelope)), 0644);
}

}  // namespace

Result<EvidenceRun> run_evidence(const EvidenceRequest& request, const EvidencePorts& ports) {
  auto generations = TRY(kept_generations(ports.node, request.root));
  const std::string why_none =
      generations.empty()
          ? "the node has no generation to make tampered twins of"
          : "what the node keeps came in under an earlier policy, and is refused for that alone";
  TRY(keep_those_under_policy_in_force(ports.node, generations));
  auto identity = TRY(read_identity(ports.node));
  for (const auto* folder : {"inputs", "transcripts"}) TRY(ports.out.ensure_folder(folder));
  Laboratory laboratory(ports.commands, ports.out, request.time);
  CaseWorld world{
      request, ports, laboratory, std::move(generations), std::move(identity.node), std::move(identity.pool)};
  TRY(run_cases(world, why_none));
  TRY(ports.out.remove_tree("laboratory"));
  const auto records_json = print_records(laboratory.records());
  const auto statement = TRY(conclude(world, records_json));
  TRY(ports.out.replace_file("evidence.json", as_bytes(records_json), 0644));
  TRY(write_signed(ports, statement));
  return EvidenceRun{laboratory.records(), statement};
}

}  // namespace sallyport::auditor
