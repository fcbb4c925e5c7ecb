// SPDX-License-Identifier: Apache-2.0
#include "roles/node/layout.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace sallyport::node {
namespace {

// Fewer than what file systems allow (ext4: 65,000): the rest gets an inode of its own.
constexpr std::size_t links_max = 30000;

class Pieces {
 public:
  explicit Pieces(const Tree& tree) {
    for (const auto& object : tree.objects) {
      by_content_.emplace(object.digest, list_.size());
      list_.push_back({&object, {}});
    }
  }

  void add(const TreeEntry& entry) {
    const auto [found, is_new] = by_content_.emplace(*entry.digest, list_.size());
    if (is_new) list_.push_back({nullptr, {}});
    auto& files = list_[found->second].files;
    if (!entry.capabilities.empty()) {
      files.push_back({&entry, {}, {}});
      return;
    }
    const auto key = std::tuple(found->second, entry.mode, entry.uid, entry.gid);
    const auto [shared, is_first] = by_metadata_.emplace(key, files.size());
    if (!is_first && files[shared->second].others.size() < links_max) {
      files[shared->second].others.push_back(&entry);
      return;
    }
    shared->second = files.size();
    files.push_back({&entry, {}, object_path(*entry.digest, entry.mode, entry.uid, entry.gid)});
  }

  std::vector<Piece> take() { return std::move(list_); }

 private:
  using Metadata = std::tuple<std::size_t, std::uint32_t, std::uint32_t, std::uint32_t>;  // of a piece

  std::vector<Piece> list_;
  std::map<FileDigest, std::size_t> by_content_;
  std::map<Metadata, std::size_t> by_metadata_;
};

}  // namespace

std::string object_path(const FileDigest& digest, std::uint32_t mode, std::uint32_t uid, std::uint32_t gid) {
  const auto text = digest.text();
  return fmt::format("objects/{}/{}.{:o}.{}.{}", text.substr(0, 2), text.substr(2), mode, uid, gid);
}

std::vector<Piece> pieces_of(const Tree& tree) {
  Pieces pieces(tree);
  for (const auto& entry : tree.entries) {
    if (entry.type == EntryType::file) pieces.add(entry);
  }
  return pieces.take();
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
