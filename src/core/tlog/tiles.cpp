// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/tiles.h"

#include <algorithm>

namespace sallyport::tlog {
namespace {

// 1234067 → "x001/x234/067"
std::string number_path(std::uint64_t number) {
  std::string path;
  do {
    std::string digits = std::to_string(number % 1000);
    digits.insert(0, 3 - digits.size(), '0');
    path = path.empty() ? digits : "x" + digits + "/" + path;
    number /= 1000;
  } while (number != 0);
  return path;
}

std::string with_width(std::string path, std::uint64_t width) {
  if (width != tile_width) path += ".p/" + std::to_string(width);
  return path;
}

// How many hashes this level of tiles has in all.
std::uint64_t count_at(std::uint32_t level, std::uint64_t size) {
  return level * tile_height >= 64 ? 0 : size >> (level * tile_height);
}

Bytes print_tile(std::vector<TreeHash>::const_iterator first, std::uint64_t width) {
  Bytes bytes;
  bytes.reserve(width * TreeHash::size);
  for (std::uint64_t i = 0; i < width; ++i, ++first) {
    bytes.insert(bytes.end(), first->bytes().begin(), first->bytes().end());
  }
  return bytes;
}

}  // namespace

std::string tile_path(const Tile& tile) {
  return with_width("tile/" + std::to_string(tile.level) + "/" + number_path(tile.number), tile.width);
}

std::string bundle_path(std::uint64_t number, std::uint64_t width) {
  return with_width("tile/entries/" + number_path(number), width);
}

std::optional<Tile> tile_at(std::uint32_t level, std::uint64_t number, std::uint64_t size) {
  const auto count = count_at(level, size);
  if (number > count / tile_width) return std::nullopt;
  const auto width = std::min(tile_width, count - number * tile_width);
  if (width == 0) return std::nullopt;
  return Tile{level, number, width};
}

Result<std::vector<TreeHash>> parse_tile(BytesView bytes, const Tile& tile) {
  if (bytes.size() != tile.width * TreeHash::size) {
    return Error(Code::log_damaged, tile_path(tile), std::to_string(tile.width * TreeHash::size) + " bytes",
                 std::to_string(bytes.size()));
  }
  std::vector<TreeHash> hashes;
  hashes.reserve(tile.width);
  for (; !bytes.empty(); bytes = bytes.subspan(TreeHash::size)) {
    std::array<std::uint8_t, TreeHash::size> hash{};
    std::copy_n(bytes.begin(), TreeHash::size, hash.begin());
    hashes.emplace_back(hash);
  }
  return hashes;
}

Result<std::vector<Bytes>> parse_bundle(BytesView bytes, std::uint64_t count) {
  const Error damaged(Code::log_damaged, "entry bundle",
                      std::to_string(count) + " entries behind their lengths", "something else");
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (bytes.size() < 2) return damaged;
    const std::size_t size = bytes[0] * 256U + bytes[1];
    bytes = bytes.subspan(2);
    if (bytes.size() < size) return damaged;
    entries.push_back(copy(bytes.first(size)));
    bytes = bytes.subspan(size);
  }
  if (!bytes.empty()) return damaged;
  return entries;
}

void append_to_bundle(Bytes& bundle, BytesView entry) {
  CHECK(entry.size() <= entry_size_max);
  bundle.push_back(static_cast<std::uint8_t>(entry.size() / 256));
  bundle.push_back(static_cast<std::uint8_t>(entry.size() % 256));
  bundle.insert(bundle.end(), entry.begin(), entry.end());
}

Result<const std::vector<TreeHash>*> TiledTree::tile(std::uint32_t level, std::uint64_t number) const {
  const auto wanted = tile_at(level, number, size_);
  CHECK(wanted.has_value());
  const auto known = tiles_.find(*wanted);
  if (known != tiles_.end()) return &known->second;
  auto hashes = TRY(parse_tile(TRY(reader_(*wanted)), *wanted));
  return &tiles_.emplace(*wanted, std::move(hashes)).first->second;
}

Result<TreeHash> TiledTree::subtree(std::uint32_t level, std::uint64_t index) const {
  CHECK(level < 63 && (index + 1) << level <= size_);
  const auto count = std::uint64_t{1} << (level % tile_height);
  const auto first = index * count;  // in hashes of the tiles' level
  const auto* hashes = TRY(tile(level / tile_height, first / tile_width));
  const auto begin = hashes->begin() + static_cast<std::ptrdiff_t>(first % tile_width);
  return fold_complete({begin, begin + static_cast<std::ptrdiff_t>(count)});
}

Result<std::vector<TileFile>> grow(const TileReader& reader, std::uint64_t size,
                                   std::vector<TreeHash> leaves) {
  std::vector<TileFile> files;
  std::vector<TreeHash> added = std::move(leaves);
  for (std::uint32_t level = 0; !added.empty(); ++level) {
    const auto before = count_at(level, size);
    auto number = before / tile_width;
    std::vector<TreeHash> row;  // what the last tile holds already, and what comes now
    if (const auto last = tile_at(level, number, size)) row = TRY(parse_tile(TRY(reader(*last)), *last));
    row.insert(row.end(), added.begin(), added.end());
    added.clear();
    for (auto first = row.cbegin(); first != row.cend(); ++number) {
      const auto width = std::min<std::uint64_t>(tile_width, static_cast<std::uint64_t>(row.cend() - first));
      const auto end = first + static_cast<std::ptrdiff_t>(width);
      files.push_back({{level, number, width}, print_tile(first, width)});
      if (width == tile_width) added.push_back(fold_complete({first, end}));
      first = end;
    }
  }
  return files;
}

}  // namespace sallyport::tlog
