// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/examine_any.h"

#include <algorithm>
#include <utility>

#include "roles/operator/draft.h"
#include "roles/operator/foreign_list.h"

namespace sallyport::intake {
namespace {

std::vector<Tolerated> in_order(std::vector<Tolerated> tolerated) {
  std::sort(tolerated.begin(), tolerated.end(),
            [](const Tolerated& a, const Tolerated& b) { return a.what < b.what; });
  return tolerated;
}

// What the manifest calls things goes into the verdict as it is, or not at all.
Result<void> check_labels(const Sol004Manifest& manifest) {
  for (const auto* const text : {&manifest.product, &manifest.version, &manifest.provider}) {
    if (text->size() > foreign_label_max) {
      return Error(Code::manifest_malformed, "manifest metadata",
                   "texts of at most " + std::to_string(foreign_label_max) + " bytes",
                   std::to_string(text->size()) + " bytes");
    }
  }
  return {};
}

ForeignVerdict draft_of(const Submission& submission, const ForeignPackage& package, const IntakeId& intake) {
  return {.package_name = submission.package_name,
          .package = package.digest,
          .option = package.option,
          .product = package.product,
          .name = package.manifest.product,
          .version = package.manifest.version,
          .provider = package.manifest.provider,
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
          .tolerated = in_order(package.tolerated)};
}

Result<AnyExamination> look_through_foreign(const Submission& submission,
                                            const Verified<ForeignPackage>& package, const IntakeId& intake,
                                            const Party& party, Workers& workers, Progress& progress) {
  TRY(check_labels(package->manifest));
  const WatchedSource file(submission.file, progress);
  progress.begin("scanning", file.size());
  const auto contents = TRY(ForeignContents::open(file, *package, party.scratch));
  const auto answers = TRY(contents->scan(party, workers));
  auto draft = draft_of(submission, *package, intake);
  put_scan(draft, contents->items(), answers, party.infos(submission.now));
  return AnyExamination(ForeignExamination{package, std::move(draft)});
}

}  // namespace

Result<AnyExamination> examine_any(const Submission& submission, const Tolerances& tolerances,
                                   const IntakeId& intake, const Party& party, Workers& workers,
                                   Progress& progress) {
  const WatchedSource file(submission.file, progress);
  progress.begin("verifying", file.size());
  const auto examined =
      TRY(trust::examine({file, submission.policy, submission.now, tolerances, workers, party.scratch}));
  if (examined.foreign)
    return look_through_foreign(submission, *examined.foreign, intake, party, workers, progress);
  if (!examined.package) return examined.findings.sorted().front();
  return AnyExamination(TRY(look_through(submission, *examined.package, intake, party, workers, progress)));
}

}  // namespace sallyport::intake
