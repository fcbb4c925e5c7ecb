// SPDX-License-Identifier: Apache-2.0
#include "roles/node/tuf_client.h"

#include <algorithm>

#include "core/trust/tuf/paths.h"
#include "core/trust/tuf/search.h"
#include "roles/node/tuf_transfer.h"

namespace sallyport::node {
namespace {

// How many roots one refresh walks: more than a repository that changes its root daily collects in two years.
constexpr std::uint64_t roots_max = 1024;
constexpr std::size_t name_size_max = 200;  // of 255, with room for what is appended while writing
constexpr std::uint32_t file_mode = 0644;

std::string local_path(const TufPlace& place, const std::string& name) {
  return place.folder.empty() ? name : place.folder + "/" + name;
}

std::string url_of(const std::string& base, const std::string& file) {
  return base + (base.ends_with('/') ? "" : "/") + file;
}

Result<Bytes> fetch_metadata(const TufPlace& place, const std::string& file, std::uint64_t size_max) {
  return place.fetcher.fetch_small(url_of(place.metadata_url, file), size_max);
}

Result<void> keep(const TufPlace& place, const std::string& name, BytesView bytes) {
  return place.disk.replace_file(local_path(place, name), bytes, file_mode).within("keeping " + name);
}

// None when it is not there or cannot be read: then there is nothing to compare with.
std::optional<Bytes> recall(const TufPlace& place, const std::string& name, std::uint64_t size_max) {
  auto bytes = place.disk.read_small(local_path(place, name), size_max);
  if (!bytes.ok()) return std::nullopt;
  return std::move(bytes).value();
}

Result<void> forget(const TufPlace& place, const std::string& name) {
  const auto path = local_path(place, name);
  if (!TRY(place.disk.find(path)).has_value()) return {};
  TRY(place.disk.remove(path));
  return place.disk.sync_folder(place.folder);
}

Result<tuf::RootChain> walk_roots(const TufPlace& place) {
  const auto pinned = TRY(place.disk.read_small(local_path(place, "root.json"), tuf::root_size_max));
  auto chain = TRY(tuf::RootChain::begin(pinned).within("the root that is kept here"));
  for (std::uint64_t i = 0; i < roots_max; ++i) {
    const auto file = std::to_string(chain.root().version + 1) + ".root.json";
    auto next = fetch_metadata(place, file, tuf::root_size_max);
    if (!next.ok() && next.error().code == Code::server_file_missing) break;
    const auto bytes = TRY(std::move(next));
    TRY(chain.extend(bytes).within(file));
    if (place.root_accepted) TRY(place.root_accepted(chain, bytes));
    // Before the new root: an interruption in between costs nothing but a comparison.
    if (chain.online() == tuf::RootChain::Online::keys_replaced) {
      TRY(forget(place, "snapshot.json"));
      TRY(forget(place, "timestamp.json"));
    }
    TRY(keep(place, "root.json", bytes));
  }
  return chain;
}

}  // namespace

std::string file_name_for(const std::string& text) {
  auto name = tuf::quoted(text);
  const bool usable = name.size() <= name_size_max && !name.empty() && name != "." && name != "..";
  return usable ? name : sha256(as_bytes(text)).text();
}

Result<void> TufClient::pin(Disk& disk, const std::string& folder, BytesView root) {
  TRY(tuf::RootChain::begin(root));
  return disk.replace_file(folder.empty() ? "root.json" : folder + "/root.json", root, file_mode);
}

Result<TufClient> TufClient::refresh(const TufPlace& place, Instant now) {
  const auto chain = TRY(walk_roots(place));
  TufClient client(place, TRY(tuf::TrustedSet::begin(chain, now)));
  TRY(client.refresh_timestamp());
  TRY(client.refresh_snapshot());
  TRY(client.trust(tuf::targets_edge()));
  return client;
}

Result<void> TufClient::refresh_timestamp() {
  if (const auto kept = recall(place_, "timestamp.json", tuf::timestamp_size_max))
    (void)set_.recall_timestamp(*kept);
  const auto bytes = TRY(fetch_metadata(place_, "timestamp.json", tuf::timestamp_size_max));
  if (TRY(set_.offer_timestamp(bytes)) == tuf::TrustedSet::Offered::kept) return {};
  return keep(place_, "timestamp.json", bytes);
}

Result<void> TufClient::refresh_snapshot() {
  if (const auto kept = recall(place_, "snapshot.json", tuf::snapshot_size_max))
    (void)set_.recall_snapshot(*kept);
  if (set_.snapshot_is_current()) return {};
  const auto& wanted = set_.snapshot_wanted();
  const auto bytes =
      TRY(fetch_metadata(place_, tuf::metadata_file(set_.root(), "snapshot", wanted.version),
                         std::min(wanted.length.value_or(tuf::snapshot_size_max), tuf::snapshot_size_max)));
  TRY(set_.offer_snapshot(bytes));
  return keep(place_, "snapshot.json", bytes);
}

Result<void> TufClient::trust(const tuf::Edge& edge) {
  if (TRY(set_.holds(edge)) == tuf::TrustedSet::Held::yes) return {};
  const auto wanted = TRY(set_.targets_wanted(edge.role));
  const auto name = file_name_for(edge.role) + ".json";
  if (const auto kept = recall(place_, name, tuf::targets_size_max)) {
    if (set_.offer_targets(edge, *kept).ok()) return {};
  }
  const auto bytes =
      TRY(fetch_metadata(place_, tuf::metadata_file(set_.root(), edge.role, wanted.version),
                         std::min(wanted.length.value_or(tuf::targets_size_max), tuf::targets_size_max)));
  TRY(set_.offer_targets(edge, bytes));
  return keep(place_, name, bytes);
}

Result<const tuf::Targets*> TufClient::role(const tuf::Edge& edge) {
  TRY(trust(edge));
  return &set_.targets(edge.role);
}

Result<tuf::TargetFile> TufClient::find(const std::string& path) {
  tuf::TargetSearch search(path);
  while (const auto edge = TRY(search.next())) {
    TRY(trust(*edge));
    if (const auto* file = search.visit(set_.targets(edge->role), edge->role)) return *file;
  }
  return Error(Code::tuf_target_unknown, path, "a target of this name", "none");
}

Result<TufClient::Fetched> TufClient::download(const std::string& path, const tuf::TargetFile& file,
                                               Disk& into, const std::string& name) {
  if (is_there(into, name, file)) return Fetched::was_there;
  TargetTransfer transfer(place_.fetcher,
                          url_of(place_.targets_url, tuf::target_file(set_.root(), path, file)), file, path);
  TRY(transfer.run(into, name));
  return Fetched::fetched;
}

}  // namespace sallyport::node
