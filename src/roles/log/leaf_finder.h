// SPDX-License-Identifier: Apache-2.0
// Where entries stand in a log: by the index (core/tlog/leaf_index.h) where there is a good one, else by reading all
// leaves. Whatever the index says, only a leaf that was read and is the one wanted counts as found.
#pragma once

#include <optional>
#include <set>

#include "adapters/disk/port.h"
#include "core/tlog/leaf_index.h"
#include "core/tlog/tiles.h"

namespace sallyport::keeper {

class LeafFinder {
 public:
  // Of the first `size` leaves.
  LeafFinder(Disk& disk, tlog::TileReader reader, std::uint64_t size);

  using Found = std::vector<std::optional<std::uint64_t>>;
  Result<Found> find(const std::vector<tlog::TreeHash>& leaves);
  // Writes anew what was missing or wrong when something was looked for. When that fails, all leaves are read again
  // the next time.
  void mend();

 private:
  Result<void> look_up(std::uint64_t number, const std::vector<tlog::TreeHash>& leaves, Found& found) const;
  Result<void> scan(std::uint64_t first_tile, std::uint64_t tiles, const std::vector<tlog::TreeHash>& leaves,
                    Found& found) const;
  Result<void> write(std::uint64_t number) const;
  Result<std::vector<tlog::TreeHash>> read_tile(std::uint64_t number) const;

  Disk& disk_;
  tlog::TileReader reader_;
  std::uint64_t size_;
  tlog::TiledTree tree_;
  std::set<std::uint64_t> wrong_;
};

}  // namespace sallyport::keeper
