// SPDX-License-Identifier: Apache-2.0
// Any SOL004 package, ours or of another tool, with everything that is wrong with it at once. docs/spec/foreign.md.
//
// A package of our own profile (it has Artifacts/tree.json or content.pack) is verified by trust::package; only where
// that refuses are further reasons looked for. Every other one is verified as it is: option 1 (digests in the
// manifest, one CMS over it) or option 2 (one CMS over a whole CSAR), with the signatures that single artifacts have.
//
// There is a proof if and only if there is no finding: what is looked at after a first finding is looked at for
// telling it, and nothing of it is handed on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/findings.h"
#include "core/base/sink.h"
#include "core/base/workers.h"
#include "core/format/archive.h"
#include "core/format/foreign_verdict.h"
#include "core/format/sol004_manifest.h"
#include "core/format/tolerance.h"
#include "core/trust/package.h"

namespace sallyport {

// A package of another tool. It cannot be installed: there is no tree in it, and no counter. `package build --wrap`
// puts its content into one that can.
struct ForeignPackage {
  Sha256Digest digest;  // of the whole file
  std::uint64_t size;
  SecurityOption option;
  SourceId source;
  ProductId product;
  std::vector<std::string> signers;  // of the package; those of artifacts are among the checks
  Sol004Manifest manifest;
  std::vector<ArchiveMember> members;  // of the CSAR that holds the content
  // Option 2: what the file itself holds: that CSAR first, then its signature and, where it is there, its certificate.
  std::vector<ArchiveMember> outer;
  std::vector<Tolerated> tolerated;
};

namespace trust {

struct Examined {
  const ByteSource& file;
  const Policy& policy;
  Instant at;
  Tolerances tolerances;
  Workers& workers;
  // Where a CSAR of option 2 goes that is compressed in its outer archive; called at most once.
  std::function<Result<std::unique_ptr<Scratch>>()> scratch;
};

struct Examination {
  Findings findings;
  Checks passed;
  std::optional<Verified<Package>> package;
  std::optional<Verified<ForeignPackage>> foreign;
  std::vector<Tolerated> tolerated;  // what deviations were passed over, whatever the outcome
};

// An error is a fault before anything was found.
Result<Examination> examine(const Examined& what);

}  // namespace trust
}  // namespace sallyport
