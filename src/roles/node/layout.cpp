// SPDX-License-Identifier: Apache-2.0
#include "roles/node/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace sallyport::node {
namespace {

// Fewer than what file systems allow (ext4: 65,000): the rest gets an inode of its own.
constexpr std::size_t links_max = 30000;

SharedFile* same_file(Piece& piece, const TreeEntry& entry) {
  for (auto& file : piece.files) {
    const auto& first = *file.first;
    const bool same =
        std::tie(first.mode, first.uid, first.gid) == std::tie(entry.mode, entry.uid, entry.gid);
    if (same && !file.object.empty() && file.others.size() < links_max) return &file;
  }
  return nullptr;
}

void add_file(Piece& piece, const TreeEntry& entry) {
  if (!entry.capabilities.empty()) {
    piece.files.push_back({&entry, {}, {}});
    return;
  }
  if (auto* file = same_file(piece, entry)) {
    file->others.push_back(&entry);
    return;
  }
  piece.files.push_back({&entry, {}, object_path(*entry.digest, entry.mode, entry.uid, entry.gid)});
}

}  // namespace

std::string object_path(const FileDigest& digest, std::uint32_t mode, std::uint32_t uid, std::uint32_t gid) {
  const auto text = digest.text();
  return fmt::format("objects/{}/{}.{:o}.{}.{}", text.substr(0, 2), text.substr(2), mode, uid, gid);
}

std::vector<Piece> pieces_of(const Tree& tree) {
  std::vector<Piece> pieces;
  std::map<FileDigest, std::size_t> index;
  for (const auto& object : tree.objects) {
    index.emplace(object.digest, pieces.size());
    pieces.push_back({&object, {}});
  }
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::file) continue;
    const auto [found, added] = index.emplace(*entry.digest, pieces.size());
    if (added) pieces.push_back({nullptr, {}});
    add_file(pieces[found->second], entry);
  }
  return pieces;
}

std::vector<Portion> portions_of(const std::vector<std::uint64_t>& sizes, std::uint64_t bytes_each,
                                 std::size_t count_max) {
  std::vector<Portion> portions;
  std::uint64_t bytes = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    bytes += sizes[i];
    if (bytes < bytes_each && i + 1 - begin < count_max) continue;
    portions.push_back({begin, i + 1});
    begin = i + 1;
    bytes = 0;
  }
  if (begin < sizes.size()) portions.push_back({begin, sizes.size()});
  return portions;
}

}  // namespace sallyport::node
