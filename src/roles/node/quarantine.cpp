// SPDX-License-Identifier: Apache-2.0
#include "roles/node/quarantine.h"

#include <algorithm>

#include "core/crypto/digest.h"
#include "roles/node/books.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t part_size = 1ULL << 20U;

std::string inside(const std::string& name) {
  return std::string(paths::quarantine) + "/" + name;
}

template <class Also>
Result<Sha256Digest> digest_all(const ByteSource& from, Also&& also) {
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t offset = 0; offset < from.size(); offset += part_size) {
    const auto part = TRY(from.read(offset, std::min(part_size, from.size() - offset), part_size));
    hasher.update(part);
    TRY(also(part));
  }
  return hasher.finish_sha256();
}

Result<Sha256Digest> copy_into(Disk& disk, const ByteSource& from, const std::string& path) {
  const auto writer = TRY(disk.create_file(path));
  return digest_all(from, [&](BytesView part) { return writer->write(part); });
}

Quarantined not_kept(const ByteSource& refused, const std::string& why) {
  const auto digest = digest_all(refused, [](BytesView) { return Result<void>(); });
  return {"not kept: " + why, digest.ok() ? std::optional(digest.value()) : std::nullopt};
}

std::string path_of(const Sha256Digest& digest) {
  return inside(digest.text() + ".csar");
}

struct Kept {
  std::string name;
  std::uint64_t size;
  std::uint64_t changed;
};

Result<void> keep_the_newest(Disk& disk) {
  for (const auto& path : TRY(quarantine_surplus(disk))) TRY(disk.remove_tree(path));
  return {};
}

Result<Sha256Digest> keep(Disk& disk, const ByteSource& refused) {
  const std::string next = inside("next");
  TRY(disk.remove_tree(next));
  const auto digest = TRY(copy_into(disk, refused, next));
  TRY(disk.rename(next, path_of(digest)));
  TRY(disk.sync_folder(paths::quarantine));
  TRY(keep_the_newest(disk));
  return digest;
}

}  // namespace

Result<std::vector<std::string>> quarantine_surplus(Disk& disk) {
  std::vector<std::string> surplus;
  std::vector<Kept> all;
  for (const auto& name : TRY(disk.list(paths::quarantine))) {
    const auto status = TRY(disk.find(inside(name)));
    if (!status) continue;
    if (status->type != FileType::file || !name.ends_with(".csar")) {
      surplus.push_back(inside(name));
    } else {
      all.push_back({name, status->size, status->changed});
    }
  }
  std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) { return a.changed > b.changed; });
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bytes += all[i].size;
    if (i >= quarantine_files_max || bytes > quarantine_bytes_max) surplus.push_back(inside(all[i].name));
  }
  return surplus;
}

Quarantined put_into_quarantine(Disk& disk, const ByteSource& refused) {
  const auto space = disk.space();
  if (refused.size() > quarantine_bytes_max) return {"not kept: larger than the quarantine", std::nullopt};
  if (!space.ok() || space.value().bytes_free / 2 < refused.size())
    return not_kept(refused, "too little room");
  const auto kept = keep(disk, refused);
  if (kept.ok()) return {"kept as " + path_of(kept.value()), kept.value()};
  (void)disk.remove_tree(inside("next")).ok();
  return not_kept(refused, std::string(name(kept.error().code)));
}

}  // namespace sallyport::node
