// SPDX-License-Identifier: Apache-2.0
#include "roles/log/store.h"

#include <algorithm>

#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "roles/log/files.h"
#include "roles/log/leaf_finder.h"

namespace sallyport::keeper {
namespace {

constexpr std::size_t cosigned_max = 64;

Error damaged(std::string where, std::string expected, std::string found) {
  return {Code::log_damaged, std::move(where), std::move(expected), std::move(found)};
}

std::string describe(const tlog::Head& head) {
  return std::to_string(head.size) + " entries of " + head.root.brief();
}

}  // namespace

Result<void> create(Disk& disk, const std::string& origin, Signer& signer) {
  const auto key = TRY(tlog::NoteKey::make(origin, tlog::KeyUse::note, signer.public_key()));
  const auto lock = TRY(disk.lock(paths::lock));
  if (TRY(disk.find(paths::identity)))
    return Error(Code::log_already_created, paths::identity, "a folder without a log", "a log");
  const tlog::Head none{0, tlog::empty_root()};
  TRY(ensure_folders(disk, paths::checkpoint));
  TRY(disk.replace_file(paths::signed_head, as_bytes(print_head(origin, none)), private_mode));
  const auto note = TRY(sign_checkpoint(key, none, signer));
  TRY(disk.replace_file(paths::checkpoint, as_bytes(note), public_mode));
  return disk.replace_file(paths::identity, as_bytes(print_identity(key)), private_mode);
}

Result<Store> Store::open(Disk& disk) {
  const auto key = TRY(read_identity(disk));
  const auto head = TRY(read_head(disk, key.name()));
  Store store(disk, key, head);
  const tlog::TiledTree tree(store.reader(), head.size);
  const auto root = TRY(tlog::root_of(tree, head.size));
  if (root != head.root) return damaged("tiles", describe(head), root.brief());
  TRY(store.read_published());
  TRY(store.read_cosigned());
  return store;
}

Result<void> Store::read_published() {
  const auto text = TRY(read_own(*disk_, paths::checkpoint, tlog::note_size_max));
  checkpoint_ = std::string(as_text(text));
  const auto note = TRY(tlog::parse_note(checkpoint_));
  const auto checkpoint = TRY(tlog::parse_checkpoint(note.text));
  if (checkpoint.origin != key_.name() || TRY(tlog::signed_by(note, key_)) == tlog::Signed::no) {
    return damaged(paths::checkpoint, "signed by this log", "by another, or not at all");
  }
  published_ = checkpoint.head;
  if (published_.size > head_.size) {
    return damaged(paths::signed_head, "at least " + describe(published_), describe(head_));
  }
  const tlog::TiledTree tree(reader(), head_.size);
  if (TRY(tlog::root_of(tree, published_.size)) == published_.root) return {};
  return damaged(paths::checkpoint, "a tree that the log began with", describe(published_));
}

Result<void> Store::read_cosigned() {
  if (!TRY(disk_->find(paths::cosigned))) return {};
  const auto text = TRY(read_own(*disk_, paths::cosigned, 4096));
  const auto sizes = parse_sizes(as_text(text));
  if (!sizes || sizes->size() > cosigned_max || (!sizes->empty() && sizes->back() > head_.size)) {
    return damaged(paths::cosigned, "up to 64 ascending sizes", "something else");
  }
  cosigned_ = *sizes;
  return {};
}

tlog::TileReader Store::reader() const {
  return [disk = disk_](const tlog::Tile& tile) -> Result<Bytes> {
    return read_own(*disk, std::string(paths::published) + "/" + tlog::tile_path(tile),
                    tlog::tile_width * tlog::TreeHash::size);
  };
}

Result<std::vector<std::optional<std::uint64_t>>> Store::find(const std::vector<tlog::Entry>& entries,
                                                              std::uint64_t size) const {
  std::vector<tlog::TreeHash> wanted;
  for (const auto& entry : entries) wanted.push_back(tlog::leaf_hash(as_bytes(tlog::print_entry(entry))));
  LeafFinder finder(*disk_, reader(), size);
  auto found = TRY(finder.find(wanted));
  finder.mend();
  return found;
}

Result<void> Store::write_bundles(const std::vector<Bytes>& added) {
  auto number = head_.size / tlog::tile_width;
  auto width = head_.size % tlog::tile_width;
  Bytes bundle;
  if (width != 0) {
    bundle = TRY(read_own(*disk_, published_path(tlog::bundle_path(number, width)), tlog::bundle_size_max));
    TRY(tlog::parse_bundle(bundle, width));
  }
  for (std::size_t i = 0; i < added.size(); ++i) {
    tlog::append_to_bundle(bundle, added[i]);
    ++width;
    if (width != tlog::tile_width && i + 1 != added.size()) continue;
    TRY(publish(*disk_, tlog::bundle_path(number, width), bundle));
    if (width != tlog::tile_width) break;
    ++number;
    width = 0;
    bundle.clear();
  }
  return {};
}

Result<void> Store::write_tiles(const std::vector<Bytes>& added) {
  std::vector<tlog::TreeHash> leaves;
  for (const auto& entry : added) leaves.push_back(tlog::leaf_hash(entry));
  for (const auto& [tile, content] : TRY(tlog::grow(reader(), head_.size, std::move(leaves)))) {
    TRY(publish(*disk_, tlog::tile_path(tile), content));
  }
  return {};
}

// What stands on the disk now, read again: a tree that begins with the one that was signed, and holds what was added.
Result<tlog::Head> Store::grown(const std::vector<Bytes>& added) const {
  const auto size = head_.size + added.size();
  const tlog::TiledTree tree(reader(), size);
  const auto root = TRY(tlog::root_of(tree, size));
  const tlog::Head head{size, root};
  const auto path = TRY(tlog::consistency_proof(tree, head_.size, size));
  if (!tlog::check_consistency(head_, head, path).ok()) {
    return damaged("tiles", "a tree that begins with " + describe(head_), describe(head));
  }
  for (std::size_t i = 0; i < added.size(); ++i) {
    const auto index = head_.size + i;
    const auto proof = TRY(tlog::inclusion_proof(tree, index, size));
    TRY(tlog::check_inclusion(tlog::leaf_hash(added[i]), index, proof, head));
    const auto bundle = index / tlog::tile_width;
    const auto width = std::min(tlog::tile_width, size - bundle * tlog::tile_width);
    const auto bytes =
        TRY(read_own(*disk_, published_path(tlog::bundle_path(bundle, width)), tlog::bundle_size_max));
    const auto entries = TRY(tlog::parse_bundle(bytes, width));
    if (entries.at(index % tlog::tile_width) != added[i]) {
      return damaged(tlog::bundle_path(bundle, width), "the entries that were written", "others");
    }
  }
  return head;
}

Result<std::vector<std::uint64_t>> Store::append(const std::vector<tlog::Entry>& entries, Signer& signer) {
  TRY(settle(signer));
  const auto known = TRY(find(entries, head_.size));
  std::vector<std::uint64_t> indices;
  std::vector<Bytes> added;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto bytes = copy(as_bytes(tlog::print_entry(entries[i])));
    const auto earlier = std::ranges::find(added, bytes);
    indices.push_back(known[i] ? *known[i]
                               : head_.size + static_cast<std::uint64_t>(earlier - added.begin()));
    if (!known[i] && earlier == added.end()) added.push_back(bytes);
  }
  if (added.empty()) return indices;
  TRY(write_bundles(added));
  TRY(write_tiles(added));
  const auto head = TRY(grown(added));
  TRY(disk_->replace_file(paths::signed_head, as_bytes(print_head(key_.name(), head)), private_mode));
  head_ = head;
  TRY(settle(signer));
  return indices;
}

Result<void> Store::settle(Signer& signer) {
  if (signer.public_key().id() != key_.key().id()) {
    return Error(Code::log_key_refused, "--key", "the log's key " + key_.key().id().brief(),
                 signer.public_key().id().brief());
  }
  if (published_ == head_) return {};
  const auto note = TRY(sign_checkpoint(key_, head_, signer));
  TRY(disk_->replace_file(paths::checkpoint, as_bytes(note), public_mode));
  checkpoint_ = note;
  published_ = head_;
  return {};
}

Result<void> Store::publish_cosigned(const tlog::Note& note) {
  const auto text = tlog::print_note(note);
  TRY(disk_->replace_file(paths::checkpoint, as_bytes(text), public_mode));
  checkpoint_ = text;
  if (!cosigned_.empty() && cosigned_.back() == published_.size) return {};
  if (published_.size == 0) return {};
  cosigned_.push_back(published_.size);
  if (cosigned_.size() > cosigned_max) cosigned_.erase(cosigned_.begin());
  return disk_->replace_file(paths::cosigned, as_bytes(print_sizes(cosigned_)), private_mode);
}

}  // namespace sallyport::keeper
