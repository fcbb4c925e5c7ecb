// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/bundle.h"

#include <algorithm>

#include "core/format/zip.h"
#include "core/trust/tuf/paths.h"
#include "roles/operator/repository_files.h"

namespace sallyport::operators {
namespace {

constexpr std::uint64_t part_size = 1ULL << 20U;

struct Contents {
  std::vector<ZipPlanMember> members;
  std::uint64_t packages = 0;
  std::uint64_t packages_left_out = 0;
};

Result<void> read_through(const ByteSource& from, ByteSink& to) {
  Bytes buffer(static_cast<std::size_t>(std::min(part_size, from.size())));
  for (std::uint64_t offset = 0; offset < from.size(); offset += part_size) {
    const std::span<std::uint8_t> part(buffer.data(),
                                       static_cast<std::size_t>(std::min(part_size, from.size() - offset)));
    TRY(from.read_at(offset, part));
    TRY(to.write(part));
  }
  return {};
}

class Checksums final : public ByteSink {
 public:
  Result<void> write(BytesView bytes) override {
    crc_ = crc32(crc_, bytes);
    hasher_.update(bytes);
    return {};
  }
  std::uint32_t crc() const { return crc_; }
  Sha256Digest digest() { return hasher_.finish_sha256(); }

 private:
  std::uint32_t crc_ = 0;
  Hasher hasher_{Sha2::sha256};
};

Result<Sha256Digest> add(Disk& disk, const std::string& path, Contents& contents) {
  const auto file = disk.open(path);
  if (!file.ok() && file.error().code == Code::file_missing)
    return Error(Code::server_file_missing, path, "what the repository lists", "none");
  if (!file.ok()) return file.error();
  Checksums sums;
  TRY(read_through(*file.value(), sums));
  const auto name = TRY(RelativePath::parse(path));
  contents.members.push_back({name, file.value()->size(), sums.crc()});
  return sums.digest();
}

Result<void> add_metadata(Disk& disk, const std::string& role, std::uint64_t version, Contents& contents) {
  TRY(add(disk, "metadata/" + std::to_string(version) + "." + role + ".json", contents));
  return {};
}

Result<void> add_target(Disk& disk, const tuf::Root& root, const std::string& path,
                        const tuf::TargetFile& file, Contents& contents) {
  const auto stored = "targets/" + tuf::target_file(root, path, file);
  const auto digest = TRY(add(disk, stored, contents));
  const auto listed = file.hashes.known.find("sha256");
  if (listed != file.hashes.known.end() && listed->second == digest.text() &&
      contents.members.back().size == file.length)
    return {};
  return Error(Code::tuf_digest_mismatch, stored, "what the repository lists", digest.text());
}

bool left_out(const std::string& path, const tuf::TargetFile& file, const std::set<Sha256Digest>& have) {
  const auto digest = Sha256Digest::parse(file.hashes.first);
  return path.starts_with("packages/") && digest.ok() && have.contains(digest.value());
}

Result<void> add_role(Disk& disk, RepositoryFiles& files, const tuf::Root& root, const std::string& role,
                      std::uint64_t version, const BundleRequest& request, Contents& contents) {
  TRY(add_metadata(disk, role, version, contents));
  const auto bytes = TRY(files.metadata(role, version));
  const auto targets = TRY(tuf::parse_targets(bytes));
  for (const auto& [path, file] : targets.files) {
    if (left_out(path, file, request.have)) {
      ++contents.packages_left_out;
      continue;
    }
    TRY(add_target(disk, root, path, file, contents));
    if (path.starts_with("packages/")) ++contents.packages;
  }
  return {};
}

Result<void> write_all(Disk& disk, const Contents& contents, const ZipPlan& plan, ByteSink& to) {
  for (std::size_t i = 0; i < contents.members.size(); ++i) {
    const auto& member = contents.members[i];
    TRY(to.write(plan.local_headers[i]));
    const auto file = TRY(disk.open(member.name.text()));
    if (file->size() != member.size)
      return Error(Code::truncated, member.name.text(), "a file that nobody changes meanwhile", "another");
    TRY(read_through(*file, to));
  }
  return to.write(plan.tail);
}

}  // namespace

Result<BundleReport> export_bundle(Disk& repository, const BundleRequest& request, ByteSink& to) {
  RepositoryFiles files(repository);
  const auto chain = TRY(files.roots());
  if (!chain.has_value())
    return Error(Code::tuf_role_missing, "the repository", "a root that officers signed", "none");
  const auto& root = chain->root();
  Contents contents;
  const auto timestamp_bytes = TRY(repository.read_small("metadata/timestamp.json", tuf::timestamp_size_max));
  const auto timestamp = TRY(tuf::parse_timestamp(timestamp_bytes));
  TRY(add(repository, "metadata/timestamp.json", contents));
  for (std::uint64_t version = 1; version <= root.version; ++version)
    TRY(add_metadata(repository, "root", version, contents));
  TRY(add_metadata(repository, "snapshot", timestamp.snapshot.version, contents));
  const auto snapshot_bytes = TRY(files.metadata("snapshot", timestamp.snapshot.version));
  const auto snapshot = TRY(tuf::parse_snapshot(snapshot_bytes));
  for (const auto& [role, file] : snapshot.roles)
    TRY(add_role(repository, files, root, role, file.version, request, contents));
  const auto plan = TRY(plan_zip(contents.members, bundle_limits));
  TRY(write_all(repository, contents, plan, to));
  return BundleReport{
      root.version,      timestamp.snapshot.version, timestamp.version, contents.members.size(),
      contents.packages, contents.packages_left_out, plan.file_size};
}

}  // namespace sallyport::operators
