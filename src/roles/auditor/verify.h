// SPDX-License-Identifier: Apache-2.0
// Verifies any one file by the very functions that the node goes by, and says what was proved.
//
//   package   an authorised source signed every byte of it, for this product
//   verdict   an intake of the policy found the package clean, looked at all of it, and is fresh
//   order     proposed and approved by as many persons as the policy asks for, refused by none
//   stop      a stop order by a person with a part in its pool
//   policy    the very file that is given as the policy (policy_mismatch): nobody signs a policy file
//   bundle    roles/auditor/bundle.h
//   report    of a node: signed by the key that is given for it
//
// Whether the three belong together, and to a node, is for trust::permit. Evidence is verified by report.h.
#pragma once

#include <optional>
#include <vector>

#include "core/base/findings.h"
#include "core/base/workers.h"
#include "core/format/describe.h"
#include "core/format/policy.h"
#include "core/trust/examine.h"
#include "core/trust/verified.h"
#include "roles/auditor/file_kind.h"

namespace sallyport::auditor {

struct Verification {
  FileKind kind;
  std::vector<Check> proved;
  std::vector<Field> facts;  // what the file says, now that it is known to be genuine
};

// A package, ours or of another tool, with everything that is wrong with it. `verification` is there if and only if
// nothing is.
struct PackageReport {
  Findings findings;
  std::vector<Tolerated> tolerated;
  Checks passed;  // whatever came of it
  std::optional<Verification> verification;
};
Result<PackageReport> verify_package(const trust::Examined& what);

// `passed` is added to, whether it ends well or not; of a package and of what is in a bundle, where it does.
Result<Verification> verify(const ByteSource& file, FileKind kind, const Policy& policy, Instant at,
                            Workers& workers, Checks& passed);

// A report is by its node's key and by no policy's.
Result<Verification> verify_node_report(const ByteSource& file, const PublicKey& key, Instant at);

}  // namespace sallyport::auditor
