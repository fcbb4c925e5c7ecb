// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/tiles.h"

#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

// Tiles by their paths, as a web server has them.
struct Shelf {
  std::map<std::string, Bytes> files;
  TileReader reader() {
    return [this](const Tile& tile) -> Result<Bytes> {
      const auto file = files.find(tile_path(tile));
      if (file == files.end()) return Error(Code::file_missing, tile_path(tile));
      return file->second;
    };
  }
  void add(std::uint64_t size, std::vector<TreeHash> leaves) {
    for (auto& [tile, content] : grow(reader(), size, std::move(leaves)).value()) {
      files[tile_path(tile)] = std::move(content);
    }
  }
};

TEST(Tiles, PathsOfTheSpecification) {
  EXPECT_EQ(tile_path({0, 1234067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path({1, 0, 17}), "tile/1/000.p/17");
  EXPECT_EQ(tile_path({63, 999, 1}), "tile/63/999.p/1");
  EXPECT_EQ(tile_path({0, 1000, 256}), "tile/0/x001/000");
  EXPECT_EQ(bundle_path(273, 112), "tile/entries/273.p/112");
  EXPECT_EQ(bundle_path(1234067, 256), "tile/entries/x001/x234/067");
}

// The example of tlog-tiles: a tree of 70,000.
TEST(Tiles, WidthsOfTheSpecification) {
  EXPECT_EQ(tile_at(0, 272, 70000)->width, 256U);
  EXPECT_EQ(tile_at(0, 273, 70000)->width, 112U);
  EXPECT_FALSE(tile_at(0, 274, 70000));
  EXPECT_EQ(tile_at(1, 0, 70000)->width, 256U);
  EXPECT_EQ(tile_at(1, 1, 70000)->width, 17U);
  EXPECT_EQ(tile_at(2, 0, 70000)->width, 1U);
  EXPECT_FALSE(tile_at(3, 0, 70000));
  EXPECT_EQ(tile_at(1, 0, 256)->width, 1U);
  EXPECT_FALSE(tile_at(0, 1, 256));
  EXPECT_FALSE(tile_at(0, 0, 0));
}

// Grown one by one or in portions: the same files, and the same tree as in memory at every size.
TEST(Tiles, GrowToTheSameFiles) {
  constexpr std::uint64_t count = 600;
  const auto leaves = numbered_leaves(count);
  const LeafHashes in_memory(leaves);
  Shelf one_by_one;
  for (std::uint64_t size = 0; size < count; ++size) {
    one_by_one.add(size, {leaves[size]});
    if (size % 37 != 0) continue;
    const TiledTree tree(one_by_one.reader(), size + 1);
    EXPECT_EQ(root_of(tree, size + 1).value(), root_of(in_memory, size + 1).value());
  }
  Shelf portions;
  const std::vector<std::uint64_t> cuts{0, 1, 255, 256, 257, 511, 513, 600};
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    portions.add(cuts[i], {leaves.begin() + static_cast<std::ptrdiff_t>(cuts[i]),
                           leaves.begin() + static_cast<std::ptrdiff_t>(cuts[i + 1])});
  }
  for (const auto& [path, content] : portions.files) EXPECT_EQ(one_by_one.files.at(path), content) << path;
  const TiledTree tree(portions.reader(), count);
  for (const std::uint64_t index : {0ULL, 255ULL, 256ULL, 599ULL}) {
    EXPECT_EQ(inclusion_proof(tree, index, count).value(), inclusion_proof(in_memory, index, count).value());
  }
  EXPECT_EQ(consistency_proof(tree, 257, count).value(), consistency_proof(in_memory, 257, count).value());
}

// Three levels of tiles, without 65,536 files: the lower level is full of one hash.
TEST(Tiles, ThreeLevels) {
  const std::uint64_t count = 65536 + 300;
  const std::vector<TreeHash> leaves(count, leaf_hash({}));
  Shelf shelf;
  shelf.add(0, leaves);
  EXPECT_EQ(shelf.files.count("tile/2/000.p/1"), 1U);
  EXPECT_EQ(shelf.files.count("tile/1/001.p/1"), 1U);
  const TiledTree tree(shelf.reader(), count);
  const Head head{count, root_of(LeafHashes(leaves), count).value()};
  EXPECT_EQ(root_of(tree, count).value(), head.root);
  EXPECT_TRUE(check_inclusion(leaf_hash({}), 65600, inclusion_proof(tree, 65600, count).value(), head).ok());
}

TEST(Tiles, OfAnotherSizeAreDamaged) {
  const Tile tile{0, 0, 2};
  EXPECT_TRUE(parse_tile(Bytes(64), tile).ok());
  for (const std::size_t size : {0U, 32U, 63U, 65U, 96U}) {
    EXPECT_EQ(parse_tile(Bytes(size), tile).error().code, Code::log_damaged);
  }
}

TEST(Bundles, ComeBackAsTheyWere) {
  Bytes bundle;
  const std::vector<Bytes> entries{Bytes(), Bytes{1, 2, 3}, Bytes(65535, 7)};
  for (const auto& entry : entries) append_to_bundle(bundle, entry);
  EXPECT_EQ(parse_bundle(bundle, 3).value(), entries);
  EXPECT_EQ(parse_bundle(bundle, 2).error().code, Code::log_damaged);
  EXPECT_EQ(parse_bundle(bundle, 4).error().code, Code::log_damaged);
  bundle.pop_back();
  EXPECT_EQ(parse_bundle(bundle, 3).error().code, Code::log_damaged);
}

}  // namespace
}  // namespace sallyport::tlog
