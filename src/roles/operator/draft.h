// SPDX-License-Identifier: Apache-2.0
// The parts of a draft that do not depend on what kind of package it is about. Defined in examine.cpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "roles/operator/examine.h"
#include "roles/operator/scan_list.h"

namespace sallyport::intake {

std::string joined(const std::vector<std::string>& signers);

// Nothing scanned yet.
std::vector<EngineRecord> records_of(std::vector<EngineInfo> infos);

// What counts as scanned is what was answered, never what was sent.
std::vector<Finding> evaluate(const std::vector<ScanItem>& items, const std::vector<ScannedItem>& scanned,
                              std::vector<EngineRecord>& engines);

// How much there was, who looked at how much of it, and what came of that.
template <class OneVerdict>
void put_scan(OneVerdict& draft, const std::vector<ScanItem>& items, const std::vector<ScannedItem>& scanned,
              std::vector<EngineInfo> infos) {
  draft.files_total = items.size();
  for (const auto& item : items) draft.bytes_total += item.size;
  draft.engines = records_of(std::move(infos));
  draft.findings = evaluate(items, scanned, draft.engines);
  if (draft.findings.empty()) draft.outcome = Outcome::clean;
}

// Scans a package of ours that was verified just now, and drafts its verdict.
Result<Examination> look_through(const Submission& submission, const Verified<Package>& package,
                                 const IntakeId& intake, const Party& party, Workers& workers,
                                 Progress& progress);

}  // namespace sallyport::intake
