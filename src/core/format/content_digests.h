// SPDX-License-Identifier: Apache-2.0
// SHA-2 digests of the contents of a release, for comparing with documents of others: ours go by the fs-verity digest.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <vector>

#include "core/base/workers.h"
#include "core/format/tree.h"

namespace sallyport {

class ContentDigests {
 public:
  // Decodes every content of the pack, [pack_offset, pack_offset + pack_size) of `file`, and takes these digests of it.
  // What is digested is what tree.json names, whatever becomes of the file meanwhile: content_malformed,
  // content_digest_mismatch. Memory: 100 bytes for each content and algorithm.
  static Result<ContentDigests> of(const std::vector<ContentObject>& objects, const ByteSource& file,
                                   std::uint64_t pack_offset, std::uint64_t pack_size,
                                   const std::set<Sha2>& algorithms, Workers& workers);

  // Null: no such content, or not an algorithm that was asked for.
  const Bytes* find(const FileDigest& content, Sha2 algorithm) const;
  // Whether a content has this SHA-256, which must have been asked for.
  std::optional<FileDigest> with_sha256(const Sha256Digest& digest) const;

 private:
  struct Entry {
    FileDigest content;
    std::array<Bytes, 3> digests;  // by Sha2; empty: not asked for
  };
  explicit ContentDigests(std::vector<Entry> entries);
  std::vector<Entry> entries_;                                  // sorted by content
  std::vector<std::pair<Sha256Digest, FileDigest>> by_sha256_;  // sorted
};

}  // namespace sallyport
