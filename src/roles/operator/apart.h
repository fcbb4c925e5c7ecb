// SPDX-License-Identifier: Apache-2.0
// Intake with a process of its own for whatever reads the package: docs/spec/scanner.md, *Apart*.
//
//   here    keys, the policy, what the engines are and that they can be believed, what clamd and its like say
// of which bytes,
//           the digest of the file, the signature
//   apart   the container, the vendor's signature, contents, archives in them, rules
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/worker/port.h"
#include "roles/operator/apart_messages.h"
#include "roles/operator/conclude.h"
#include "roles/operator/relay.h"

namespace sallyport::intake {

struct ApartSubmission {
  const ByteSource& file;
  int descriptor;            // of the same file
  std::string package_name;  // a label for people
  const PolicyFiles& policy;
  Instant now;
  std::string scratch_folder;  // for contents that are too large for memory
  Tolerances tolerances = {};  // for a package of another tool (docs/spec/foreign.md)
};

// One that is ready (ready_engine), and how the worker gets at it.
struct ApartScanner {
  ApartEngine engine;
  std::shared_ptr<Scanner> scanner = nullptr;  // of one that is relayed
  KnownClean known = {};                       // what it called clean before, with this version and database
};

// An engine that is asked from here, and has shown that it can be believed: what ready_engine() refuses.
Result<ApartScanner> relayed_engine(std::shared_ptr<Scanner> scanner, Instant now);
// A verdict in which two engines have one name would not say who said what: usage_error.
Result<void> check_names(const std::vector<ApartScanner>& scanners);

struct ApartPorts {
  Apart& apart;
  const std::vector<ApartScanner>& scanners;
  Unpacker& unpacker;  // asked for its version alone
  Workers& workers;
  Progress& progress = no_progress;
  std::vector<GivenException> exceptions = {};
  // What is known to hold nothing that could be opened; nothing where nobody keeps it.
  std::optional<PlainBook::Contents> plain = {};
};

struct ApartReport : ConclusionAbout<AnyVerdict> {
  Checks checks;
  std::vector<KnownClean> clean;  // for each engine, what it calls clean as this process has heard
  PlainBook::Contents plain;      // what holds nothing that could be opened, as this process has seen
};

Result<ApartReport> submit_apart(const ApartSubmission& submission, const ApartPorts& ports,
                                 const Speakers& speakers);

}  // namespace sallyport::intake
