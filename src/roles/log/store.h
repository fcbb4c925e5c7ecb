// SPDX-License-Identifier: Apache-2.0
// A log on a disk, and the one promise that everything else rests on: it never signs two histories.
//
// What is below public/ is what a web server serves. Beside it stand log.json (whose log it is), `signed` (the largest
// tree that was ever going to be signed), `cosigned` (the last sizes that witnesses cosigned) and index/ (a cache).
//
// An append goes in this order, each step durable before the next: new tiles and bundles; they are read again and
// shown to begin with the tree of `signed`; `signed`; signature and public/checkpoint. Whatever cuts it short, opening
// the log finds either the old tree (and tiles that nobody was promised, which the next append replaces) or the new one
// in `signed`, which is then signed: never a third one, and never a smaller one.
#pragma once

#include <set>

#include "adapters/disk/port.h"
#include "adapters/signer/port.h"
#include "core/tlog/entry.h"
#include "core/tlog/note.h"
#include "core/tlog/tiles.h"

namespace sallyport::keeper {

namespace paths {
constexpr const char* identity = "log.json";
constexpr const char* signed_head = "signed";
constexpr const char* cosigned = "cosigned";
constexpr const char* lock = "lock";
constexpr const char* published = "public";
constexpr const char* checkpoint = "public/checkpoint";
}  // namespace paths

// The folder must be empty of a log: log_already_created. Signs the tree of no entries. log_key_refused unless the key
// is Ed25519 and the origin a key name.
Result<void> create(Disk& disk, const std::string& origin, Signer& signer);

class Store {
 public:
  // log_not_created, or log_damaged when identity, `signed`, tiles and checkpoint do not fit each other. Changes
  // nothing.
  static Result<Store> open(Disk& disk);

  const tlog::NoteKey& key() const { return key_; }
  // The tree of `signed`: what an interrupted append left may not be signed and published yet.
  const tlog::Head& head() const { return head_; }
  // The published checkpoint, and what it says.
  const std::string& checkpoint() const { return checkpoint_; }
  const tlog::Head& published() const { return published_; }
  // Sizes that witnesses cosigned, ascending: the last 64.
  const std::vector<std::uint64_t>& cosigned() const { return cosigned_; }

  tlog::TileReader reader() const;
  // The indices of these entries in the tree of `size` entries, where they are in it. The lock must be held: the index
  // beside the log is mended where it is missing or wrong.
  Result<std::vector<std::optional<std::uint64_t>>> find(const std::vector<tlog::Entry>& entries,
                                                         std::uint64_t size) const;

  // Each changes the disk; the lock must be held.
  // The indices of the entries; those that are in the log already are not added again.
  Result<std::vector<std::uint64_t>> append(const std::vector<tlog::Entry>& entries, Signer& signer);
  // Signs and publishes what an interrupted append left; nothing else to do otherwise.
  Result<void> settle(Signer& signer);
  Result<void> publish_cosigned(const tlog::Note& note);

 private:
  Store(Disk& disk, tlog::NoteKey key, const tlog::Head& head)
      : disk_(&disk), key_(std::move(key)), head_(head), published_(head) {}
  Result<void> read_published();
  Result<void> read_cosigned();
  Result<void> write_bundles(const std::vector<Bytes>& added);
  Result<void> write_tiles(const std::vector<Bytes>& added);
  Result<tlog::Head> grown(const std::vector<Bytes>& added) const;
  Disk* disk_;
  tlog::NoteKey key_;
  tlog::Head head_;
  tlog::Head published_;
  std::string checkpoint_;
  std::vector<std::uint64_t> cosigned_;
};

}  // namespace sallyport::keeper
