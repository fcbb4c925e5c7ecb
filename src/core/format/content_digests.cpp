// SPDX-License-Identifier: Apache-2.0
#include "core/format/content_digests.h"

#include <algorithm>
#include <atomic>

#include "core/format/content.h"

namespace sallyport {
namespace {

std::array<Bytes, 3> digests_of(const std::set<Sha2>& algorithms, std::vector<Hasher>& hashers) {
  std::array<Bytes, 3> digests;
  std::size_t next = 0;
  for (const auto algorithm : algorithms)
    digests[static_cast<std::size_t>(algorithm)] = hashers[next++].finish();
  return digests;
}

Result<Sha256Digest> as_sha256(const Bytes& bytes) {
  return Sha256Digest::parse(hex(bytes));
}

}  // namespace

ContentDigests::ContentDigests(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.content < b.content; });
  for (const auto& entry : entries_) {
    const auto& digest = entry.digests[static_cast<std::size_t>(Sha2::sha256)];
    if (!digest.empty()) by_sha256_.emplace_back(as_sha256(digest).value(), entry.content);
  }
  std::sort(by_sha256_.begin(), by_sha256_.end());
}

Result<ContentDigests> ContentDigests::of(const std::vector<ContentObject>& objects, const ByteSource& file,
                                          std::uint64_t pack_offset, std::uint64_t pack_size,
                                          const std::set<Sha2>& algorithms, Workers& workers) {
  std::vector<Entry> entries;
  entries.reserve(objects.size());
  for (const auto& object : objects) entries.push_back({object.digest, {}});
  std::atomic<std::size_t> next = 0;
  TRY(workers.run(workers.width(), [&](std::size_t) -> Result<void> {
    ContentReader reader(file, pack_offset, pack_size);
    for (std::size_t i = next++; i < objects.size(); i = next++) {
      std::vector<Hasher> hashers;
      for (const auto algorithm : algorithms) hashers.emplace_back(algorithm);
      TRY(reader.read(objects[i], [&](BytesView part) -> Result<void> {
        for (auto& hasher : hashers) hasher.update(part);
        return {};
      }));
      entries[i].digests = digests_of(algorithms, hashers);
    }
    return {};
  }));
  return ContentDigests(std::move(entries));
}

const Bytes* ContentDigests::find(const FileDigest& content, Sha2 algorithm) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), content,
                       [](const Entry& entry, const FileDigest& wanted) { return entry.content < wanted; });
  if (found == entries_.end() || found->content != content) return nullptr;
  const auto& digest = found->digests[static_cast<std::size_t>(algorithm)];
  return digest.empty() ? nullptr : &digest;
}

std::optional<FileDigest> ContentDigests::with_sha256(const Sha256Digest& digest) const {
  const auto found =
      std::lower_bound(by_sha256_.begin(), by_sha256_.end(), digest,
                       [](const auto& entry, const Sha256Digest& wanted) { return entry.first < wanted; });
  if (found == by_sha256_.end() || found->first != digest) return std::nullopt;
  return found->second;
}

}  // namespace sallyport
