// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/intake.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/format/statement.h"
#include "core/trust/signatures.h"
#include "roles/operator/person.h"
#include "roles/operator/scan_list.h"
#include "roles/operator/scanner_check.h"

namespace sallyport::intake {
namespace {

constexpr std::size_t findings_max = 5000;
constexpr std::size_t findings_size_max = 2U << 20U;  // of the text; a statement holds 3 MiB
constexpr std::size_t detail_size_max = 200;
// An engine prints the time of its database without a zone, and may be east of us.
constexpr std::int64_t zone_seconds_max = 14 * 3600;

Result<IntakeId> find_intake(const Policy& policy, const PublicKey& key) {
  const auto* intake = policy.intake_of(key.id());
  if (intake != nullptr) return intake->id;
  return Error(Code::verdict_signer_unknown, "--key", "the key of an intake of the policy", key.id().text());
}

// Before anything is scanned: the keys at hand will make a verdict that counts.
Result<IntakeId> check_keys(const Policy& policy, const Ports& ports) {
  auto intake = TRY(find_intake(policy, ports.signer.public_key()));
  std::vector<SignatureKind> kinds{ports.signer.public_key().kind()};
  for (const auto* const signer : ports.further) {
    const auto key = signer->public_key();
    if (TRY(find_intake(policy, key)) != intake)
      return Error(Code::verdict_signer_unknown, "--key", "keys of " + intake.text(), key.id().text());
    kinds.push_back(key.kind());
  }
  TRY(trust::check_speaker(policy.signatures.statements, kinds).within("--key"));
  return intake;
}

Result<EngineRecord> ready_engine(Scanner& scanner, Instant now) {
  auto info = TRY(scanner.info());
  TRY(check_scanner(scanner));
  if (info.database_time > now.plus(zone_seconds_max))
    return Error(Code::scanner_failed, info.engine, "a database from before " + now.print(),
                 info.database_time.print());
  return EngineRecord{std::move(info.engine),
                      std::move(info.version),
                      std::move(info.database),
                      std::min(info.database_time, now),
                      0,
                      0};
}

// Collects findings up to what fits into a statement; how many were left out is a finding of its own.
class Findings {
 public:
  void add(Code code, const std::vector<std::string>& places, const FileDigest& digest,
           const std::string& detail) {
    const auto text = printable(detail).substr(0, detail_size_max);
    for (const auto& place : places) {
      size_ += place.size() + text.size() + 200;
      if (list_.size() >= findings_max || size_ > findings_size_max) {
        ++left_out_;
      } else {
        list_.push_back({std::string(name(code)), place, digest, text});
      }
    }
  }
  std::vector<Finding> take() {
    if (left_out_ > 0) {
      auto more = list_.back();
      more.where = "(" + std::to_string(left_out_) + " more)";
      more.detail = "not listed one by one";
      list_.push_back(std::move(more));
    }
    return std::move(list_);
  }

 private:
  std::vector<Finding> list_;
  std::size_t size_ = 0;
  std::size_t left_out_ = 0;
};

struct Totals {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

Totals totals_of(const std::vector<ScanItem>& items) {
  Totals totals;
  for (const auto& item : items) totals.bytes += item.size;
  totals.files = items.size();
  return totals;
}

// What counts as scanned is what was answered, never what was sent.
std::vector<Finding> evaluate(const std::vector<ScanItem>& items, const std::vector<ScannedItem>& scanned,
                              EngineRecord& engine) {
  Findings findings;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& [answer, digest, size] = scanned[i];
    if (answer.result == ScanResult::not_scanned) {
      findings.add(Code::scan_incomplete, items[i].places, digest, answer.detail);
      continue;
    }
    ++engine.files_scanned;
    engine.bytes_scanned += size;
    if (answer.result == ScanResult::found)
      findings.add(Code::malware_found, items[i].places, digest, answer.detail);
  }
  return findings.take();
}

std::string joined(const std::vector<std::string>& signers) {
  std::string text;
  for (const auto& signer : signers) text += (text.empty() ? "" : "; ") + signer;
  return text;
}

struct Scanned {
  Totals totals;
  EngineRecord engine;
  std::vector<Finding> findings;
};

Verdict make_verdict(const Submission& submission, const Package& package, const IntakeId& intake,
                     Scanned scanned) {
  const auto outcome = scanned.findings.empty() ? Outcome::clean : Outcome::not_clean;
  return {.package_name = submission.package_name,
          .package = package.digest,
          .release = package.release,
          .product = package.tree.product,
          .version = package.tree.version,
          .counter = package.tree.counter,
          .source = package.source,
          .signer = joined(package.signers),
          .policy = submission.policy.digest,
          .policy_version = submission.policy.version,
          .intake = intake,
          .time = submission.now,
          .files_total = scanned.totals.files,
          .bytes_total = scanned.totals.bytes,
          .engines = {std::move(scanned.engine)},
          .outcome = outcome,
          .findings = std::move(scanned.findings)};
}

Result<std::string> sign_verdict(const Verdict& verdict, const Ports& ports) {
  const auto payload = print_verdict(verdict);
  Envelope envelope{std::string(statement_payload_type), copy(as_bytes(payload)), {}};
  TRY(deploy::add_signature(envelope, statement_payload_type, ports.signer));
  for (auto* const signer : ports.further)
    TRY(deploy::add_signature(envelope, statement_payload_type, *signer));
  return print_envelope(envelope);
}

// What leaves is what everybody downstream will accept: the same check, before anyone else sees it.
Result<Sha256Digest> check_own(const std::string& envelope, const Submission& submission, Outcome outcome) {
  const auto issued = TRY(trust::verdict_as_issued(as_bytes(envelope), submission.policy, submission.now));
  if (outcome == Outcome::clean) TRY(trust::verdict(as_bytes(envelope), submission.policy, submission.now));
  return issued->digest;
}

}  // namespace

Result<Report> submit(const Submission& submission, const Ports& ports) {
  const auto intake = TRY(check_keys(submission.policy, ports));
  const WatchedSource file(submission.file, ports.progress);
  ports.progress.begin("verifying", file.size());
  const auto package = TRY(trust::package(file, submission.policy, submission.now, ports.workers));
  auto engine = TRY(ready_engine(ports.scanner, submission.now));

  const auto items = list_items(*package);
  ports.progress.begin("scanning", file.size());
  const auto answers = TRY(scan_items(file, *package, items, ports.scanner, ports.workers));
  auto findings = evaluate(items, answers, engine);
  auto verdict =
      make_verdict(submission, *package, intake, {totals_of(items), std::move(engine), std::move(findings)});
  auto envelope = TRY(sign_verdict(verdict, ports));
  const auto digest = TRY(check_own(envelope, submission, verdict.outcome));
  return Report{package, std::move(verdict), digest, std::move(envelope)};
}

Result<void> require_clean(const Verdict& verdict) {
  if (verdict.outcome == Outcome::clean) return {};
  const auto& all = verdict.findings;
  const auto worst = std::find_if(all.begin(), all.end(), [](const Finding& finding) {
    return finding.code == name(Code::malware_found);
  });
  if (worst != all.end()) return Error(Code::malware_found, worst->where, "no malware", worst->detail);
  return Error(Code::scan_incomplete, all.front().where, "a content that is scanned as a whole",
               all.front().detail);
}

}  // namespace sallyport::intake
