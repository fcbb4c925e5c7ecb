// SPDX-License-Identifier: Apache-2.0
// A log as files that any web server can serve (C2SP tlog-tiles): the tree's hashes in tiles of 256, the entries in
// bundles of 256. docs/spec/log.md.
//
// A file is named by what it holds: level, number, and, while it is not full, its width. Its content is therefore the
// same in every tree that begins with the same entries.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/tlog/tree.h"

namespace sallyport::tlog {

constexpr std::uint64_t tile_width = 256;
constexpr std::uint32_t tile_height = 8;
constexpr std::size_t entry_size_max = 65535;
constexpr std::size_t bundle_size_max = tile_width * (entry_size_max + 2);

struct Tile {
  std::uint32_t level;
  std::uint64_t number;  // of the tile within its level
  std::uint64_t width;   // 1 to 256
  auto operator<=>(const Tile&) const = default;
};

std::string tile_path(const Tile& tile);                             // "tile/1/x001/234.p/17"
std::string bundle_path(std::uint64_t number, std::uint64_t width);  // "tile/entries/x001/234"

// The tile of this number as a tree of `size` entries has it: full, partial, or not there.
std::optional<Tile> tile_at(std::uint32_t level, std::uint64_t number, std::uint64_t size);

// log_damaged unless the bytes are exactly `width` hashes.
Result<std::vector<TreeHash>> parse_tile(BytesView bytes, const Tile& tile);

// The entries of a bundle. log_damaged unless there are exactly `count`.
Result<std::vector<Bytes>> parse_bundle(BytesView bytes, std::uint64_t count);
void append_to_bundle(Bytes& bundle, BytesView entry);

// Reads the file of a tile; whoever calls checks what it says.
using TileReader = std::function<Result<Bytes>(const Tile&)>;

// The tree of a log of `size` entries. Keeps the tiles that it has read. What it says is as true as the tiles are:
// whoever uses it checks the result against a signed hash.
class TiledTree final : public HashSource {
 public:
  TiledTree(TileReader reader, std::uint64_t size) : reader_(std::move(reader)), size_(size) {}
  Result<TreeHash> subtree(std::uint32_t level, std::uint64_t index) const override;
  std::uint64_t size() const { return size_; }

 private:
  Result<const std::vector<TreeHash>*> tile(std::uint32_t level, std::uint64_t number) const;
  TileReader reader_;
  std::uint64_t size_;
  mutable std::map<Tile, std::vector<TreeHash>> tiles_;
};

struct TileFile {
  Tile tile;
  Bytes content;
};
// Every tile that is new or other when these leaves are added to a tree of `size` entries: lowest level first.
Result<std::vector<TileFile>> grow(const TileReader& reader, std::uint64_t size,
                                   std::vector<TreeHash> leaves);

}  // namespace sallyport::tlog
