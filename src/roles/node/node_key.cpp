// SPDX-License-Identifier: Apache-2.0
#include "roles/node/node_key.h"

#include <fmt/format.h>

namespace sallyport::node {
namespace {

constexpr std::uint64_t public_key_size_max = 16384;

Error damaged(const char* file, std::string expected, std::string found) {
  return {Code::trust_file_damaged, file, std::move(expected), std::move(found)};
}

std::string show(const FileStatus& status) {
  return fmt::format("{}, mode {:04o}, owner {}, {} name(s)",
                     status.type == FileType::file ? "file" : "something else", status.mode, status.uid,
                     status.links);
}

std::optional<Error> wrong_file(Disk& disk, const char* path, const Result<std::optional<FileStatus>>& found,
                                std::uint32_t forbidden) {
  if (!found.ok()) return damaged(path, "a file", std::string(name(found.error().code)));
  if (!found.value()) return damaged(path, "a file", "nothing");
  const auto root = disk.find("");
  const auto& status = *found.value();
  const bool ours = root.ok() && root.value() && status.uid == root.value()->uid;
  const bool sound =
      status.type == FileType::file && ours && (status.mode & forbidden) == 0 && status.links == 1;
  if (sound) return std::nullopt;
  return damaged(path,
                 fmt::format("a file of the root's owner, none of the mode bits {:04o}, 1 name", forbidden),
                 show(status));
}

std::optional<Error> wrong_pair(Disk& disk, const Result<PublicKey>& derived) {
  if (!derived.ok()) {
    return damaged(paths::private_key, "a private key", std::string(name(derived.error().code)));
  }
  const auto bytes = disk.read_small(paths::public_key, public_key_size_max);
  if (!bytes.ok()) return std::nullopt;  // said already
  const auto given = PublicKey::from_pem(as_text(bytes.value()));
  if (given.ok() && given.value().id() == derived.value().id()) return std::nullopt;
  return damaged(paths::public_key, "the public key of node.key, " + derived.value().id().text(),
                 given.ok() ? given.value().id().text() : "no public key");
}

}  // namespace

Result<void> check_node_key(const KeyId& opened, const KeyId& pinned) {
  if (opened == pinned) return {};
  return damaged(paths::private_key, "the key that the journal pins, " + pinned.text(), opened.text());
}

std::vector<Error> inspect_node_key(Disk& disk, const Result<PublicKey>& derived,
                                    const std::optional<KeyId>& pinned) {
  std::vector<Error> findings;
  for (auto& wrong : {wrong_file(disk, paths::private_key, disk.find(paths::private_key), 07177),
                      wrong_file(disk, paths::public_key, disk.find(paths::public_key), 07133),
                      wrong_pair(disk, derived)}) {
    if (wrong) findings.push_back(*wrong);
  }
  if (!derived.ok() || !pinned) return findings;
  const auto same = check_node_key(derived.value().id(), *pinned);
  if (!same.ok()) findings.push_back(same.error());
  return findings;
}

}  // namespace sallyport::node
