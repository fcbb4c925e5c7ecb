// SPDX-License-Identifier: Apache-2.0
// Intake: a package comes in, a signed verdict goes out. docs/spec/scanner.md.
//
//   verify   trust::package over every byte; a package that does not verify gets no verdict but its refusal
//   scan     every distinct content and every member, by our own reader (scan_list.h)
//   sign     the verdict, by a key that the policy names as an intake's: clean, or not clean with every path
//
// The outcome is clean if and only if the scanner answered "clean" for each item and was given as many files
// and bytes as the package has. A fault (no scanner, one that broke off) gives no verdict at all.
#pragma once

#include "adapters/scanner/port.h"
#include "adapters/signer/port.h"
#include "core/base/progress.h"
#include "core/base/workers.h"
#include "core/format/verdict.h"
#include "core/trust/package.h"
#include "core/trust/verdict.h"

namespace sallyport::intake {

struct Submission {
  const ByteSource& file;
  std::string package_name;  // a label for people
  const Policy& policy;
  Instant now;
};

struct Ports {
  Scanner& scanner;
  Signer& signer;
  Workers& workers;
  Progress& progress = no_progress;
  std::vector<Signer*> further = {};  // keys of the same intake, where the policy asks for several kinds
};

struct Report {
  Verified<Package> package;
  Verdict verdict;
  Sha256Digest digest;   // of the verdict's payload
  std::string envelope;  // the verdict file, whatever the outcome
};

Result<Report> submit(const Submission& submission, const Ports& ports);

// malware_found or scan_incomplete with the first finding, unless the verdict says clean.
Result<void> require_clean(const Verdict& verdict);

}  // namespace sallyport::intake
