// SPDX-License-Identifier: Apache-2.0
#include "core/trust/verdict.h"

#include <algorithm>

#include "core/trust/foreign_verdict.h"
#include "core/trust/mint.h"
#include "core/trust/scan_exception.h"
#include "core/trust/signatures.h"

namespace sallyport::trust {
namespace {

constexpr std::int64_t seconds_per_day = 86400;
// Clocks of two machines differ a little; a verdict from further ahead is none yet.
constexpr std::int64_t clock_skew_seconds_max = 300;
// Databases carry local times.
constexpr std::int64_t zone_seconds_max = seconds_per_day;

// Every signature is by a key of one intake; how many there are, of which kinds, is for the policy to say.
Result<std::vector<const PublicKey*>> verify_by(const Intake& intake, const Envelope& envelope) {
  const auto signed_bytes = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  std::vector<const PublicKey*> made;
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    const auto& [id, signature] = envelope.signatures[i];
    const auto* key = intake.find_key(id);
    if (key == nullptr) {
      return Error(Code::verdict_signer_unknown, signature_place(i), "a key of " + intake.id.text(),
                   id.text());
    }
    TRY(key->verify(signed_bytes, signature, Code::verdict_signature_invalid));
    made.push_back(key);
  }
  return made;
}

struct Speaker {
  const Intake* intake;
  std::string algorithms;  // of the keys that signed
};

Result<Speaker> signing_intake(const Envelope& envelope, const Policy& policy, Instant at) {
  const auto& required = policy.signatures.statements;
  if (required.any_one() && envelope.signatures.size() != 1) {
    return Error(Code::envelope_malformed, "signatures", "exactly one on a verdict",
                 std::to_string(envelope.signatures.size()));
  }
  const auto& first = envelope.signatures.front();
  const auto* intake = policy.intake_of(first.key);
  if (intake == nullptr) {
    return Error(Code::verdict_signer_unknown, signature_place(0), "the key of an intake of the policy",
                 first.key.text());
  }
  Speaker speaker{intake, {}};
  std::vector<SignatureKind> made;
  for (const auto* const key : TRY(verify_by(*intake, envelope))) {
    TRY(check_algorithm_ends(policy.algorithm_ends, key->algorithm(), "intake " + intake->id.text(), at));
    speaker.algorithms += (made.empty() ? "" : ", ") + key->algorithm();
    made.push_back(key->kind());
  }
  TRY(check_speaker(required, made));
  return speaker;
}

template <class AnyVerdict>
Result<void> check_policy_of(const AnyVerdict& verdict, const Policy& policy) {
  if (verdict.policy_version > policy.version) {
    return Error(Code::policy_mismatch, "verdict.policy_version", "at most " + std::to_string(policy.version),
                 std::to_string(verdict.policy_version));
  }
  if (verdict.policy_version == policy.version && verdict.policy != policy.digest) {
    return Error(Code::policy_mismatch, "verdict.policy", policy.digest.text(), verdict.policy.text());
  }
  return {};
}

// Each exception is a statement that is verified here, whatever intake thought of it; each finding needs one, and each
// is needed.
Result<std::vector<ScanException>> prove_exceptions(const Verdict& verdict, const Policy& policy, Instant at,
                                                    Checks& passed) {
  std::vector<ScanException> exceptions;
  for (const auto& envelope : verdict.exceptions) {
    const auto proof = TRY(scan_exception(as_bytes(envelope), policy, at));
    const auto& e = proof->exception;
    passed.push_back({"EXCEPTION", e.name + ": " + e.engine + " says " + e.signature + "; until " +
                                       e.until.print() + ": " + e.reason});
    exceptions.push_back(e);
  }
  const auto about = [&](const ScanException& exception, const Finding& finding) {
    return covers(exception, finding, verdict.engines) == Covers::it;
  };
  for (const auto& finding : verdict.findings) {
    const bool covered = std::any_of(exceptions.begin(), exceptions.end(),
                                     [&](const ScanException& one) { return about(one, finding); });
    if (!covered)
      return Error(Code::scan_exception_invalid, finding.where, "an exception for this finding",
                   finding.code + ": " + finding.detail);
  }
  for (const auto& exception : exceptions) {
    const bool needed = std::any_of(verdict.findings.begin(), verdict.findings.end(),
                                    [&](const Finding& finding) { return about(exception, finding); });
    if (!needed)
      return Error(Code::scan_exception_invalid, exception.name, "a finding that it is about", "none");
  }
  return exceptions;
}

template <class OneVerdict>
Error first_finding(const OneVerdict& verdict) {
  const auto& first = verdict.findings.front();
  return Error(Code::verdict_not_clean, first.where, "clean", first.code + ": " + first.detail);
}

Result<CleanVerdict> proved_clean(const SignedVerdict& issued, const Policy& policy, Instant at,
                                  Checks& passed) {
  const auto& [verdict, digest] = issued;
  if (verdict.outcome == Outcome::not_clean) return first_finding(verdict);
  std::vector<ScanException> exceptions;
  if (verdict.outcome == Outcome::excepted) exceptions = TRY(prove_exceptions(verdict, policy, at, passed));
  return CleanVerdict{verdict, digest, std::move(exceptions)};
}

// Nothing runs by it, so nothing is excepted in it.
Result<CleanForeignVerdict> proved_clean(const SignedForeignVerdict& issued, const Policy&, Instant,
                                         Checks&) {
  const auto& [verdict, digest] = issued;
  if (verdict.outcome != Outcome::clean) return first_finding(verdict);
  return CleanForeignVerdict{verdict, digest};
}

std::string coverage_text(std::uint64_t files, std::uint64_t bytes) {
  return std::to_string(files) + " files, " + std::to_string(bytes) + " bytes";
}

template <class AnyVerdict>
Result<void> check_complete(const AnyVerdict& verdict) {
  for (const auto& engine : verdict.engines) {
    if (engine.files_scanned == verdict.files_total && engine.bytes_scanned == verdict.bytes_total) continue;
    return Error(Code::verdict_incomplete, engine.engine,
                 coverage_text(verdict.files_total, verdict.bytes_total),
                 coverage_text(engine.files_scanned, engine.bytes_scanned));
  }
  return {};
}

// Each that is there has looked at everything: check_complete.
template <class AnyVerdict>
Result<void> check_engines(const AnyVerdict& verdict, const VerdictRule& rule) {
  for (const auto& wanted : rule.engines) {
    const bool has_looked = std::any_of(verdict.engines.begin(), verdict.engines.end(),
                                        [&](const EngineRecord& record) { return record.engine == wanted; });
    if (has_looked) continue;
    std::string looked;
    for (const auto& record : verdict.engines) looked += (looked.empty() ? "" : ", ") + record.engine;
    return Error(Code::scan_engine_missing, "verdict.engines", wanted, looked);
  }
  return {};
}

Result<void> check_age(const std::string& what, Instant then, Instant now, std::uint32_t days_max) {
  if (now.seconds() - then.seconds() <= days_max * seconds_per_day) return {};
  return Error(Code::verdict_stale, what,
               "no older than " + std::to_string(days_max) + " days at " + now.print(), then.print());
}

template <class AnyVerdict>
Result<void> check_fresh(const AnyVerdict& verdict, const VerdictRule& rule, Instant at) {
  if (verdict.time > at.plus(clock_skew_seconds_max)) {
    return Error(Code::verdict_not_yet_issued, "verdict.time", "not after " + at.print(),
                 verdict.time.print());
  }
  TRY(check_age("verdict.time", verdict.time, at, rule.verdict_age_days_max));
  for (const auto& engine : verdict.engines) {
    if (engine.database_time > verdict.time.plus(zone_seconds_max)) {
      return Error(Code::verdict_not_yet_issued, engine.engine + ".database_time",
                   "not after " + verdict.time.print(), engine.database_time.print());
    }
    TRY(check_age(engine.engine + ".database_time", engine.database_time, verdict.time,
                  rule.database_age_days_max));
  }
  return {};
}

template <class AnyVerdict>
Evidence evidence_of(const AnyVerdict& verdict, const Speaker& speaker, const Policy& policy, Instant at) {
  Evidence evidence{at, policy.version, {}};
  evidence.checks.push_back(
      {"verdict signature", speaker.intake->id.text() + " (" + speaker.algorithms + ")"});
  evidence.checks.push_back({"verdict outcome", verdict.outcome == Outcome::not_clean
                                                    ? "not clean"
                                                    : std::string(word(verdict.outcome))});
  return evidence;
}

template <class AnyVerdict>
void add_scan_checks(Checks& passed, const AnyVerdict& verdict) {
  passed.push_back({"verdict age", "issued " + verdict.time.print()});
  for (const auto& engine : verdict.engines) {
    passed.push_back(
        {"scan coverage",
         engine.engine + ": " + coverage_text(engine.files_scanned, engine.bytes_scanned) + ", all"});
    passed.push_back({"scan database", engine.engine + " " + engine.version + ", database " +
                                           engine.database + " of " + engine.database_time.print()});
  }
}

// Signed, either by kind, and in the name of whoever signed.
template <class Signed, class AnyVerdict>
Result<Verified<Signed>> as_issued(BytesView envelope_json, Result<AnyVerdict> (*parse)(BytesView),
                                   const Policy& policy, Instant at) {
  const auto envelope = TRY(open_envelope(envelope_json));
  const auto speaker = TRY(signing_intake(envelope, policy, at));
  const auto* intake = speaker.intake;
  auto verdict = TRY(parse(envelope.payload));
  if (verdict.intake != intake->id) {
    return Error(Code::verdict_signer_unknown, "verdict.intake", intake->id.text(), verdict.intake.text());
  }
  auto evidence = evidence_of(verdict, speaker, policy, at);
  return Mint::verified(Signed{std::move(verdict), sha256(envelope.payload)}, std::move(evidence));
}

// And clean, complete and fresh.
template <class Clean, class Signed>
Result<Verified<Clean>> clean(const Verified<Signed>& issued, const Policy& policy, Instant at,
                              Checks& passed) {
  const auto passed_before = static_cast<std::ptrdiff_t>(passed.size());
  const auto& verdict = issued->verdict;
  passed.push_back(issued.evidence().checks.front());  // its signature
  TRY(check_policy_of(verdict, policy));
  auto proved = TRY(proved_clean(*issued, policy, at, passed));
  passed.push_back(issued.evidence().checks.back());  // its outcome
  TRY(check_complete(verdict));
  TRY(check_engines(verdict, policy.verdicts));
  TRY(check_fresh(verdict, policy.verdicts, at));
  add_scan_checks(passed, verdict);
  return Mint::verified(std::move(proved),
                        Evidence{at, policy.version, {passed.begin() + passed_before, passed.end()}});
}

}  // namespace

