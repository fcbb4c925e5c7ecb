// SPDX-License-Identifier: Apache-2.0
// A bill of materials held against the release that it came with, both ways. docs/spec/sbom.md.
#pragma once

#include <set>

#include "core/format/content_digests.h"
#include "core/format/sbom.h"

namespace sallyport {

// What the digests of this list have to be compared by.
std::set<Sha2> algorithms_of(const Sbom& sbom);

// Everything in which a list that names files does not fit, at most `misfits_max`, in the order sbom_digest_mismatch,
// sbom_file_missing, sbom_file_unlisted. `contents` has the algorithms of the list.
constexpr std::size_t misfits_max = 100;
std::vector<Error> find_misfits(const Sbom& sbom, const Tree& tree, const ContentDigests& contents);

}  // namespace sallyport
