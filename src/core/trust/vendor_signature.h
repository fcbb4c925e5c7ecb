// SPDX-License-Identifier: Apache-2.0
// What the vendor's signature says: shared by trust::package and trust::release.
#pragma once

#include "core/format/manifest.h"
#include "core/format/policy.h"
#include "core/format/tree.h"
#include "core/trust/verified.h"

namespace sallyport::trust {

struct SignedManifest {
  Manifest manifest;
  ProductId product;
  SourceId source;
  std::vector<std::string> signers;
};

// Splits, verifies against the anchors of all sources, and only then parses; the source is one that owns the anchors
// of all signers and may sign the product (signer_not_for_product).
//
// Where the policy asks for kinds of signatures, one of each kind is there (signature_kind_missing), each is under
// certificates of its own kind up to the anchor (signature_kind_unexpected), and all of them verify over the same
// octets by one source. A second signature that is not asked for is not looked at, as a time stamp is not.
Result<SignedManifest> verify_manifest(BytesView manifest, const Policy& policy, Instant at,
                                       Occasion occasion, Checks& passed);

// Refuses with package_member_unlisted when there is none.
Result<const ManifestEntry*> entry_of(const Manifest& manifest, std::string_view member);

// Refuses with member_digest_mismatch.
Result<void> check_digest(const ManifestEntry& entry, BytesView bytes);

// tree.json, and its fit to the manifest (tree_inconsistent).
Result<Tree> parse_signed_tree(const SignedManifest& signed_manifest, BytesView tree_bytes);

}  // namespace sallyport::trust
