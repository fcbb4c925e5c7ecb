// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/conclude.h"

#include <algorithm>
#include <utility>

#include "core/crypto/file_digest.h"
#include "core/format/statement.h"
#include "core/trust/foreign_verdict.h"
#include "core/trust/signatures.h"
#include "roles/operator/person.h"

namespace sallyport::intake {
namespace {

constexpr std::int64_t seconds_per_day = 86400;

Result<IntakeId> find_intake(const Policy& policy, const PublicKey& key) {
  const auto* intake = policy.intake_of(key.id());
  if (intake != nullptr) return intake->id;
  return Error(Code::verdict_signer_unknown, "--key", "the key of an intake of the policy", key.id().text());
}

Error implausible(std::string where, std::string expected, std::string found) {
  return {Code::examiner_failed, std::move(where), std::move(expected), std::move(found)};
}

template <class OneVerdict>
Result<void> check_engines(const OneVerdict& draft, const std::vector<EngineInfo>& engines) {
  if (draft.engines.size() != engines.size())
    return implausible("engines", std::to_string(engines.size()), std::to_string(draft.engines.size()));
  for (std::size_t i = 0; i < engines.size(); ++i) {
    const auto& said = draft.engines[i];
    if (said.engine != engines[i].engine) return implausible("engines", engines[i].engine, said.engine);
    if (said.files_scanned > draft.files_total || said.bytes_scanned > draft.bytes_total)
      return implausible(said.engine, "no more than there is", "more");
  }
  return {};
}

// The kinds that the policy asks of the source, each by a key of the kind: nothing that is not asked for gets listed.
Result<void> check_attestations(const Verdict& draft, const Policy& policy) {
  const auto source = policy.sources.find(draft.source);
  if (source == policy.sources.end()) return implausible("source", "one of the policy", draft.source.text());
  const auto& rules = source->second.attestations;
  if (draft.attestations.size() != rules.size())
    return implausible("attestations", std::to_string(rules.size()),
                       std::to_string(draft.attestations.size()));
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& said = draft.attestations[i];
    const auto& keys = rules[i].keys;
    const bool known =
        std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) { return key.id() == said.key; });
    if (said.predicate_type != rules[i].predicate_type || !known)
      return implausible("attestations", "those that the policy asks for", said.predicate_type);
  }
  return {};
}

Result<void> check_attestations(const ForeignVerdict&, const Policy&) {
  return {};  // such a package brings none that count
}

// Everything that is not for the examiner to say.
void forget_exceptions(Verdict& draft) {
  draft.exceptions.clear();
  if (draft.outcome == Outcome::excepted) draft.outcome = Outcome::not_clean;
}
// One about a package of another tool has none: nothing runs by it.
void forget_exceptions(ForeignVerdict&) {}
void except(ForeignVerdict&, const std::vector<GivenException>&) {}

template <class OneVerdict>
void put_known(OneVerdict& draft, const Known& known) {
  forget_exceptions(draft);
  draft.package_name = known.package_name;
  draft.policy = known.policy.digest;
  draft.policy_version = known.policy.version;
  draft.intake = known.intake;
  draft.time = known.now;
  for (std::size_t i = 0; i < known.engines.size(); ++i) {
    draft.engines[i].version = known.engines[i].version;
    draft.engines[i].database = known.engines[i].database;
    draft.engines[i].database_time = known.engines[i].database_time;
  }
}

// Of no content.
Finding finding_of(Code code, const EngineInfo& engine, std::string detail) {
  return {std::string(name(code)), engine.engine, file_digest({}), std::move(detail)};
}

// Whoever calls everything clean, or knows nothing of the last weeks, has said nothing about these contents.
template <class OneVerdict>
void judge_databases(OneVerdict& draft, const Known& known) {
  const auto days_max = known.policy.verdicts.database_age_days_max;
  for (const auto& engine : known.engines) {
    if (engine.self_test == SelfTest::finds_nothing)
      draft.findings.push_back(finding_of(Code::scanner_failed, engine,
                                          "it does not find the EICAR test file; is its database loaded?"));
    if (known.now.seconds() - engine.database_time.seconds() > days_max * seconds_per_day)
      draft.findings.push_back(finding_of(Code::verdict_stale, engine,
                                          "its database is of " + engine.database_time.print() +
                                              ", older than " + std::to_string(days_max) + " days"));
  }
  if (!draft.findings.empty()) draft.outcome = Outcome::not_clean;
}

Result<std::string> sign_payload(const std::string& payload, const Speakers& speakers) {
  Envelope envelope{std::string(statement_payload_type), copy(as_bytes(payload)), {}};
  TRY(deploy::add_signature(envelope, statement_payload_type, speakers.signer));
  for (auto* const signer : speakers.further)
    TRY(deploy::add_signature(envelope, statement_payload_type, *signer));
  return print_envelope(envelope);
}

