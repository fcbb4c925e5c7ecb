// SPDX-License-Identifier: Apache-2.0
// From the private copy of a package to a tree of files: decode, digest, write, on all cores.
//
// A content is written once, under its first path; its other paths are hard links. What earlier generations
// have already is linked from objects/ after it was digested again; an object that is not what its name says
// is taken out of the store and written anew. Frames that do not hold what tree.json says are refused
// (content_malformed, content_digest_mismatch). Nothing is synced here, and nothing is in objects/ that was not
// read back.
#pragma once

#include "adapters/disk/port.h"
#include "core/base/progress.h"
#include "core/base/workers.h"
#include "core/install/record.h"
#include "core/trust/package.h"
#include "roles/node/layout.h"

namespace sallyport::node {

struct Unpacked {
  std::vector<Piece> pieces;  // of the package's tree
  // Files that were written, as opposed to linked from the store: they are still to be read back.
  std::vector<const SharedFile*> written;
  std::uint64_t bytes_written = 0;
};

// Into generations/<n>.partial/tree. `copy` is the private copy; `package` must outlive the result.
Result<Unpacked> unpack(Disk& disk, const ByteSource& copy, const Package& package,
                        install::GenerationNumber generation, Workers& workers,
                        Progress& progress = no_progress);

// Digests every written file again and gives it its name in objects/. After a sync. What the disk gives back
// otherwise is a fault of the disk (io_failed), not of the package.
Result<void> read_back(Disk& disk, const Unpacked& unpacked, install::GenerationNumber generation,
                       Workers& workers, Progress& progress = no_progress);

}  // namespace sallyport::node
