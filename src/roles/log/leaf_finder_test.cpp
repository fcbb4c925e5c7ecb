// SPDX-License-Identifier: Apache-2.0
#include "roles/log/leaf_finder.h"

#include "adapters/disk/faulty.h"
#include "adapters/disk/memory.h"
#include "roles/log/keep.h"
#include "roles/log/store.h"
#include "testkit/signer.h"
#include "testkit/tlog.h"

namespace sallyport::keeper {
namespace {

constexpr std::uint64_t large = 2 * tlog::index_width + 300;

// A log of 33068 entries that nobody has searched yet.
const MemoryDisk& large_log() {
  static MemoryDisk* made = [] {
    auto* disk = new MemoryDisk;
    testkit::TestSigner signer(tlog::test_log().name);
    EXPECT_TRUE(create(*disk, tlog::test_log().name, signer).ok());
    std::vector<tlog::Entry> entries;
    for (std::uint64_t i = 0; i < large; ++i) entries.push_back(tlog::numbered_entry(i));
    EXPECT_TRUE(append(*disk, entries, signer).ok());
    return disk;
  }();
  return *made;
}

tlog::TreeHash leaf(std::uint64_t number) {
  return tlog::leaf_hash(as_bytes(tlog::print_entry(tlog::numbered_entry(number))));
}

struct World {
  World() {
    disk.become(large_log());
    (void)disk.remove_tree("index");
  }
  // Counts the tiles of leaves that are read.
  LeafFinder finder(Disk& on) {
    const auto inner = Store::open(disk).value().reader();
    return {on,
            [this, inner](const tlog::Tile& tile) {
              if (tile.level == 0) ++tiles_read;
              return inner(tile);
            },
            large};
  }
  LeafFinder::Found find(const std::vector<std::uint64_t>& numbers) {
    std::vector<tlog::TreeHash> leaves;
    for (const auto number : numbers) leaves.push_back(leaf(number));
    auto search = finder(disk);
    auto found = search.find(leaves).value();
    tiles_read_to_find = tiles_read;
    search.mend();
    tiles_read = 0;
    return found;
  }
  void expect_found() {
    const LeafFinder::Found expected{0, tlog::index_width, large - 1, std::nullopt, tlog::index_width - 1};
    EXPECT_EQ(find({0, tlog::index_width, large - 1, 1000000, tlog::index_width - 1}), expected);
  }

  MemoryDisk disk;
  int tiles_read = 0;
  int tiles_read_to_find = 0;
};

TEST(LeafFinder, TheSecondSearchReadsTheIndex) {
  World w;
  w.expect_found();
  EXPECT_EQ(w.tiles_read_to_find, 130);
  w.expect_found();
  EXPECT_EQ(w.tiles_read_to_find, 2 + 3);  // what follows the last index, and each leaf that was found in one
}

TEST(LeafFinderAttack, WrongIndicesAreMadeAgain) {
  World w;
  w.expect_found();
  const auto good = w.disk.read_small("index/1", 1U << 20U).value();
  const auto other = w.disk.read_small("index/0", 1U << 20U).value();
  auto flipped = good;
  flipped[100] ^= 1U;
  auto half = good;
  half.resize(half.size() / 2);
  for (const auto& bad : {flipped, half, other, Bytes()}) {
    ASSERT_TRUE(w.disk.replace_file("index/1", bad, 0600).ok());
    w.expect_found();
    EXPECT_EQ(w.tiles_read_to_find, 64 + 2 + 2);
    EXPECT_EQ(w.disk.read_small("index/1", 1U << 20U).value(), good);
  }
}

// An index that cannot be written stops nothing, and is never half of one.
TEST(LeafFinderCrash, N07_AnIndexThatCannotBeWritten) {
  for (const auto then : {Then::fail, Then::crash}) {
    for (std::uint64_t nth = 1;; ++nth) {
      World w;
      FaultyDisk faulty(w.disk, nth, then, Code::disk_full);
      auto search = w.finder(faulty);
      EXPECT_EQ(search.find({leaf(7)}).value().front(), 7U);
      search.mend();
      if (then == Then::crash) w.disk.crash(nth % 3);
      w.expect_found();
      w.expect_found();
      EXPECT_EQ(w.tiles_read_to_find, 2 + 3) << nth;
      if (!faulty.struck()) break;
    }
  }
}

// What the log proves is proved from its tiles: an index that names another place has no say.
TEST(LeafFinderAttack, N05_ProofsDoNotRestOnTheIndex) {
  World w;
  testkit::TestSigner signer(tlog::test_log().name);
  const auto policy =
      tlog::parse_log_policy("log " + tlog::test_log().public_key.text() + "\nquorum none\n").value();
  for (int i = 0; i < 2; ++i) {
    const auto proof = prove(w.disk, tlog::numbered_entry(20000), {}).value();
    EXPECT_TRUE(
        tlog::check_proof(proof.proof, tlog::numbered_entry(20000), policy, testkit::test_time()).ok());
  }
  EXPECT_EQ(append(w.disk, {tlog::numbered_entry(3)}, signer).value().indices.at(0), 3U);
  EXPECT_EQ(append(w.disk, {tlog::numbered_entry(large)}, signer).value().indices.at(0), large);
  EXPECT_EQ(prove(w.disk, tlog::numbered_entry(1000000), {}).error().code, Code::entry_not_logged);
}

}  // namespace
}  // namespace sallyport::keeper
