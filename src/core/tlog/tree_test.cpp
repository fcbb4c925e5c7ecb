// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/tree.h"

#include <algorithm>
#include <map>

#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

constexpr std::uint64_t sizes_max = 70;

TreeHash hash_of_text(const std::string& text) {
  const auto bytes = text.size() == 64 ? parse_hex(text, 32).value() : parse_base64(text, 32).value();
  std::array<std::uint8_t, 32> array{};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return TreeHash(array);
}

std::vector<TreeHash> hashes_of(const std::vector<std::string>& words, std::size_t from) {
  std::vector<TreeHash> hashes;
  for (std::size_t i = from; i < words.size(); ++i) hashes.push_back(hash_of_text(words[i]));
  return hashes;
}

struct Reference {
  std::map<std::uint64_t, Bytes> leaves;
  std::map<std::uint64_t, TreeHash> roots;
  std::vector<std::vector<std::string>> proofs;
};

Reference read_reference(const std::string& name) {
  Reference reference;
  for (const auto& line : lines_of(vector_file(name))) {
    const auto words = words_of(line);
    if (words[0] == "leaf") {
      const auto& text = words[2];
      reference.leaves[std::stoull(words[1])] = text == "-"         ? Bytes()
                                                : text.size() < 100 ? parse_hex(text, 100).value()
                                                                    : parse_base64(text, 4096).value();
    }
    if (words[0] == "root") reference.roots.emplace(std::stoull(words[1]), hash_of_text(words[2]));
    if (words[0] == "include" || words[0] == "consist") reference.proofs.push_back(words);
  }
  return reference;
}

std::size_t check_proofs(const Reference& reference) {
  for (const auto& words : reference.proofs) {
    const auto first = std::stoull(words[1]);
    const Head head{std::stoull(words[2]), reference.roots.at(std::stoull(words[2]))};
    const auto path = hashes_of(words, 3);
    if (words[0] == "include") {
      EXPECT_TRUE(check_inclusion(leaf_hash(reference.leaves.at(first)), first, path, head).ok());
    } else {
      EXPECT_TRUE(check_consistency({first, reference.roots.at(first)}, head, path).ok());
    }
  }
  return reference.proofs.size();
}

TEST(Tree, ReferenceTreesAndProofs) {
  const auto reference = read_reference("rfc6962.txt");
  EXPECT_EQ(check_proofs(reference), 10U);
  std::vector<TreeHash> leaves;
  for (const auto& [index, entry] : reference.leaves) leaves.push_back(leaf_hash(entry));
  const LeafHashes tree(leaves);
  for (const auto& [size, root] : reference.roots) EXPECT_EQ(root_of(tree, size).value(), root) << size;
  for (const auto& words : reference.proofs) {
    const auto a = std::stoull(words[1]);
    const auto b = std::stoull(words[2]);
    const auto made = words[0] == "include" ? inclusion_proof(tree, a, b) : consistency_proof(tree, a, b);
    EXPECT_EQ(made.value(), hashes_of(words, 3)) << words[0] << " " << a << " " << b;
  }
}

TEST(Tree, ProofsOfAPublicLog) {
  EXPECT_EQ(check_proofs(read_reference("argon2020.txt")), 2U);
}

// Every size, every entry: the genuine proof holds, and with any other index, leaf or root it does not.
TEST(Tree, EveryInclusionProof) {
  const auto leaves = numbered_leaves(sizes_max);
  const LeafHashes tree(leaves);
  for (std::uint64_t size = 1; size <= sizes_max; ++size) {
    const Head head{size, root_of(tree, size).value()};
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = inclusion_proof(tree, index, size).value();
      ASSERT_TRUE(check_inclusion(leaves[index], index, path, head).ok()) << index << " of " << size;
      for (std::uint64_t other = 0; other <= size; ++other) {
        if (other == index) continue;
        ASSERT_FALSE(check_inclusion(leaves[index], other, path, head).ok()) << index << " as " << other;
        if (other == size) continue;
        ASSERT_FALSE(check_inclusion(leaves[other], index, path, head).ok());
      }
    }
  }
}

TEST(Tree, EveryConsistencyProof) {
  const LeafHashes tree(numbered_leaves(sizes_max));
  std::vector<Head> heads;
  for (std::uint64_t size = 0; size <= sizes_max; ++size)
    heads.push_back({size, root_of(tree, size).value()});
  for (std::uint64_t from = 0; from <= sizes_max; ++from) {
    for (std::uint64_t to = from; to <= sizes_max; ++to) {
      const auto path = consistency_proof(tree, from, to).value();
      ASSERT_TRUE(check_consistency(heads[from], heads[to], path).ok()) << from << " to " << to;
      ASSERT_FALSE(check_consistency({from, heads[(from + 1) % sizes_max].root}, heads[to], path).ok());
      if (from == 0) continue;
      ASSERT_FALSE(check_consistency(heads[from], {to, heads[(to + 1) % sizes_max].root}, path).ok());
    }
  }
}

Head with_bit_flipped(const Head& head, std::size_t bit) {
  std::array<std::uint8_t, TreeHash::size> bytes{};
  std::copy(head.root.bytes().begin(), head.root.bytes().end(), bytes.begin());
  bytes.at(bit / 8) = static_cast<std::uint8_t>(bytes.at(bit / 8) ^ (1U << (bit % 8)));
  return {head.size, TreeHash(bytes)};
}

