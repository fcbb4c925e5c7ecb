// SPDX-License-Identifier: Apache-2.0
#include "roles/log/leaf_finder.h"

#include <algorithm>

namespace sallyport::keeper {
namespace {

constexpr std::uint64_t tiles_of_index = tlog::index_width / tlog::tile_width;
constexpr std::uint64_t read_size_max = 1ULL << 20U;
constexpr std::uint32_t private_mode = 0600;

}  // namespace

LeafFinder::LeafFinder(Disk& disk, tlog::TileReader reader, std::uint64_t size)
    : disk_(disk), reader_(reader), size_(size), tree_(std::move(reader), size) {}

Result<LeafFinder::Found> LeafFinder::find(const std::vector<tlog::TreeHash>& leaves) {
  Found found(leaves.size());
  std::uint64_t number = 0;
  for (; (number + 1) * tlog::index_width <= size_; ++number) {
    if (look_up(number, leaves, found).ok()) continue;
    wrong_.insert(number);
    TRY(scan(number * tiles_of_index, tiles_of_index, leaves, found));
  }
  TRY(scan(number * tiles_of_index, tiles_of_index, leaves, found));
  return found;
}

Result<void> LeafFinder::look_up(std::uint64_t number, const std::vector<tlog::TreeHash>& leaves,
                                 Found& found) const {
  const auto subtree = TRY(tree_.subtree(tlog::index_height, number));
  const auto file = TRY(disk_.open(tlog::index_path(number)));
  const auto index = TRY(tlog::LeafIndex::open(
      [&](std::uint64_t offset, std::uint64_t size) { return file->read(offset, size, read_size_max); },
      subtree));
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (found[i]) continue;
    for (const auto place : TRY(index.candidates(leaves[i]))) {
      const auto at = number * tlog::index_width + place;
      const auto hashes = TRY(read_tile(at / tlog::tile_width));
      if (hashes.at(at % tlog::tile_width) != leaves[i]) continue;
      found[i] = at;
      break;
    }
  }
  return {};
}

Result<void> LeafFinder::scan(std::uint64_t first_tile, std::uint64_t tiles,
                              const std::vector<tlog::TreeHash>& leaves, Found& found) const {
  for (auto number = first_tile; number < first_tile + tiles && number * tlog::tile_width < size_; ++number) {
    const auto hashes = TRY(read_tile(number));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      const auto at = std::ranges::find(hashes, leaves[i]);
      if (at == hashes.end() || found[i]) continue;
      found[i] = number * tlog::tile_width + static_cast<std::uint64_t>(at - hashes.begin());
    }
  }
  return {};
}

void LeafFinder::mend() {
  for (const auto number : wrong_) {
    if (!write(number).ok()) return;
  }
  wrong_.clear();
}

Result<void> LeafFinder::write(std::uint64_t number) const {
  std::vector<tlog::TreeHash> leaves;
  for (std::uint64_t i = 0; i < tiles_of_index; ++i) {
    const auto hashes = TRY(read_tile(number * tiles_of_index + i));
    leaves.insert(leaves.end(), hashes.begin(), hashes.end());
  }
  if (TRY(tree_.subtree(tlog::index_height, number)) != tlog::fold_complete(leaves))
    return Error(Code::log_damaged, "tiles", "leaves that add up", "others");
  const auto path = tlog::index_path(number);
  TRY(disk_.ensure_folder(parent_of(path)));
  return disk_.replace_file(path, tlog::print_index(leaves), private_mode);
}

Result<std::vector<tlog::TreeHash>> LeafFinder::read_tile(std::uint64_t number) const {
  const auto tile = tlog::tile_at(0, number, size_);
  CHECK(tile.has_value());
  return tlog::parse_tile(TRY(reader_(*tile)), *tile);
}

}  // namespace sallyport::keeper
