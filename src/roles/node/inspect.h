// SPDX-License-Identifier: Apache-2.0
// Compares what lies on the disk with what a tree says: every name, type, mode, owner, capability, link and
// every byte. Reads only; each file is opened once and judged by that one descriptor.
#pragma once

#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/base/progress.h"
#include "core/base/workers.h"
#include "core/format/tree.h"

namespace sallyport::node {

// The content and metadata of one file of the tree: generation_file_missing, generation_damaged.
Result<void> inspect_file(Disk& disk, const std::string& path, const TreeEntry& entry,
                          Progress& progress = no_progress);

// The fs-verity digest of an open file.
Result<FileDigest> digest_of(const ByteSource& file);

struct Inspection {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<Error> findings;  // in the order of the paths; at most findings_max
};
constexpr std::size_t findings_max = 1000;

// Everything below `folder` (itself included: 0755). What is not in the tree is generation_file_unlisted. Findings
// are of the refused kind; a fault ends the inspection.
Result<Inspection> inspect_tree(Disk& disk, const std::string& folder, const Tree& tree, Workers& workers,
                                Progress& progress = no_progress);

}  // namespace sallyport::node