// Calls `try_path` with every proof that is this one but for one bit, one hash more, or one hash less.
void for_each_damage(const std::vector<TreeHash>& path,
                     const std::function<void(std::vector<TreeHash>)>& try_path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    for (std::size_t bit = 0; bit < 256; ++bit) {
      auto damaged = path;
      damaged[i] = with_bit_flipped({0, damaged[i]}, bit).root;
      try_path(damaged);
    }
    auto shorter = path;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    try_path(shorter);
  }
  for (std::size_t i = 0; i <= path.size(); ++i) {
    for (const auto& more : {empty_root(), path.empty() ? leaf_hash({}) : path.front()}) {
      auto longer = path;
      longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), more);
      try_path(longer);
    }
  }
}

TEST(TreeAttack, N06_EachBitOfAnInclusionProof) {
  const auto leaves = numbered_leaves(13);
  const LeafHashes tree(leaves);
  const Head head{13, root_of(tree, 13).value()};
  for (const std::uint64_t index : {0U, 6U, 8U, 12U}) {
    const auto path = inclusion_proof(tree, index, 13).value();
    for_each_damage(path, [&](const std::vector<TreeHash>& damaged) {
      const auto checked = check_inclusion(leaves[index], index, damaged, head);
      ASSERT_FALSE(checked.ok());
      EXPECT_EQ(checked.error().code, Code::inclusion_proof_invalid);
    });
    for (std::size_t bit = 0; bit < 256; ++bit)
      EXPECT_FALSE(check_inclusion(leaves[index], index, path, with_bit_flipped(head, bit)).ok());
  }
}

TEST(TreeAttack, N06_WrongSizesAndSizeZero) {
  const auto leaves = numbered_leaves(8);
  const LeafHashes tree(leaves);
  const auto root = root_of(tree, 8).value();
  const auto path = inclusion_proof(tree, 5, 8).value();
  for (const std::uint64_t size :
       {0ULL, 1ULL, 4ULL, 5ULL, 16ULL, static_cast<unsigned long long>(tree_size_max)}) {
    EXPECT_FALSE(check_inclusion(leaves[5], 5, path, {size, root}).ok()) << size;
  }
  EXPECT_FALSE(check_inclusion(leaves[0], 0, {}, {0, leaves[0]}).ok());
  EXPECT_FALSE(check_inclusion(leaves[0], 0, {}, {0, empty_root()}).ok());
  EXPECT_TRUE(check_inclusion(leaves[0], 0, {}, {1, leaves[0]}).ok());
}

// A node's hash is no leaf's: nobody can claim that two hashes side by side are an entry.
TEST(TreeAttack, N06_ANodeIsNoLeaf) {
  const auto leaves = numbered_leaves(2);
  Bytes pair = copy(leaves[0].bytes());
  pair.insert(pair.end(), leaves[1].bytes().begin(), leaves[1].bytes().end());
  const auto root = root_of(LeafHashes(leaves), 2).value();
  EXPECT_NE(leaf_hash(pair), root);
  EXPECT_FALSE(check_inclusion(leaf_hash(pair), 0, {}, {1, root}).ok());
}

TEST(TreeAttack, N01_EachBitOfAConsistencyProof) {
  const LeafHashes tree(numbered_leaves(13));
  for (const auto& [from, to] : {std::pair(3ULL, 13ULL), std::pair(8ULL, 13ULL), std::pair(12ULL, 13ULL)}) {
    const Head old_head{from, root_of(tree, from).value()};
    const Head new_head{to, root_of(tree, to).value()};
    for_each_damage(consistency_proof(tree, from, to).value(), [&](const std::vector<TreeHash>& damaged) {
      const auto checked = check_consistency(old_head, new_head, damaged);
      ASSERT_FALSE(checked.ok());
      EXPECT_EQ(checked.error().code, Code::log_forked);
    });
  }
}

// One entry edited, left out, put in or moved: no path leads from the genuine tree to the other one.
TEST(TreeAttack, N01_EditedHistories) {
  const auto genuine = numbered_leaves(9);
  const Head seen{6, root_of(LeafHashes(genuine), 6).value()};
  const auto try_history = [&](std::vector<TreeHash> leaves) {
    const LeafHashes other(std::move(leaves));
    const auto size = other.size();
    const auto path = consistency_proof(other, 6, size).value();
    EXPECT_EQ(check_consistency(seen, {size, root_of(other, size).value()}, path).error().code,
              Code::log_forked);
  };
  for (std::size_t i = 0; i < 6; ++i) {
    auto edited = genuine;
    edited[i] = leaf_hash(as_bytes("other"));
    try_history(edited);
    auto shorter = genuine;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    try_history(shorter);
    auto longer = genuine;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), leaf_hash(as_bytes("other")));
    try_history(longer);
    auto swapped = genuine;
    std::swap(swapped[i], swapped[i + 1]);
    if (i < 5) try_history(swapped);
  }
}

TEST(TreeAttack, N02_AShorterLogIsShrunk) {
  const LeafHashes tree(numbered_leaves(9));
  const Head seen{9, root_of(tree, 9).value()};
  for (std::uint64_t size = 0; size < 9; ++size) {
    const auto checked = check_consistency(seen, {size, root_of(tree, size).value()}, {});
    EXPECT_EQ(checked.error().code, Code::log_shrunk);
  }
}

}  // namespace
}  // namespace sallyport::tlog
