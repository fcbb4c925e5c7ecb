// SPDX-License-Identifier: Apache-2.0
// Where a leaf hash stands, without reading all leaves: for each 16384 of them a file that lists them by their first
// bytes. docs/spec/log.md.
//
// A cache: whoever finds something in it looks at the leaf itself, and a file that is not for exactly these leaves, or
// not whole, is no index. It can save reading; it proves nothing.
#pragma once

#include <functional>

#include "core/tlog/tree.h"

namespace sallyport::tlog {

constexpr std::uint32_t index_height = 14;
constexpr std::uint64_t index_width = 1ULL << index_height;

// Of the leaves from number * index_width on.
std::string index_path(std::uint64_t number);

// `leaves` are index_width.
Bytes print_index(const std::vector<TreeHash>& leaves);

// Reads `size` bytes at an offset of the file.
using IndexReader = std::function<Result<Bytes>(std::uint64_t offset, std::uint64_t size)>;

class LeafIndex {
 public:
  // log_damaged unless it is the index of the leaves that have this hash.
  static Result<LeafIndex> open(IndexReader reader, const TreeHash& subtree);
  // Where it may stand, counted from the first leaf of the index; a leaf that is not there may have candidates, too.
  // log_damaged when this part of the file is not what was written.
  Result<std::vector<std::uint64_t>> candidates(const TreeHash& leaf) const;

 private:
  LeafIndex(IndexReader reader, Bytes head) : reader_(std::move(reader)), head_(std::move(head)) {}
  IndexReader reader_;
  Bytes head_;
};

}  // namespace sallyport::tlog
