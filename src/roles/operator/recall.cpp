// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/recall.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.h"
#include "core/format/scan_exception.h"
#include "core/trust/verdict.h"

namespace sallyport::deploy {
namespace {

// What is gathered from verdicts, in the order that a recall has it.
struct Gathered {
  std::map<FileDigest, std::string> contents;
  std::map<Sha256Digest, std::string> packages;
  std::map<std::string, std::string> engines;
  std::set<Sha256Digest> verdicts;
  std::string first;  // what was found first
};

// Who said so, of those who looked.
void add_engine(const Finding& finding, const Verdict& verdict, Gathered& gathered) {
  const auto said = words_of(finding, verdict.engines);
  if (!said) return;
  for (const auto& engine : verdict.engines) {
    if (engine.engine == said->engine) gathered.engines.try_emplace(engine.engine, engine.database);
  }
}

bool names_excepted_malware(const Verdict& verdict) {
  return verdict.outcome == Outcome::excepted &&
         std::any_of(verdict.findings.begin(), verdict.findings.end(),
                     [](const Finding& finding) { return finding.code == name(Code::malware_found); });
}

Error nothing_to_recall(const Verdict& verdict) {
  if (names_excepted_malware(verdict))
    return {Code::usage_error, "--verdict", "a verdict that names malware, without exceptions for it",
            verdict.package_name +
                ": persons have excepted what was found; a verdict made without --exception names it"};
  return {Code::usage_error, "--verdict", "a verdict that names malware",
          verdict.package_name + (verdict.outcome == Outcome::clean ? ": clean" : ": other findings")};
}

Result<void> add(const SignedVerdict& issued, Gathered& gathered) {
  const auto& verdict = issued.verdict;
  bool is_malware = false;
  for (const auto& finding : verdict.findings) {
    if (verdict.outcome != Outcome::not_clean) break;  // an exception says that it is none
    if (finding.code != name(Code::malware_found)) continue;
    is_malware = true;
    gathered.contents.try_emplace(finding.digest, subject_label(finding.where));
    add_engine(finding, verdict, gathered);
    if (gathered.first.empty()) gathered.first = finding.where + ": " + finding.detail;
  }
  if (!is_malware) return nothing_to_recall(verdict);
  gathered.packages.try_emplace(verdict.package, verdict.package_name);
  gathered.verdicts.insert(issued.digest);
  return {};
}

// For people: every node of the pool is given the recall, whatever it reports.
std::string reason_of(const RecallProposal& proposal, const Gathered& gathered) {
  const auto reason = printable(proposal.reason.empty() ? gathered.first : proposal.reason);
  if (!proposal.fleet) return reason.substr(0, recall_reason_size_max);
  std::vector<Sha256Digest> packages;
  for (const auto& [digest, label] : gathered.packages) packages.push_back(digest);
  const auto nodes = intake::runs_on(*proposal.fleet, proposal.pool, packages);
  const auto end =
      nodes.empty() ? std::string("; no node reports that it runs it") : "; reported to run on " + nodes;
  const auto room = recall_reason_size_max - std::min(end.size(), recall_reason_size_max / 2);
  return (reason.substr(0, room) + end).substr(0, recall_reason_size_max);
}

Recall recall_of(const RecallProposal& proposal, const Gathered& gathered) {
  const auto now = static_cast<std::uint64_t>(proposal.now.seconds()) * 1000 + proposal.milliseconds;
  Recall recall{{},
                {},
                proposal.pool,
                proposal.sequence.value_or(now),
                {},
                {gathered.verdicts.begin(), gathered.verdicts.end()},
                proposal.now,
                proposal.person,
                reason_of(proposal, gathered)};
  for (const auto& [digest, label] : gathered.contents) recall.contents.push_back({label, digest});
  for (const auto& [digest, label] : gathered.packages) recall.packages.push_back({label, digest});
  for (const auto& [engine, database] : gathered.engines) recall.engines.push_back({engine, database});
  return recall;
}

}  // namespace

ProveMotion prove_recall(const Policy& policy, Instant now) {
  return [&policy, now](BytesView envelope) -> Result<OpenMotion> {
    const auto proposed = TRY(trust::recall_as_proposed(envelope, policy, now));
    return OpenMotion{proposed->recall.pool, proposed->recall.proposer, proposed->motion};
  };
}

Result<ProposedRecallFile> propose_recall(const RecallProposal& proposal, Signer& signer) {
  Gathered gathered;
  for (const auto& file : proposal.verdicts)
    TRY(add(*TRY(trust::verdict_as_issued(file, proposal.policy, proposal.now)), gathered));
  auto recall = recall_of(proposal, gathered);
  auto payload = print_recall(recall);
  TRY(parse_recall(as_bytes(payload)));
  auto signed_file =
      TRY(propose_motion({proposal.policy, proposal.pool, proposal.person, std::move(payload), proposal.now},
                         prove_recall(proposal.policy, proposal.now), signer));
  return ProposedRecallFile{std::move(recall), signed_file.motion.digest, std::move(signed_file.envelope)};
}

}  // namespace sallyport::deploy
