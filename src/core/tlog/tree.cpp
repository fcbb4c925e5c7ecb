// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/tree.h"

#include <algorithm>
#include <bit>

namespace sallyport::tlog {
namespace {

TreeHash hash_of(std::uint8_t kind, BytesView first, BytesView second) {
  Hasher hasher(Sha2::sha256);
  hasher.update({&kind, 1});
  hasher.update(first);
  hasher.update(second);
  std::array<std::uint8_t, TreeHash::size> bytes{};
  std::ranges::copy(hasher.finish_sha256().bytes(), bytes.begin());
  return TreeHash(bytes);
}

// [begin, end) of entries, as it comes up when a tree is split: its begin is a multiple of each power of two that is
// taken from it.
struct Range {
  std::uint64_t begin;
  std::uint64_t end;
  std::uint64_t size() const { return end - begin; }
  // Where RFC 6962 splits it: behind the largest power of two that is smaller than its size. size() > 1.
  std::uint64_t middle() const { return begin + std::bit_floor(size() - 1); }
};

Result<TreeHash> range_hash(const HashSource& tree, Range range) {
  std::vector<TreeHash> pieces;
  while (range.begin < range.end) {
    const auto piece = std::bit_floor(range.size());
    pieces.push_back(
        TRY(tree.subtree(static_cast<std::uint32_t>(std::countr_zero(piece)), range.begin / piece)));
    range.begin += piece;
  }
  if (pieces.empty()) return empty_root();
  TreeHash hash = pieces.back();
  for (auto piece = pieces.rbegin() + 1; piece != pieces.rend(); ++piece) hash = node_hash(*piece, hash);
  return hash;
}

// Two numbers of one level of the tree, on their way up.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;
  bool is_right() const { return node % 2 == 1; }
  void up() {
    node /= 2;
    last /= 2;
  }
};

Error not_included(const Head& head, std::uint64_t index) {
  return Error(Code::inclusion_proof_invalid, "entry " + std::to_string(index),
               "a path to the hash of a log of " + std::to_string(head.size) + " entries", "another one");
}

Error forked(const Head& from, const Head& to) {
  return Error(Code::log_forked, "checkpoint of " + std::to_string(to.size) + " entries",
               "one that begins with the " + std::to_string(from.size) + " entries of " + from.root.brief(),
               "no proof of it");
}

}  // namespace

TreeHash leaf_hash(BytesView entry) {
  return hash_of(0, entry, {});
}

TreeHash node_hash(const TreeHash& left, const TreeHash& right) {
  return hash_of(1, left.bytes(), right.bytes());
}

TreeHash empty_root() {
  std::array<std::uint8_t, TreeHash::size> bytes{};
  std::ranges::copy(sha256({}).bytes(), bytes.begin());
  return TreeHash(bytes);
}

TreeHash fold_complete(std::vector<TreeHash> hashes) {
  CHECK(std::has_single_bit(hashes.size()));
  while (hashes.size() > 1) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i) {
      hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    }
    hashes.erase(hashes.begin() + static_cast<std::ptrdiff_t>(hashes.size() / 2), hashes.end());
  }
  return hashes.front();
}

Result<TreeHash> LeafHashes::subtree(std::uint32_t level, std::uint64_t index) const {
  const auto count = std::uint64_t{1} << level;
  CHECK(level < 63 && (index + 1) * count <= leaves_.size());
  const auto first = leaves_.begin() + static_cast<std::ptrdiff_t>(index * count);
  return fold_complete({first, first + static_cast<std::ptrdiff_t>(count)});
}

Result<TreeHash> root_of(const HashSource& tree, std::uint64_t size) {
  return range_hash(tree, {0, size});
}

Result<std::vector<TreeHash>> inclusion_proof(const HashSource& tree, std::uint64_t index,
                                              std::uint64_t size) {
  CHECK(index < size);
  std::vector<TreeHash> path;
  Range range{0, size};
  while (range.size() > 1) {
    const auto middle = range.middle();
    const bool is_left = index < middle;
    path.push_back(TRY(range_hash(tree, is_left ? Range{middle, range.end} : Range{range.begin, middle})));
    range = is_left ? Range{range.begin, middle} : Range{middle, range.end};
  }
  std::ranges::reverse(path);
  return path;
}

Result<std::vector<TreeHash>> consistency_proof(const HashSource& tree, std::uint64_t from,
                                                std::uint64_t to) {
  CHECK(from <= to);
  std::vector<TreeHash> path;
  if (from == 0) return path;
  Range range{0, to};
  while (from != range.end) {
    const auto middle = range.middle();
    const bool is_left = from <= middle;
    path.push_back(TRY(range_hash(tree, is_left ? Range{middle, range.end} : Range{range.begin, middle})));
    range = is_left ? Range{range.begin, middle} : Range{middle, range.end};
  }
  // A subtree that begins at the first entry is the old tree itself, whose hash the verifier has.
  if (range.begin != 0) path.push_back(TRY(range_hash(tree, range)));
  std::ranges::reverse(path);
  return path;
}

Result<void> check_inclusion(const TreeHash& leaf, std::uint64_t index, const std::vector<TreeHash>& path,
                             const Head& head) {
  if (index >= head.size) return not_included(head, index);
  TreeHash hash = leaf;
  Climb climb{index, head.size - 1};
  for (const auto& sibling : path) {
    if (climb.last == 0) return not_included(head, index);
    if (climb.is_right() || climb.node == climb.last) {
      hash = node_hash(sibling, hash);
      while (!climb.is_right() && climb.node != 0) climb.up();
    } else {
      hash = node_hash(hash, sibling);
    }
    climb.up();
  }
  if (climb.last != 0 || hash != head.root) return not_included(head, index);
  return {};
}

Result<void> check_consistency(const Head& from, const Head& to, const std::vector<TreeHash>& path) {
  if (to.size < from.size) {
    return Error(Code::log_shrunk, "checkpoint", "at least " + std::to_string(from.size) + " entries",
                 std::to_string(to.size));
  }
  if (from.size == to.size) {
    if (path.empty() && from.root == to.root) return {};
    return forked(from, to);
  }
  if (from.size == 0) {
    if (path.empty() && from.root == empty_root()) return {};
    return forked(from, to);
  }
  Climb climb{from.size - 1, to.size - 1};
  while (climb.is_right()) climb.up();
  const bool is_complete = std::has_single_bit(from.size);
  if (!is_complete && path.empty()) return forked(from, to);
  TreeHash old_hash = is_complete ? from.root : path.front();
  TreeHash new_hash = old_hash;
  for (auto sibling = path.begin() + (is_complete ? 0 : 1); sibling != path.end(); ++sibling) {
    if (climb.last == 0) return forked(from, to);
    if (climb.is_right() || climb.node == climb.last) {
      old_hash = node_hash(*sibling, old_hash);
      new_hash = node_hash(*sibling, new_hash);
      while (!climb.is_right() && climb.node != 0) climb.up();
    } else {
      new_hash = node_hash(new_hash, *sibling);
    }
    climb.up();
  }
  if (climb.last != 0 || old_hash != from.root || new_hash != to.root) return forked(from, to);
  return {};
}

}  // namespace sallyport::tlog
