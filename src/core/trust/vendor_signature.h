// SPDX-License-Identifier: Apache-2.0
// What the vendor's signature says: shared by trust::package and trust::release.
#pragma once

#include "core/crypto/cms_findings.h"
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

// A signature as DER, and what it says that it was made with.
struct SignatureBlock {
  Bytes der;
  SignatureKind kind;
};
Result<SignatureBlock> read_block(Bytes der);
// Of a manifest: the first, and the second if there is one, each in the one place for its kind.
Result<std::vector<SignatureBlock>> read_blocks(const SplitManifest& split);

// What is signed, and what came along for checking it.
struct SignedThing {
  std::string where;
  ContentDigest content;
  std::vector<Certificate> beside = {};  // certificates outside of the CMS
};

// The signers of every signature that the policy asks for; all have to hold.
Result<std::vector<CmsSigner>> verify_blocks(const std::vector<SignatureBlock>& blocks,
                                             const SignedThing& thing, const Policy& policy, Instant at,
                                             Occasion occasion, Checks& passed);
// Everything that is wrong with them, as find_wrong (core/crypto/cms.h).
std::vector<CmsSigner> find_wrong_in(const std::vector<SignatureBlock>& blocks, const SignedThing& thing,
                                     const Policy& policy, Instant at, Findings& findings);

// The source that the anchors of all signers belong to and that may sign the product (signer_not_for_product).
Result<SourceId> source_for(const Policy& policy, const std::vector<CmsSigner>& signers,
                            const ProductId& product);

// Refuses with package_member_unlisted when there is none.
Result<const ManifestEntry*> entry_of(const Manifest& manifest, std::string_view member);

// Refuses with member_digest_mismatch.
Result<void> check_digest(const ManifestEntry& entry, BytesView bytes);

// tree.json, and its fit to the manifest (tree_inconsistent).
Result<Tree> parse_signed_tree(const SignedManifest& signed_manifest, BytesView tree_bytes);

}  // namespace sallyport::trust
