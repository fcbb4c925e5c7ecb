// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/bundle.h"

#include <algorithm>

#include "core/format/dsse.h"
#include "core/format/order.h"
#include "core/format/policy.h"
#include "core/format/zip.h"
#include "core/trust/tuf/paths.h"
#include "core/trust/tuf/trusted_set.h"

namespace sallyport::operators {
namespace {

constexpr std::uint64_t part_size = 1ULL << 20U;
constexpr std::uint64_t roots_max = 1024;  // as a node follows them

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

Result<Sha256Digest> add(BundleSource& from, const std::string& path, std::uint64_t size_max,
                         Contents& contents) {
  const auto file = TRY(from.open(path, size_max));
  Checksums sums;
  TRY(read_through(*file, sums));
  const auto name = TRY(RelativePath::parse(path));
  contents.members.push_back({name, file->size(), sums.crc()});
  return sums.digest();
}

std::string metadata_path(const std::string& role, std::uint64_t version) {
  return "metadata/" + std::to_string(version) + "." + role + ".json";
}

// The chain to the newest one, as far as it can be followed from the first.
Result<tuf::RootChain> add_roots(BundleSource& from, Contents& contents) {
  auto first = from.read(metadata_path("root", 1), tuf::root_size_max);
  if (!first.ok() && first.error().code == Code::server_file_missing)
    return Error(Code::tuf_role_missing, "the repository", "a root that officers signed", "none");
  auto bytes = TRY(std::move(first));
  auto chain = TRY(tuf::RootChain::begin(bytes));
  TRY(add(from, metadata_path("root", 1), tuf::root_size_max, contents));
  for (std::uint64_t version = 2; version <= roots_max; ++version) {
    const auto path = metadata_path("root", version);
    auto next = from.read(path, tuf::root_size_max);
    if (!next.ok() && next.error().code == Code::server_file_missing) break;
    bytes = TRY(std::move(next));
    TRY(chain.extend(bytes).within(path));
    TRY(add(from, path, tuf::root_size_max, contents));
  }
  return chain;
}

std::string stored_path(const tuf::Root& root, const std::string& path, const tuf::TargetFile& file) {
  return "targets/" + tuf::target_file(root, path, file);
}

Result<void> add_target(BundleSource& from, const tuf::Root& root, const std::string& path,
                        const tuf::TargetFile& file, Contents& contents) {
  const auto stored = stored_path(root, path, file);
  const auto digest = TRY(add(from, stored, file.length, contents));
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

bool is_below(const std::string& path, std::initializer_list<std::string_view> folders) {
  return std::any_of(folders.begin(), folders.end(), [&](auto folder) { return path.starts_with(folder); });
}

// What a pool needs of a list of deliveries besides its stop orders: its recalls, and what its orders say, which nobody
// has to believe for that.
Result<std::set<std::string>> wanted_by(const PoolId& pool, BundleSource& from, const tuf::Root& root,
                                        const tuf::Targets& targets) {
  std::set<std::string> wanted;
  for (const auto& [path, file] : targets.files) {
    if (path.starts_with("recalls/" + pool.text() + "/")) {
      const auto begin = path.rfind('/') + 1;  // named by its digest, as its proof is
      wanted.insert({path, "proofs/" + path.substr(begin, path.rfind('.') - begin) + ".proof"});
    }
    if (!path.starts_with("orders/" + pool.text() + "/")) continue;
    const auto bytes = TRY(from.read(stored_path(root, path, file), envelope_size_max));
    const auto envelope = TRY(parse_envelope(bytes).within(path));
    const auto order = TRY(parse_order(envelope.payload).within(path));
    wanted.insert({path, "verdicts/" + order.verdict.text() + ".dsse",
                   "packages/" + order.package.text() + ".csar",
                   "proofs/" + sha256(envelope.payload).text() + ".proof"});
  }
  return wanted;
}

// A slip of the pen would else send an empty bundle on its way.
Result<void> check_pool(const PoolId& pool, BundleSource& from, const tuf::Root& root,
                        const tuf::Targets& targets) {
  const auto listed = targets.files.find("policy.json");
  if (listed == targets.files.end()) return {};
  const auto bytes = TRY(from.read(stored_path(root, listed->first, listed->second), policy_size_max));
  const auto policy = TRY(parse_policy(bytes).within("the repository's policy"));
  if (policy.pools.contains(pool)) return {};
  return Error(Code::usage_error, "--pool", "a pool of the repository's policy", pool.text());
}

Result<void> add_role(BundleSource& from, const tuf::Root& root, const std::string& role,
                      std::uint64_t version, const BundleRequest& request, Contents& contents) {
  const auto metadata = metadata_path(role, version);
  TRY(add(from, metadata, tuf::targets_size_max, contents));
  const auto bytes = TRY(from.read(metadata, tuf::targets_size_max));
  const auto targets = TRY(tuf::parse_targets(bytes));
  std::set<std::string> wanted;
  if (request.pool) TRY(check_pool(*request.pool, from, root, targets));
  if (request.pool) wanted = TRY(wanted_by(*request.pool, from, root, targets));
  for (const auto& [path, file] : targets.files) {
    const bool is_of_a_pool =
        is_below(path, {"orders/", "verdicts/", "packages/", "proofs/", "stops/", "recalls/"});
    const bool is_ours = !request.pool || !is_of_a_pool || wanted.contains(path) ||
                         path.starts_with("stops/" + request.pool->text() + "/");
    if (!is_ours) continue;
    if (left_out(path, file, request.have)) {
      ++contents.packages_left_out;
      continue;
    }
    TRY(add_target(from, root, path, file, contents));
    if (path.starts_with("packages/")) ++contents.packages;
  }
  return {};
}

Result<void> write_all(BundleSource& from, const Contents& contents, const ZipPlan& plan, ByteSink& to) {
  for (std::size_t i = 0; i < contents.members.size(); ++i) {
    const auto& member = contents.members[i];
    TRY(to.write(plan.local_headers[i]));
    const auto file = TRY(from.open(member.name.text(), member.size));
    if (file->size() != member.size)
      return Error(Code::truncated, member.name.text(), "a file that nobody changes meanwhile", "another");
    TRY(read_through(*file, to));
  }
  return to.write(plan.tail);
}

}  // namespace

Result<BundleReport> export_bundle(BundleSource& from, const BundleRequest& request, ByteSink& to) {
  constexpr const char* timestamp_path = "metadata/timestamp.json";
  Contents contents;
  const auto timestamp_bytes = TRY(from.read(timestamp_path, tuf::timestamp_size_max));
  const auto timestamp = TRY(tuf::parse_timestamp(timestamp_bytes));
  TRY(add(from, timestamp_path, tuf::timestamp_size_max, contents));
  const auto chain = TRY(add_roots(from, contents));
  const auto& root = chain.root();
  const auto snapshot_path = metadata_path("snapshot", timestamp.snapshot.version);
  TRY(add(from, snapshot_path, tuf::snapshot_size_max, contents));
  const auto snapshot_bytes = TRY(from.read(snapshot_path, tuf::snapshot_size_max));
  const auto snapshot = TRY(tuf::parse_snapshot(snapshot_bytes));
  for (const auto& [role, file] : snapshot.roles)
    TRY(add_role(from, root, role, file.version, request, contents));
  const auto plan = TRY(plan_zip(contents.members, bundle_limits));
  TRY(write_all(from, contents, plan, to));
  return BundleReport{
      root.version,      timestamp.snapshot.version, timestamp.version, contents.members.size(),
      contents.packages, contents.packages_left_out, plan.file_size};
}

}  // namespace sallyport::operators
