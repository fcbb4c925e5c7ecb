// SPDX-License-Identifier: Apache-2.0
// Intake: a package comes in, a signed verdict goes out. docs/spec/scanner.md.
//
//   verify   trust::package over every byte; a package that does not verify gets no verdict but its refusal
//   scan     every distinct content and every member, by our own reader (scan_list.h)
//   sign     the verdict, by a key that the policy names as an intake's: clean, or not clean with every path
//
// The outcome is clean if and only if every engine answered "clean" for each item and was given as many files
// and bytes as the package has. A fault (no scanner, one that broke off) gives no verdict at all.
//
// submit() does all of it in the caller's process. Where packages come from outside, examine() belongs into
// one of its own (adapters/worker), and submit_apart() is what is left.
#pragma once

#include "roles/operator/conclude.h"
#include "roles/operator/examine.h"

namespace sallyport::intake {

struct Ports {
  Scanner& scanner;
  Signer& signer;
  Workers& workers;
  Progress& progress = no_progress;
  std::vector<Signer*> further = {};    // keys of the same intake, where the policy asks for several kinds
  std::vector<Scanner*> scanners = {};  // that look as well
  Unpacker* unpacker = nullptr;         // null: archives are left to the engines
  ScratchMaker scratch = {};
  UnpackLimits limits = {};
  std::vector<GivenException> exceptions = {};
};

struct Report : Conclusion {
  Verified<Package> package;
};

Result<Report> submit(const Submission& submission, const Ports& ports);

}  // namespace sallyport::intake
