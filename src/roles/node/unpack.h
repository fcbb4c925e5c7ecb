// SPDX-License-Identifier: Apache-2.0
// From the private copy of a package to a tree of files: decode, write, read back, digest, on all cores.
//
// A content is written once, under its first path; its other paths are hard links. What earlier generations
// have already is linked from objects/ after it was digested again; an object that is not what its name says
// is taken out of the store and written anew.
//
// Each byte is digested once, by read_back(), where it lies on the disk: that tells a package whose frames do
// not hold what tree.json says (refused: content_malformed, content_digest_mismatch) as well as a disk that
// gives back something else than it was given (a fault: io_failed). Nothing is in objects/ before that.
#pragma once

#include "adapters/disk/port.h"
#include "core/base/progress.h"
#include "core/base/workers.h"
#include "core/install/record.h"
#include "core/trust/package.h"
#include "roles/node/layout.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct Unpacked {
  std::vector<Piece> pieces;  // of the package's tree
  // Files that were written, as opposed to linked from the store: they are still to be read back.
  std::vector<const SharedFile*> written;
  std::uint64_t bytes_written = 0;
};

// Into generations/<n>.partial/tree; nothing is durable yet, and no digest was taken. `copy` is the private copy;
// `package` must outlive the result.
Result<Unpacked> unpack(Disk& disk, const ByteSource& copy, const Package& package,
                        install::GenerationNumber generation, Workers& workers,
                        Progress& progress = no_progress);

// Makes everything durable, and beside that digests every written file.
Result<void> read_back(const Ports& ports, const ByteSource& copy, const Package& package,
                       const Unpacked& unpacked, install::GenerationNumber generation);

// Freezes every written file, where the file system can, and gives it its name in objects/.
Result<void> share(Disk& disk, const Unpacked& unpacked, install::GenerationNumber generation,
                   Workers& workers);

}  // namespace sallyport::node
