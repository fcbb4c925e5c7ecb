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

Result<Sha256Digest> copy_into(Disk& disk, const ByteSource& from, const std::string& path) {
  const auto writer = TRY(disk.create_file(path));
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t offset = 0; offset < from.size(); offset += part_size) {
    const auto part = TRY(from.read(offset, std::min(part_size, from.size() - offset), part_size));
    hasher.update(part);
    TRY(writer->write(part));
  }
  return hasher.finish_sha256();
}

struct Kept {
  std::string name;
  std::uint64_t size;
  std::uint64_t changed;
};

Result<void> keep_the_newest(Disk& disk) {
  std::vector<Kept> all;
  for (const auto& name : TRY(disk.list(paths::quarantine))) {
    const auto status = TRY(disk.find(inside(name)));
    if (status) all.push_back({name, status->size, status->changed});
  }
  std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) { return a.changed > b.changed; });
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bytes += all[i].size;
    if (i < quarantine_files_max && bytes <= quarantine_bytes_max) continue;
    TRY(disk.remove_tree(inside(all[i].name)));
  }
  return {};
}

Result<std::string> keep(Disk& disk, const ByteSource& refused) {
  const std::string next = inside("next");
  TRY(disk.remove_tree(next));
  const auto digest = TRY(copy_into(disk, refused, next));
  const std::string path = inside(digest.text() + ".csar");
  TRY(disk.rename(next, path));
  TRY(disk.sync_folder(paths::quarantine));
  TRY(keep_the_newest(disk));
  return path;
}

}  // namespace

std::string put_into_quarantine(Disk& disk, const ByteSource& refused) {
  const auto space = disk.space();
  if (refused.size() > quarantine_bytes_max) return "not kept: larger than the quarantine";
  if (!space.ok() || space.value().bytes_free / 2 < refused.size()) return "not kept: too little room";
  const auto kept = keep(disk, refused);
  if (kept.ok()) return "kept as " + kept.value();
  (void)disk.remove_tree(inside("next")).ok();
  return "not kept: " + std::string(name(kept.error().code));
}

}  // namespace sallyport::node
