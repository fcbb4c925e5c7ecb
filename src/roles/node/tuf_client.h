// SPDX-License-Identifier: Apache-2.0
// A TUF repository as seen from here: fetches its metadata, keeps what is trusted, finds targets and fetches them.
// What is trusted is decided by core/trust/tuf alone; this is what goes between it and the ports.
//
// Kept in the folder: root.json, timestamp.json, snapshot.json, targets.json and one file for each delegated role that
// was needed, byte for byte as served. A file is written after it was accepted, whole or not at all, each root as soon
// as it was accepted; so whatever interrupts a refresh, the next one begins with a state that was trusted.
#pragma once

#include <functional>

#include "adapters/disk/port.h"
#include "adapters/http/port.h"
#include "core/trust/tuf/trusted_set.h"

namespace sallyport::node {

struct TufPlace {
  Disk& disk;
  std::string folder;  // of the metadata, below the disk's; "" for the disk's own
  Fetcher& fetcher;
  std::string metadata_url;
  std::string targets_url;
  // Called with each further root when it was accepted and before it is kept; an error ends the refresh.
  std::function<Result<void>(const tuf::RootChain&, BytesView)> root_accepted = {};
};

class TufClient {
 public:
  // Puts the first root there: everything else comes to be trusted through it.
  static Result<void> pin(Disk& disk, const std::string& folder, BytesView root);

  // The whole of the workflow, with one time: afterwards the top-level roles are trusted and current.
  static Result<TufClient> refresh(const TufPlace& place, Instant now);

  const tuf::TrustedSet& trusted() const { return set_; }

  // tuf_target_unknown. Fetches the delegated roles that lie on the way.
  Result<tuf::TargetFile> find(const std::string& path);
  // A role with everything on the way to it: for who wants to see what it lists.
  Result<const tuf::Targets*> role(const tuf::Edge& edge);

  enum class Fetched : std::uint8_t { fetched, was_there };
  // The target's content as the file `name` of `into`. What is there and has the right hashes is not fetched again;
  // what an earlier call left half done is continued. The file has its name only when all of it was verified.
  Result<Fetched> download(const std::string& path, const tuf::TargetFile& file, Disk& into,
                           const std::string& name);

 private:
  TufClient(TufPlace place, tuf::TrustedSet set) : place_(std::move(place)), set_(std::move(set)) {}
  Result<void> refresh_timestamp();
  Result<void> refresh_snapshot();
  Result<void> trust(const tuf::Edge& edge);

  TufPlace place_;
  tuf::TrustedSet set_;
};

// A name for any text: quoted, or its digest where that is too long for a file system.
std::string file_name_for(const std::string& text);

}  // namespace sallyport::node
