// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/examine.h"

#include "core/base/text.h"
#include "roles/operator/draft.h"
#include "roles/operator/findings.h"
#include "roles/operator/scan_list.h"

namespace sallyport::intake {

std::string joined(const std::vector<std::string>& signers) {
  std::string text;
  for (const auto& signer : signers) text += (text.empty() ? "" : "; ") + signer;
  return text;
}

std::vector<EngineRecord> records_of(std::vector<EngineInfo> infos) {
  std::vector<EngineRecord> records;
  for (auto& info : infos)
    records.push_back({std::move(info.engine), std::move(info.version), std::move(info.database),
                       info.database_time, 0, 0});
  return records;
}

// What counts as scanned is what was answered, never what was sent.
std::vector<Finding> evaluate(const std::vector<ScanItem>& items, const std::vector<ScannedItem>& scanned,
                              std::vector<EngineRecord>& engines) {
  Findings findings;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& [looked, digest, size] = scanned[i];
    CHECK(looked.answers.size() == engines.size());
    for (std::size_t e = 0; e < engines.size(); ++e) {
      if (looked.answers[e].result == ScanResult::not_scanned) continue;
      ++engines[e].files_scanned;
      engines[e].bytes_scanned += size;
    }
    findings.add(items[i].places, digest, engines, looked);
  }
  return findings.take();
}

namespace {

Verdict draft_of(const Submission& submission, const Package& package, const IntakeId& intake) {
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
          .files_total = 0,
          .bytes_total = 0,
          .engines = {},
          .outcome = Outcome::not_clean,
          .findings = {},
          .attestations = package.attestations};
}

}  // namespace

Result<Examination> examine(const Submission& submission, const IntakeId& intake, const Party& party,
                            Workers& workers, Progress& progress) {
  const WatchedSource file(submission.file, progress);
  progress.begin("verifying", file.size());
  const auto package = TRY(trust::package(file, submission.policy, submission.now, workers));
  return look_through(submission, package, intake, party, workers, progress);
}

Result<Examination> look_through(const Submission& submission, const Verified<Package>& package,
                                 const IntakeId& intake, const Party& party, Workers& workers,
                                 Progress& progress) {
  const WatchedSource file(submission.file, progress);
  const auto items = list_items(*package);
  progress.begin("scanning", file.size());
  const auto answers = TRY(scan_items(file, *package, items, party, workers));

  auto draft = draft_of(submission, *package, intake);
  put_scan(draft, items, answers, party.infos(submission.now));
  return Examination{package, std::move(draft)};
}

}  // namespace sallyport::intake
