// SPDX-License-Identifier: Apache-2.0
// What a generation rests on, kept beside its files: the package, and the manifest, tree.json, verdict and
// order verbatim, so that everything can be proved again from bytes.
#pragma once

#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/install/state.h"
#include "core/trust/package.h"

namespace sallyport::node {

struct Papers {
  BytesView manifest;
  BytesView tree;
  BytesView verdict;
  BytesView order;
  BytesView proof = {};  // that the order is in a log; empty where the policy requires none
};

// Into generations/<n>.partial, with the private copy of the package.
Result<void> write_papers(Disk& disk, install::GenerationNumber generation, const Papers& papers);
// Reads them again and compares.
Result<void> read_back_papers(Disk& disk, install::GenerationNumber generation, const Papers& papers);

// The release of a generation, proved again from manifest and tree.json as of the time when its order was
// burnt: expiry never stops what runs. generation_damaged when the papers are not those of the journal.
Result<Verified<trust::Release>> release_of(Disk& disk, const install::Generation& generation,
                                            const Policy& policy);

// Package (of a generation that has its files), verdict and order, against the digests that the journal names: what
// release_of() does not read.
Result<std::vector<Error>> inspect_papers(Disk& disk, const install::Generation& generation);

// Its tree, by the digest that the journal names.
Result<Tree> tree_of(Disk& disk, const install::Generation& generation);

// Its services only, by the digest that the journal names: enough to stop them.
Result<std::vector<Service>> services_of(Disk& disk, const install::Generation& generation);

}  // namespace sallyport::node
