// SPDX-License-Identifier: Apache-2.0
// What an attestation is about, by the digests of its subjects. docs/spec/attestation.md, *What counts*.
#pragma once

#include <functional>
#include <string>

#include "core/format/attestation.h"
#include "core/format/content_digests.h"
#include "core/format/manifest.h"
#include "core/format/tree.h"

namespace sallyport {

// What there is for an attestation to be about.
struct Holdings {
  const Sha256Digest& release;
  const Tree& tree;
  const Manifest& manifest;
  // Called where subjects are files; decodes all contents, once.
  std::function<Result<const ContentDigests*>()> contents;
};

// "the release", "2 of 9 files"; attestation_other_subject. Of one that nobody has verified it is what it claims.
Result<std::string> about(const Attestation& attestation, const std::string& member,
                          const Holdings& holdings);

}  // namespace sallyport
