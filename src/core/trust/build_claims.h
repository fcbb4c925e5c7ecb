// SPDX-License-Identifier: Apache-2.0
// What a package says about its own build, as far as the policy asks for it: for trust::PackageCheck alone.
#pragma once

#include <optional>

#include "core/base/check.h"
#include "core/base/workers.h"
#include "core/format/sbom.h"
#include "core/format/zip.h"
#include "core/trust/attestations.h"

namespace sallyport::trust {

struct BuiltContent {
  const Sha256Digest& release;
  const Tree& tree;
  const Manifest& manifest;
  const ByteSource& file;  // the package
  const ZipMember& pack;
  Workers& workers;
};

class BuildClaims {
 public:
  // What the source's rules ask about, each verified by the manifest; `sbom` is looked at where it is required.
  struct Members {
    std::vector<SignedMember> attestations;
    std::optional<SignedMember> sbom;
  };
  static Result<BuildClaims> begin(const Source& source, const std::vector<AlgorithmEnd>& ends, Instant at,
                                   const Members& members);
  // Compares with the contents, which are decoded only where a claim is about them. Adds what was passed.
  Result<std::vector<AttestationRecord>> finish(const BuiltContent& content, Checks& passed) const;

 private:
  BuildClaims(AttestationTerms terms, std::vector<SignedAttestation> attestations, std::optional<Sbom> sbom)
      : terms_(std::move(terms)), attestations_(std::move(attestations)), sbom_(std::move(sbom)) {}
  AttestationTerms terms_;
  std::vector<SignedAttestation> attestations_;
  std::optional<Sbom> sbom_;  // where it is required
};

}  // namespace sallyport::trust
