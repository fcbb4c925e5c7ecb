// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/repository_files.h"

#include <algorithm>
#include <charconv>

namespace sallyport::operators {
namespace {

constexpr std::uint32_t public_mode = 0644;
constexpr std::uint64_t part_size = 4ULL << 20U;

std::string versioned(const std::string& role, std::uint64_t version) {
  return "metadata/" + std::to_string(version) + "." + role + ".json";
}

Result<void> make_public(Disk& disk, const std::string& path) {
  if (!path.empty()) TRY(disk.ensure_folder(path));
  const auto made = TRY(disk.find(path));
  if (!made.has_value()) return Error(Code::io_failed, path);
  return disk.seal_folder(path, {0755, made->uid, made->gid, {}});
}

// `to` gets each part, in order.
template <class Write>
Result<Sha256Digest> digest_of(const ByteSource& from, const Write& to) {
  Hasher hasher(Sha2::sha256);
  Bytes buffer(static_cast<std::size_t>(std::min(part_size, from.size())));
  for (std::uint64_t offset = 0; offset < from.size(); offset += part_size) {
    const std::span<std::uint8_t> part(buffer.data(),
                                       static_cast<std::size_t>(std::min(part_size, from.size() - offset)));
    TRY(from.read_at(offset, part));
    hasher.update(part);
    TRY(to(part));
  }
  return hasher.finish_sha256();
}

}  // namespace

Result<void> RepositoryFiles::make_folders() {
  for (const auto* folder : {"metadata", "targets", "targets/packages", "targets/verdicts", "targets/orders",
                             "targets/proofs", "targets/stops", "targets/crls", "targets/recalls"})
    TRY(make_public(disk_, folder));
  TRY(make_public(disk_, ""));
  return disk_.ensure_folder("staged");
}

Result<std::uint64_t> RepositoryFiles::newest(const std::string& role) {
  std::uint64_t highest = 0;
  for (const auto& name : TRY(disk_.list("metadata"))) {
    if (!name.ends_with("." + role + ".json")) continue;
    std::uint64_t version = 0;
    const auto* const begin = name.data();
    const auto [end, error] = std::from_chars(begin, begin + name.size(), version);
    if (error == std::errc() && std::string(end) == "." + role + ".json")
      highest = std::max(highest, version);
  }
  return highest;
}

Result<Bytes> RepositoryFiles::metadata(const std::string& role, std::uint64_t version) {
  return disk_.read_small(versioned(role, version), tuf::targets_size_max);
}

Result<void> RepositoryFiles::write_metadata(const std::string& name, const std::string& content) {
  return disk_.replace_file("metadata/" + name, as_bytes(content), public_mode);
}

Result<std::optional<Bytes>> RepositoryFiles::staged(const std::string& name) {
  const std::string path = "staged/" + name;
  if (!TRY(disk_.find(path)).has_value()) return std::optional<Bytes>();
  return std::optional<Bytes>(TRY(disk_.read_small(path, tuf::targets_size_max)));
}

Result<void> RepositoryFiles::write_staged(const std::string& name, BytesView content) {
  return disk_.replace_file("staged/" + name, content, public_mode);
}

Result<void> RepositoryFiles::drop_staged(const std::string& name) {
  if (TRY(disk_.find("staged/" + name)).has_value()) TRY(disk_.remove("staged/" + name));
  return {};
}

Result<Sha256Digest> digest_of(const ByteSource& content) {
  return digest_of(content, [](BytesView) { return Result<void>(); });
}

Result<tuf::FileDraft> RepositoryFiles::add_target(const std::string& path, const ByteSource& content) {
  const auto folder = "targets" + (parent_of(path).empty() ? "" : "/" + parent_of(path));
  TRY(make_public(disk_, folder));
  const std::string temporary = folder + "/" + name_of(path) + "+new";
  if (TRY(disk_.find(temporary)).has_value()) TRY(disk_.remove(temporary));
  const auto writer = TRY(disk_.create_file(temporary));
  const auto digest = TRY(digest_of(content, [&](BytesView part) { return writer->write(part); }));
  const auto made = TRY(disk_.find(temporary));
  if (!made.has_value()) return Error(Code::io_failed, temporary);
  TRY(writer->seal({public_mode, made->uid, made->gid, {}}));
  TRY(disk_.sync_file(temporary));
  TRY(disk_.rename(temporary, folder + "/" + digest.text() + "." + name_of(path)));
  TRY(disk_.sync_folder(folder));
  return tuf::FileDraft{content.size(), digest};
}

Result<std::optional<tuf::RootChain>> RepositoryFiles::roots() {
  const auto highest = TRY(newest("root"));
  if (highest == 0) return std::optional<tuf::RootChain>();
  // Each root was checked against the one before when it was published; clients check all of them again.
  const auto bytes = TRY(metadata("root", highest));
  return std::optional<tuf::RootChain>(TRY(tuf::RootChain::begin(bytes)));
}

}  // namespace sallyport::operators