// What leaves is what everybody downstream will accept: the same check, before anyone else sees it.
Result<Sha256Digest> check_own(BytesView envelope, const Known& known, const Verdict& verdict) {
  const auto issued = TRY(trust::verdict_as_issued(envelope, known.policy, known.now));
  if (verdict.outcome != Outcome::not_clean) TRY(trust::verdict(envelope, known.policy, known.now));
  return issued->digest;
}
Result<Sha256Digest> check_own(BytesView envelope, const Known& known, const ForeignVerdict& verdict) {
  const auto issued = TRY(trust::foreign_verdict_as_issued(envelope, known.policy, known.now));
  if (verdict.outcome == Outcome::clean) TRY(trust::foreign_verdict(envelope, known.policy, known.now));
  return issued->digest;
}

// Only what was allowed is passed over. Whether it had to be is the examiner's word.
Result<void> check_tolerated(const ForeignVerdict& draft, const Tolerances& allowed) {
  for (const auto& one : draft.tolerated) {
    if (!allowed.contains(one.what))
      return implausible("tolerated", "what --tolerate names", std::string(name(one.what)));
  }
  return {};
}
Result<void> check_tolerated(const Verdict&, const Tolerances&) {
  return {};
}

std::string print(const Verdict& verdict) {
  return print_verdict(verdict);
}
std::string print(const ForeignVerdict& verdict) {
  return print_foreign_verdict(verdict);
}

template <class OneVerdict>
Result<ConclusionAbout<OneVerdict>> conclude_one(OneVerdict draft, const Known& known,
                                                 const Speakers& speakers) {
  if (draft.package != known.package)
    return implausible(known.package_name, known.package.text(), draft.package.text());
  TRY(check_engines(draft, known.engines));
  TRY(check_attestations(draft, known.policy));
  TRY(check_tolerated(draft, known.tolerances));
  put_known(draft, known);
  judge_databases(draft, known);
  except(draft, known.exceptions);
  auto envelope = TRY(sign_payload(print(draft), speakers));
  const auto digest = TRY(check_own(as_bytes(envelope), known, draft));
  return ConclusionAbout<OneVerdict>{std::move(draft), digest, std::move(envelope)};
}

}  // namespace

Result<IntakeId> check_keys(const Policy& policy, const Speakers& speakers) {
  auto intake = TRY(find_intake(policy, speakers.signer.public_key()));
  std::vector<SignatureKind> kinds{speakers.signer.public_key().kind()};
  for (const auto* const signer : speakers.further) {
    const auto key = signer->public_key();
    if (TRY(find_intake(policy, key)) != intake)
      return Error(Code::verdict_signer_unknown, "--key", "keys of " + intake.text(), key.id().text());
    kinds.push_back(key.kind());
  }
  TRY(trust::check_speaker(policy.signatures.statements, kinds).within("--key"));
  return intake;
}

Result<Conclusion> conclude(Verdict draft, const Known& known, const Speakers& speakers) {
  return conclude_one(std::move(draft), known, speakers);
}

Result<ConclusionAbout<AnyVerdict>> conclude_any(AnyVerdict draft, const Known& known,
                                                 const Speakers& speakers) {
  return std::visit(
      [&](auto& one) -> Result<ConclusionAbout<AnyVerdict>> {
        auto done = TRY(conclude_one(std::move(one), known, speakers));
        return ConclusionAbout<AnyVerdict>{std::move(done.verdict), done.digest, std::move(done.envelope)};
      },
      draft);
}

const Finding& worst_of(const std::vector<Finding>& findings) {
  const auto worst = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.code == name(Code::malware_found);
  });
  return worst == findings.end() ? findings.front() : *worst;
}

namespace {

Error refusal_for(const Finding& worst) {
  const auto code = find_code(worst.code).value_or(Code::scan_incomplete);
  const bool of_engine = code == Code::scanner_failed || code == Code::verdict_stale;
  return {code, worst.where,
          of_engine                     ? "an engine with a database that counts"
          : code == Code::malware_found ? "no malware"
                                        : "a content that is clean",
          worst.detail};
}

Result<void> require_none(const std::vector<Finding>& all) {
  if (all.empty()) return {};
  return refusal_for(worst_of(all));
}

}  // namespace

// There are no findings exactly where the outcome is clean: verdicts that say otherwise are not read.
Result<void> require_clean(const Verdict& verdict, const std::vector<GivenException>& given) {
  if (verdict.outcome == Outcome::excepted || verdict.findings.empty()) return {};
  const auto left = left_open(verdict, given);
  if (!left.findings.empty()) return refusal_for(worst_of(left.findings));
  auto error = refusal_for(worst_of(verdict.findings));
  error.expected =
      "exceptions for all that the engines were heard to find, also where the verdict has it not";
  return error;
}

Result<void> require_clean(const ForeignVerdict& verdict) {
  return require_none(verdict.findings);
}

}  // namespace sallyport::intake
