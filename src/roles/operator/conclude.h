// SPDX-License-Identifier: Apache-2.0
// The part of intake that speaks: it has the keys, and parses no byte of a package. docs/spec/scanner.md, *Apart*.
//
// The draft comes from where hostile bytes were read, and is taken for hostile itself: what can be known
// without reading the package is put in its place or compared, and what is left (the vendor, the release, the
// answers of the engines) everybody downstream verifies again or depends on engines that saw the bytes.
#pragma once

#include "adapters/signer/port.h"
#include "core/format/verdict.h"
#include "core/trust/verdict.h"
#include "roles/operator/apart_messages.h"
#include "roles/operator/examine.h"
#include "roles/operator/scan_exceptions.h"

namespace sallyport::intake {

struct Speakers {
  Signer& signer;
  std::vector<Signer*> further = {};  // keys of the same intake, where the policy asks for several kinds
};

// Who speaks, before anything is read: the keys at hand will make a verdict that counts.
Result<IntakeId> check_keys(const Policy& policy, const Speakers& speakers);

// What is known about an examination without its draft.
struct Known {
  std::string package_name;  // a label for people
  Sha256Digest package;      // of the whole file
  const Policy& policy;
  IntakeId intake;
  Instant now;
  std::vector<EngineInfo> engines;              // everybody who looked, in the order of the draft
  Tolerances tolerances = {};                   // what may have been passed over
  std::vector<GivenException> exceptions = {};  // that may be put in, if each finding has one
};

template <class OneVerdict>
struct ConclusionAbout {
  OneVerdict verdict;
  Sha256Digest digest;   // of the verdict's payload
  std::string envelope;  // the verdict file, whatever the outcome
};
using Conclusion = ConclusionAbout<Verdict>;

// examiner_failed when the draft cannot be of this examination; scan_engine_missing when it would be clean without
// an engine that the policy names. Else the verdict, signed, clean or not: not clean, with the reason as a finding,
// where a database is older than the policy lets it be (verdict_stale), or an engine found nothing when it was tried
// (scanner_failed); clean but for findings that the exceptions given are about, if they are about all of them.
Result<Conclusion> conclude(Verdict draft, const Known& known, const Speakers& speakers);
// The same of either kind. A deviation that nobody was told to tolerate is examiner_failed.
Result<ConclusionAbout<AnyVerdict>> conclude_any(AnyVerdict draft, const Known& known,
                                                 const Speakers& speakers);

// Of some findings, at least one, the one to tell: the first of malware, or the first.
const Finding& worst_of(const std::vector<Finding>& findings);
// Its code, unless the verdict says clean, or excepted. Of findings that exceptions given are about none is told while
// there are others.
Result<void> require_clean(const Verdict& verdict, const std::vector<GivenException>& given = {});
Result<void> require_clean(const ForeignVerdict& verdict);

}  // namespace sallyport::intake
