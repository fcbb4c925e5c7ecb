// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/leaf_index.h"

#include <algorithm>

#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

const std::vector<TreeHash>& leaves() {
  static const auto made = numbered_leaves(index_width);
  return made;
}
const Bytes& file() {
  static const auto made = print_index(leaves());
  return made;
}

IndexReader reader_of(const Bytes& bytes) {
  return [&bytes](std::uint64_t offset, std::uint64_t size) -> Result<Bytes> {
    if (offset + size > bytes.size()) return Error(Code::truncated, "index");
    return copy(BytesView(bytes).subspan(offset, size));
  };
}

Result<LeafIndex> opened(const Bytes& bytes) {
  return LeafIndex::open(reader_of(bytes), fold_complete(leaves()));
}

TEST(LeafIndex, FindsEveryLeafAndNoOther) {
  const auto index = opened(file()).value();
  for (std::uint64_t i = 0; i < index_width; ++i)
    EXPECT_EQ(index.candidates(leaves()[i]).value(), std::vector{i});
  for (std::uint64_t i = 0; i < 1000; ++i)
    EXPECT_TRUE(index.candidates(leaf_hash(as_bytes(std::to_string(i)))).value().empty());
}

TEST(LeafIndex, LeavesOfOneHashAreAllNamed) {
  const std::vector<TreeHash> same(index_width, leaf_hash({}));
  const auto bytes = print_index(same);
  const auto index = LeafIndex::open(reader_of(bytes), fold_complete(same)).value();
  EXPECT_EQ(index.candidates(leaf_hash({})).value().size(), index_width);
}

// Never trusted: another log's, a stale one, one with a bit that is another, or half of one is no index.
TEST(LeafIndexAttack, OnlyOfExactlyTheseLeaves) {
  EXPECT_EQ(LeafIndex::open(reader_of(file()), leaf_hash({})).error().code, Code::log_damaged);
  EXPECT_FALSE(opened({}).ok());
  const auto head_size = file().size() - index_width * 10;
  for (std::size_t at = 0; at < head_size; at += 7) {
    auto bad = file();
    bad[at] ^= 1U;
    EXPECT_FALSE(opened(bad).ok()) << at;
  }
  const auto found_all = [&](const Bytes& bytes) {
    const auto index = opened(bytes).value();
    return std::ranges::all_of(leaves(), [&](const TreeHash& leaf) {
      const auto places = index.candidates(leaf);
      return places.ok() && places.value().size() == 1;
    });
  };
  EXPECT_TRUE(found_all(file()));
  for (std::size_t at = head_size; at < file().size(); at += 30011) {
    auto bad = file();
    bad[at] ^= 1U;
    EXPECT_FALSE(found_all(bad)) << at;
  }
  auto half = file();
  half.resize(half.size() / 2);
  EXPECT_FALSE(found_all(half));
}

}  // namespace
}  // namespace sallyport::tlog