Result<Verified<SignedVerdict>> verdict_as_issued(BytesView envelope, const Policy& policy, Instant at) {
  return as_issued<SignedVerdict>(envelope, parse_verdict, policy, at);
}

Result<Verified<CleanVerdict>> verdict(BytesView envelope, const Policy& policy, Instant at, Checks& passed) {
  return clean<CleanVerdict>(TRY(verdict_as_issued(envelope, policy, at)), policy, at, passed);
}

Result<Verified<CleanVerdict>> verdict(BytesView envelope_json, const Policy& policy, Instant at) {
  Checks passed;
  return verdict(envelope_json, policy, at, passed);
}

Result<Verified<SignedForeignVerdict>> foreign_verdict_as_issued(BytesView envelope, const Policy& policy,
                                                                 Instant at) {
  return as_issued<SignedForeignVerdict>(envelope, parse_foreign_verdict, policy, at);
}

Result<Verified<CleanForeignVerdict>> foreign_verdict(BytesView envelope, const Policy& policy, Instant at) {
  Checks passed;
  return clean<CleanForeignVerdict>(TRY(foreign_verdict_as_issued(envelope, policy, at)), policy, at, passed);
}

Result<void> refuse_foreign_verdict(BytesView envelope_json) {
  const auto envelope = parse_envelope(envelope_json);
  if (!envelope.ok()) return {};
  const auto type = predicate_type_of(envelope.value().payload);
  if (!type.ok() || type.value() != foreign_verdict_predicate_type) return {};
  return Error(Code::package_foreign, "verdict", "a verdict about a package of our own profile",
               "a verdict about a package of another tool");
}

}  // namespace sallyport::trust
