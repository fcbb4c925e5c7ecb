// SPDX-License-Identifier: Apache-2.0
#include "roles/node/repository_trust.h"

#include "roles/node/tuf_client.h"

namespace sallyport::node {
namespace {

using Versions = install::RootTrusted::Versions;

std::string kept_path(const std::string& name) {
  return std::string(metadata_folder) + "/" + name;
}

enum class Kept : std::uint8_t { no, yes };

Result<Kept> kept(Disk& disk, const std::string& name) {
  for (const auto& path : {std::string(repository_folder), std::string(metadata_folder), kept_path(name)}) {
    if (!TRY(disk.find(path)).has_value()) return Kept::no;
  }
  return Kept::yes;
}

Error not_the_pinned(const install::Repository& pinned, std::string where, std::string found) {
  return {Code::trust_file_damaged, std::move(where),
          "root " + std::to_string(pinned.version) + " of the repository, " + pinned.root.text(),
          std::move(found)};
}

bool is_pinned(const install::Repository& pinned, const Bytes& root) {
  const auto digest = sha256(root);
  return digest == pinned.root || (pinned.before && digest == *pinned.before);
}

Result<void> check_given(const std::optional<install::Repository>& pinned, const Bytes& root) {
  TRY(tuf::RootChain::begin(root));
  if (!pinned || is_pinned(*pinned, root)) return {};
  return not_the_pinned(*pinned, "the root to pin", sha256(root).text());
}

Result<void> check_kept_root(Disk& disk, const install::Repository& pinned) {
  const auto bytes = TRY(disk.read_small(kept_path("root.json"), tuf::root_size_max));
  if (is_pinned(pinned, bytes)) return {};
  return not_the_pinned(pinned, kept_path("root.json"), sha256(bytes).text());
}

// F07: a comparison with nothing is none.
Result<void> check_kept_versions(Disk& disk, const install::Repository& pinned) {
  if (pinned.snapshot == 0) return {};
  for (const auto* name : {"timestamp.json", "snapshot.json"}) {
    if (TRY(kept(disk, name)) == Kept::no)
      return Error(Code::trust_file_damaged, kept_path(name),
                   "what was seen with snapshot " + std::to_string(pinned.snapshot), "none");
  }
  return {};
}

Result<void> check_kept(Disk& disk, const install::Repository& pinned) {
  if (TRY(kept(disk, "root.json")) == Kept::no)
    return not_the_pinned(pinned, kept_path("root.json"), "none; give it with --pin");
  TRY(check_kept_root(disk, pinned));
  return check_kept_versions(disk, pinned);
}

Result<void> make_folders(Disk& disk) {
  TRY(disk.ensure_folder(repository_folder));
  for (const auto* name : {"metadata", "orders", "verdicts", "packages", "stops", "crls", "recalls"})
    TRY(disk.ensure_folder(std::string(repository_folder) + "/" + name));
  return {};
}

}  // namespace

Result<void> settle_root(const Ports& ports, Books& books, const Bytes& first_root) {
  const auto& pinned = books.state().repository;
  const auto path = kept_path("root.json");
  const bool there = TRY(kept(ports.disk, "root.json")) == Kept::yes;
  if (first_root.empty() && pinned) TRY(check_kept(ports.disk, *pinned));
  if (first_root.empty() && !there)
    return Error(Code::file_missing, path, "a pinned root: give the first one with --pin", "none");
  if (!first_root.empty() && there)
    return Error(Code::file_exists, path, "no --pin: the first root is pinned once",
                 "a root that is pinned already");
  if (!first_root.empty()) TRY(check_given(pinned, first_root));
  TRY(make_folders(ports.disk));
  if (!first_root.empty()) TRY(TufClient::pin(ports.disk, metadata_folder, first_root));
  TRY(books.mend());
  if (pinned) return {};
  const auto bytes = TRY(ports.disk.read_small(path, tuf::root_size_max));
  const auto chain = TRY(tuf::RootChain::begin(bytes));
  return books.append(
      {ports.now, install::RootTrusted{chain.root().version, sha256(bytes), Versions::go_on}});
}

Result<void> remember_root(const Ports& ports, Books& books, const tuf::RootChain& chain, BytesView root) {
  const auto digest = sha256(root);
  const auto& pinned = books.state().repository;
  if (pinned && pinned->root == digest) return {};  // a sync that was cut short had come as far as this
  const auto versions =
      chain.online() == tuf::RootChain::Online::keys_replaced ? Versions::begin_anew : Versions::go_on;
  return books.append({ports.now, install::RootTrusted{chain.root().version, digest, versions}});
}

Result<void> remember_snapshot(const Ports& ports, Books& books, std::uint64_t version) {
  const auto seen = books.state().repository->snapshot;
  if (version < seen)
    return Error(Code::tuf_rollback, "snapshot", "version " + std::to_string(seen) + " or later",
                 std::to_string(version));
  if (version == seen) return {};
  return books.append({ports.now, install::RepositorySeen{version}});
}

Result<std::vector<Error>> repository_findings(Disk& disk, const install::State& state) {
  std::vector<Error> findings;
  if (!state.repository) return findings;
  auto checked = check_kept(disk, *state.repository);
  if (checked.ok()) return findings;
  if (kind_of(checked.error().code) == Kind::fault && checked.error().code != Code::file_missing)
    return checked.take_error();
  findings.push_back(checked.take_error());
  return findings;
}

}  // namespace sallyport::node
