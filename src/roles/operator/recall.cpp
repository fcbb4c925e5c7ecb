// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/recall.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.h"
#include "core/format/scan_exception.h"
#include "core/trust/verdict.h"
#include "roles/operator/scan_exceptions.h"

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

// Those that persons of the pool have signed, and whether each was about something.
struct Exceptions {
  std::vector<intake::GivenException> given;
  std::vector<bool> used;
};

Result<Exceptions> exceptions_of(const RecallProposal& proposal) {
  auto given = TRY(intake::prove_exceptions(proposal.exceptions, proposal.policy, proposal.now));
  for (const auto& one : given) {
    if (one.exception.pool != proposal.pool)
      return Error(Code::usage_error, "--exception", "one for the pool " + proposal.pool.text(),
                   "for " + one.exception.pool.text());
  }
  std::vector<bool> used(given.size(), false);
  return Exceptions{std::move(given), std::move(used)};
}

Result<void> check_used(const Exceptions& exceptions) {
  const auto idle = std::find(exceptions.used.begin(), exceptions.used.end(), false);
  if (idle == exceptions.used.end()) return {};
  const auto& one = exceptions.given[static_cast<std::size_t>(idle - exceptions.used.begin())].exception;
  return Error(Code::usage_error, "--exception", "one about a finding of the verdicts",
               one.engine + ": " + printable(one.signature) + ", content " + one.content.text());
}

bool is_excepted(const Finding& finding, const Verdict& verdict, Exceptions& exceptions) {
  bool found = false;
  for (std::size_t i = 0; i < exceptions.given.size(); ++i) {
    if (covers(exceptions.given[i].exception, finding, verdict.engines) != Covers::it) continue;
    exceptions.used[i] = true;
    found = true;
  }
  return found;
}

bool names_excepted_malware(const Verdict& verdict, const Exceptions& exceptions) {
  return (verdict.outcome == Outcome::excepted || !exceptions.given.empty()) &&
         std::any_of(verdict.findings.begin(), verdict.findings.end(),
                     [](const Finding& finding) { return finding.code == name(Code::malware_found); });
}

Error nothing_to_recall(const Verdict& verdict, const Exceptions& exceptions) {
  if (names_excepted_malware(verdict, exceptions))
    return {Code::usage_error, "--verdict", "a verdict that names malware, without exceptions for it",
            verdict.package_name +
                ": persons have excepted what was found; a verdict made without --exception names it"};
  return {Code::usage_error, "--verdict", "a verdict that names malware",
          verdict.package_name + (verdict.outcome == Outcome::clean ? ": clean" : ": other findings")};
}

Result<void> add(const SignedVerdict& issued, Exceptions& exceptions, Gathered& gathered) {
  const auto& verdict = issued.verdict;
  bool is_malware = false;
  for (const auto& finding : verdict.findings) {
    if (verdict.outcome != Outcome::not_clean) break;  // an exception says that it is none
    if (finding.code != name(Code::malware_found) || is_excepted(finding, verdict, exceptions)) continue;
    is_malware = true;
    gathered.contents.try_emplace(finding.digest, subject_label(finding.where));
    add_engine(finding, verdict, gathered);
    if (gathered.first.empty()) gathered.first = finding.where + ": " + finding.detail;
  }
  if (!is_malware) return nothing_to_recall(verdict, exceptions);
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
  auto exceptions = TRY(exceptions_of(proposal));
  for (const auto& file : proposal.verdicts)
    TRY(add(*TRY(trust::verdict_as_issued(file, proposal.policy, proposal.now)), exceptions, gathered));
  TRY(check_used(exceptions));
  auto recall = recall_of(proposal, gathered);
  auto payload = print_recall(recall);
  TRY(parse_recall(as_bytes(payload)));
  auto signed_file =
      TRY(propose_motion({proposal.policy, proposal.pool, proposal.person, std::move(payload), proposal.now},
                         prove_recall(proposal.policy, proposal.now), signer));
  return ProposedRecallFile{std::move(recall), signed_file.motion.digest, std::move(signed_file.envelope)};
}

}  // namespace sallyport::deploy
