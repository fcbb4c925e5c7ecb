// SPDX-License-Identifier: Apache-2.0
// As examine.h, of any SOL004 package: of our own profile, or of another tool (docs/spec/foreign.md, *Intake*).
#pragma once

#include <variant>

#include "core/format/foreign_verdict.h"
#include "core/trust/examine.h"
#include "roles/operator/examine.h"

namespace sallyport::intake {

struct ForeignExamination {
  Verified<ForeignPackage> package;
  ForeignVerdict draft;
};
using AnyExamination = std::variant<Examination, ForeignExamination>;

// By what is in it. The gravest of its findings is the refusal of one that does not verify. Needs party.scratch.
Result<AnyExamination> examine_any(const Submission& submission, const Tolerances& tolerances,
                                   const IntakeId& intake, const Party& party, Workers& workers,
                                   Progress& progress);

}  // namespace sallyport::intake
