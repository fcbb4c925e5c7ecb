// SPDX-License-Identifier: Apache-2.0
// Makes content.pack of the files of a source: one pass, several files or frames at a time, a bounded amount of
// memory whatever the sizes are. The same files in the same order give the same pack, whatever the number of
// threads.
#pragma once

#include <vector>

#include "adapters/tree_source/port.h"
#include "core/base/progress.h"
#include "core/base/sink.h"
#include "core/base/workers.h"

namespace sallyport::vendor {

// Of content in one frame: small enough that a frame stays in a core's cache, and that a node which lacks a few
// bytes fetches little.
constexpr std::uint32_t frame_size = 1U << 20U;

struct Packed {
  std::vector<std::optional<FileDigest>> digests;  // of the files of the listing, by their index
  std::vector<ContentObject> objects;              // in the order of the pack
  std::uint64_t size;                              // of the pack, and its check sums
  std::uint32_t crc32;
  Sha256Digest sha256;
};

// Level: of zstd, 1 to 19. input_refused when a file is not what was listed.
Result<Packed> pack_files(TreeSource& source, const SourceListing& listing, int level, Scratch& pack,
                          Workers& workers, Progress& progress);

}  // namespace sallyport::vendor
