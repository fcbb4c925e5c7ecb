// SPDX-License-Identifier: Apache-2.0
// What changes from one bill of materials to another, as changes of a release (tree_diff.h).
#pragma once

#include "core/format/sbom.h"
#include "core/format/tree_diff.h"

namespace sallyport {

// By name: a component is known by its package URL without the version, or by its name where it has none. Several of
// one name are told apart in the order of their versions. A list that appears or goes is one of no components.
std::vector<Change> diff_components(const std::vector<SbomComponent>& before,
                                    const std::vector<SbomComponent>& after);

}  // namespace sallyport
