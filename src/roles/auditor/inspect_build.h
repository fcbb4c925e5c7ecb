// SPDX-License-Identifier: Apache-2.0
// What a package says about its own build and its makers, without trusting any of it: docs/spec/sbom.md,
// docs/spec/attestation.md.
#pragma once

#include "core/format/tree_diff.h"
#include "core/format/zip.h"
#include "roles/auditor/inspect.h"

namespace sallyport::auditor {

// So many bytes of contents are decoded to compare what is said about them; with more, nothing is compared, and that is
// told: nobody has verified the package.
constexpr std::uint64_t inspected_size_max = 1ULL << 30U;

// The bill of materials, and whether it fits what the package holds; a section for each attestation. What cannot be
// read is told as such: it does not hide the others.
Result<std::vector<Section>> build_sections(const ByteSource& file, const ZipDirectory& directory,
                                            const Tree& tree, std::uint64_t decoded_max = inspected_size_max);

// What `diff` shows besides the trees: components and signers.
Result<std::vector<Change>> diff_claims(const ByteSource& before, const ByteSource& after);

}  // namespace sallyport::auditor
