// SPDX-License-Identifier: Apache-2.0
// How a release lies in the store: which paths share an inode, and in which portions several workers handle
// them. Pure.
//
// Equal content with equal metadata is one inode: its first path is where it is written, its other paths and
// its name in objects/ are hard links to it. A file with capabilities is always an inode of its own: the
// name of an object does not speak of them.
#pragma once

#include <string>
#include <vector>

#include "core/format/tree.h"

namespace sallyport::node {

// objects/ab/<62 hexadecimal digits>.<mode, octal>.<uid>.<gid>
std::string object_path(const FileDigest& digest, std::uint32_t mode, std::uint32_t uid, std::uint32_t gid);

struct SharedFile {
  const TreeEntry* first;                // where it is written
  std::vector<const TreeEntry*> others;  // links to it
  std::string object;                    // its name in the store; empty: none
};

// One content, and the files that have it: more than one when their metadata differ.
struct Piece {
  const ContentObject* content;  // null: the empty content
  std::vector<SharedFile> files;
};

// Every file of the tree, in the order of content.pack. Points into the tree.
std::vector<Piece> pieces_of(const Tree& tree);

// [begin, end) of a list.
struct Portion {
  std::size_t begin;
  std::size_t end;
};

// Cuts a list into portions of about `bytes_each` or `count_max` elements, so that workers neither wait for one of
// them at the end nor ask for the next one all the time.
std::vector<Portion> portions_of(const std::vector<std::uint64_t>& sizes,
                                 std::uint64_t bytes_each = 4ULL << 20U, std::size_t count_max = 256);

}  // namespace sallyport::node
