// SPDX-License-Identifier: Apache-2.0
// The part of intake that reads hostile bytes: verifies a package, looks at every content and drafts the verdict.
// docs/spec/scanner.md. It has no key, and what it drafts is nobody's word until conclude.h made it one.
#pragma once

#include "core/base/progress.h"
#include "core/base/workers.h"
#include "core/format/verdict.h"
#include "core/trust/package.h"
#include "roles/operator/look.h"

namespace sallyport::intake {

struct Submission {
  const ByteSource& file;
  std::string package_name;  // a label for people
  const Policy& policy;
  Instant now;
};

struct Examination {
  Verified<Package> package;
  Verdict draft;
};

// Refuses a package that does not verify. A fault (an engine that broke off) gives no draft at all. The
// draft's outcome is clean if and only if everybody answered "clean" for each item.
Result<Examination> examine(const Submission& submission, const IntakeId& intake, const Party& party,
                            Workers& workers, Progress& progress);

}  // namespace sallyport::intake
