// SPDX-License-Identifier: Apache-2.0
// Merkle trees as RFC 6962 section 2.1 defines them: a list of entries has one hash; that an entry is in it, and that
// a longer list begins with it, are proved by about log2(size) hashes. docs/spec/log.md.
//
// Making a proof takes a HashSource; checking one takes nothing but the numbers at hand. Sizes are those of checked
// checkpoints: below 2^63.
#pragma once

#include <cstdint>
#include <vector>

#include "core/crypto/digest.h"

namespace sallyport::tlog {

using TreeHash = Digest<struct TreeHashTag>;

constexpr std::uint64_t tree_size_max = (1ULL << 63U) - 1;
constexpr std::size_t path_length_max = 63;

TreeHash leaf_hash(BytesView entry);
TreeHash node_hash(const TreeHash& left, const TreeHash& right);
TreeHash empty_root();

// A tree's size and hash: what is signed, kept and compared.
struct Head {
  std::uint64_t size;
  TreeHash root;
  bool operator==(const Head&) const = default;
};

// The hash of the complete subtree of 2^level entries that begins at entry index * 2^level.
class HashSource {
 public:
  virtual ~HashSource() = default;
  virtual Result<TreeHash> subtree(std::uint32_t level, std::uint64_t index) const = 0;
};

Result<TreeHash> root_of(const HashSource& tree, std::uint64_t size);
// index < size.
Result<std::vector<TreeHash>> inclusion_proof(const HashSource& tree, std::uint64_t index,
                                              std::uint64_t size);
// from <= to; empty when from is 0 or to.
Result<std::vector<TreeHash>> consistency_proof(const HashSource& tree, std::uint64_t from, std::uint64_t to);

// inclusion_proof_invalid unless the path leads from exactly this leaf at this index to the head's hash.
Result<void> check_inclusion(const TreeHash& leaf, std::uint64_t index, const std::vector<TreeHash>& path,
                             const Head& head);
// log_shrunk when `to` is smaller than `from`, log_forked unless the path shows that it begins with it.
Result<void> check_consistency(const Head& from, const Head& to, const std::vector<TreeHash>& path);

// The leaves' hashes in memory: for small trees, and for tests.
class LeafHashes final : public HashSource {
 public:
  explicit LeafHashes(std::vector<TreeHash> leaves) : leaves_(std::move(leaves)) {}
  Result<TreeHash> subtree(std::uint32_t level, std::uint64_t index) const override;
  std::uint64_t size() const { return leaves_.size(); }

 private:
  std::vector<TreeHash> leaves_;
};

// The hash of a complete tree over 2^n hashes.
TreeHash fold_complete(std::vector<TreeHash> hashes);

}  // namespace sallyport::tlog
