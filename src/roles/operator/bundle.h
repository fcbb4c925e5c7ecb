// SPDX-License-Identifier: Apache-2.0
// What a site without a network needs of a repository, as one file: docs/spec/bundle.md. A strict stored ZIP with the
// repository's own layout; nothing in it is signed anew, and nobody has to believe who made it. A node takes it in with
// the client that it has for web servers (adapters/http/bundle.h).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/sink.h"
#include "core/crypto/digest.h"
#include "roles/operator/bundle_source.h"

namespace sallyport::operators {

struct BundleRequest {
  std::set<Sha256Digest> have;      // packages that the site has already
  std::optional<PoolId> pool = {};  // of this pool alone; none: of all
};

struct BundleReport {
  std::uint64_t root;  // version
  std::uint64_t snapshot;
  std::uint64_t timestamp;
  std::uint64_t files;
  std::uint64_t packages;
  std::uint64_t packages_left_out;
  std::uint64_t bytes;  // of the bundle
};

// Every root, the current metadata of the other roles, and every target that they list; or of one pool its orders with
// all that they rest on, its stop orders and recalls, and what is for everybody (policy, revocation lists). A target
// that is not what is listed ends it (tuf_digest_mismatch, server_file_missing): no site is sent out with half of what
// it needs. usage_error for a pool that the repository's policy does not name.
Result<BundleReport> export_bundle(BundleSource& repository, const BundleRequest& request, ByteSink& to);

}  // namespace sallyport::operators
