// SPDX-License-Identifier: Apache-2.0
#include "roles/log/audit.h"

#include <set>

namespace sallyport::keeper {
namespace {

using Hashes = std::vector<tlog::TreeHash>;

constexpr std::size_t levels_max = 9;  // of tiles, below 2^63 entries; one more than there can be

// A file that a tree of the signed size has: a copy without it is not that tree. What a server answers in place of a
// file stays the server's.
Result<Bytes> read_part(const ReadPublished& read, const std::string& path, std::uint64_t size_max) {
  auto bytes = read(path, size_max);
  if (bytes.ok()) return bytes;
  const Code code = bytes.error().code;
  const bool is_missing = code == Code::file_missing;
  if (!is_missing && code != Code::file_too_large && code != Code::truncated) return bytes;
  return Error(Code::log_damaged, path,
               "a file of at most " + std::to_string(size_max) + " bytes, which the signed size asks for",
               is_missing ? "none" : "a larger one");
}

// The tree's hashes as the entries give them, from the leaves up; of the leaves only those that somebody asks for.
class Recomputed {
 public:
  Recomputed(const ReadPublished& read, std::uint64_t size, std::set<std::uint64_t> kept)
      : read_(read), size_(size), kept_(std::move(kept)), levels_(levels_max) {}

  // The leaves of the next tile. Every tile that is complete with them is compared with the published one.
  Result<void> add(const Hashes& leaves) {
    if (kept_.contains(tiles_)) leaves_[tiles_] = leaves;
    TRY(compare({0, tiles_++, leaves.size()}, leaves));
    if (leaves.size() < tlog::tile_width) return {};
    levels_[1].push_back(tlog::fold_complete(leaves));
    for (std::uint32_t level = 1; levels_[level].size() % tlog::tile_width == 0; ++level) {
      const auto number = levels_[level].size() / tlog::tile_width - 1;
      const auto hashes = slice({level, number, tlog::tile_width});
      TRY(compare({level, number, tlog::tile_width}, hashes));
      levels_[level + 1].push_back(tlog::fold_complete(hashes));
    }
    return {};
  }
  Result<void> finish() const {
    for (std::uint32_t level = 1; level < levels_.size(); ++level) {
      const auto width = levels_[level].size() % tlog::tile_width;
      if (width == 0) continue;
      const tlog::Tile tile{level, levels_[level].size() / tlog::tile_width, width};
      TRY(compare(tile, slice(tile)));
    }
    return {};
  }
  Result<tlog::Head> head(std::uint64_t size) const {
    const tlog::TiledTree tree([this](const tlog::Tile& tile) { return bytes(tile); }, size_);
    const auto root = TRY(tlog::root_of(tree, size));
    return tlog::Head{size, root};
  }

 private:
  Hashes slice(const tlog::Tile& tile) const {
    const auto& all = tile.level == 0 ? leaves_.at(tile.number) : levels_.at(tile.level);
    const auto begin =
        all.begin() + static_cast<std::ptrdiff_t>(tile.level == 0 ? 0 : tile.number * tlog::tile_width);
    return {begin, begin + static_cast<std::ptrdiff_t>(tile.width)};
  }
  Result<Bytes> bytes(const tlog::Tile& tile) const {
    Bytes content;
    for (const auto& hash : slice(tile))
      content.insert(content.end(), hash.bytes().begin(), hash.bytes().end());
    return content;
  }
  Result<void> compare(const tlog::Tile& tile, const Hashes& expected) const {
    const auto path = tlog::tile_path(tile);
    const auto published = TRY(read_part(read_, path, tlog::tile_width * tlog::TreeHash::size));
    if (TRY(tlog::parse_tile(published, tile)) == expected) return {};
    return Error(Code::log_damaged, path, "the hashes of the entries", "others");
  }

  const ReadPublished& read_;
  std::uint64_t size_;
  std::set<std::uint64_t> kept_;  // numbers of tiles
  std::map<std::uint64_t, Hashes> leaves_;
  std::vector<Hashes> levels_;
  std::uint64_t tiles_ = 0;
};

Result<tlog::Head> read_earlier(std::string_view text, const std::string& origin,
                                const tlog::LogPolicy& policy) {
  const auto note = TRY(tlog::parse_note(text));
  const auto checkpoint = TRY(tlog::parse_checkpoint(note.text));
  if (checkpoint.origin != origin)
    return Error(Code::log_unknown, "the earlier checkpoint", origin, checkpoint.origin);
  for (const auto& log : policy.logs) {
    if (log.name() == origin && TRY(tlog::signed_by(note, log)) == tlog::Signed::yes) return checkpoint.head;
  }
  return Error(Code::log_signature_invalid, "the earlier checkpoint", "signed by " + origin, "not");
}

// The tiles of leaves that the hash of a tree of this size needs: its last one, while that is not full.
void keep_for(std::uint64_t size, std::set<std::uint64_t>& kept) {
  if (size % tlog::tile_width != 0) kept.insert(size / tlog::tile_width);
}

Result<void> read_entries(const ReadPublished& read, std::uint64_t size, const AuditRequest& request,
                          Recomputed& tree, AuditReport& report) {
  for (std::uint64_t number = 0; const auto tile = tlog::tile_at(0, number, size); ++number) {
    const auto path = tlog::bundle_path(number, tile->width);
    const auto bundle = TRY(read_part(read, path, tlog::bundle_size_max));
    Hashes leaves;
    for (const auto& bytes : TRY(tlog::parse_bundle(bundle, tile->width).within("reading " + path))) {
      const auto index = number * tlog::tile_width + leaves.size();
      leaves.push_back(tlog::leaf_hash(bytes));
      const auto entry = TRY(tlog::parse_entry(bytes).within("entry " + std::to_string(index)));
      ++report.counts[entry.kind];
      if (request.tell && request.tell->takes(entry)) report.entries.push_back({index, entry});
    }
    TRY(tree.add(leaves));
  }
  return tree.finish();
}

}  // namespace

bool EntryFilter::takes(const tlog::Entry& entry) const {
  if (kind && *kind != entry.kind) return false;
  return !about || entry.digest == *about || entry.file == about || entry.package == about ||
         entry.verdict == about || entry.policy == about || entry.order == about;
}

Result<AuditReport> audit(const ReadPublished& read, const tlog::LogPolicy& policy,
                          const AuditRequest& request, Instant now) {
  const auto text = TRY(read("checkpoint", tlog::note_size_max));
  AuditReport report{TRY(tlog::check_checkpoint(as_text(text), policy, now)), {}, {}};
  const auto& [origin, head] = report.checkpoint.checkpoint;
  std::set<std::uint64_t> kept;
  keep_for(head.size, kept);
  std::optional<tlog::Head> earlier;
  if (request.earlier) {
    earlier = TRY(read_earlier(*request.earlier, origin, policy));
    if (earlier->size > head.size) {
      return Error(Code::log_shrunk, "log " + origin, std::to_string(earlier->size) + " entries",
                   std::to_string(head.size));
    }
    keep_for(earlier->size, kept);
  }
  Recomputed tree(read, head.size, std::move(kept));
  TRY(read_entries(read, head.size, request, tree, report));
  if (TRY(tree.head(head.size)) != head)
    return Error(Code::log_damaged, "log " + origin, "entries that have the signed hash", "others");
  if (earlier && TRY(tree.head(earlier->size)) != *earlier)
    return Error(Code::log_forked, "log " + origin, "what the earlier checkpoint says", "another history");
  return report;
}

}  // namespace sallyport::keeper
