// SPDX-License-Identifier: Apache-2.0
// Decides whether a package is what an authorised source signed for its product: one pass over the bytes.
//
// begin() reads the ends of the file: directory, manifest, signature, tree.json. It refuses unless, in this
// order:
//   the container is of the strict form (format/zip.h) and laid out, to the last bit around its members, as
//   docs/spec/package.md says
//   the manifest carries a signature, and it verifies (crypto/cms.h) against the anchors of the policy's
//   sources
//   a source that owns the anchor is authorised for the product (signer_not_for_product)
//   manifest, members and tree.json fit together: every member listed once, nothing missing
//   (package_member_*)
//   the attestations that the policy asks of the source are there, signed by its builders (attestation_*)
// feed() takes every byte of the file once, in order, and digests it: the members against the manifest and
// the whole file. finish() refuses a member that is not the one signed (member_digest_mismatch), attestations
// about something else (attestation_other_subject), and returns the proof.
//
// What begin() read is digested again by feed(): a file that changes in between is refused. Whether the
// frames of content.pack decode to the contents that tree.json names is for whoever decodes them
// (ContentCheck); intake and the node always do.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/base/workers.h"
#include "core/format/attestation.h"
#include "core/format/manifest.h"
#include "core/format/policy.h"
#include "core/format/tree.h"
#include "core/format/zip.h"
#include "core/trust/verified.h"

namespace sallyport {

struct Package {
  Sha256Digest digest;  // of the whole file
  std::uint64_t size;
  Sha256Digest release;  // of tree.json
  SourceId source;
  std::vector<std::string> signers;  // subjects of the leaf certificates
  Manifest manifest;
  Bytes manifest_bytes;  // the .mf member, verbatim, with its CMS: enough to prove the release again later
  Bytes tree_bytes;      // tree.json, verbatim
  Tree tree;
  ZipDirectory directory;
  std::vector<AttestationRecord> attestations = {};  // one for each kind that the policy asks of the source
};

namespace trust {

class PackageCheck {
 public:
  // `passed` is added to while it begins, whether it ends well or not.
  static Result<PackageCheck> begin(const ByteSource& file, const Policy& policy, Instant at, Checks& passed);
  PackageCheck(PackageCheck&&) noexcept;
  PackageCheck& operator=(PackageCheck&&) noexcept;
  ~PackageCheck();

  // Signed by the vendor, but the bytes are not checked yet: for planning the pass over the file only.
  const Tree& tree() const;
  const std::vector<std::string>& signers() const;
  const ZipDirectory& directory() const;
  const ZipMember& content_pack() const;

  // What the caller wants done while a part is digested. The first is begun before the digests, and had better be the
  // longest; the others come after them.
  using Beside = std::vector<std::function<Result<void>()>>;

  // The next bytes of the file. The two digests of a part are taken by `workers` side by side, and with them what is to
  // be done beside. A part of which anything fails is not taken back: nothing more can be fed.
  Result<void> feed(BytesView next, Workers& workers, const Beside& beside = {});
  // What the policy asks about a build is compared with what the package holds: only for that `again` may be read. It
  // is any copy of the package; its contents are taken for what they are by their digests alone.
  Result<Verified<Package>> finish(const ByteSource& again, Workers& workers) &&;

 private:
  struct State;
  explicit PackageCheck(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The whole pass, for callers that need nothing of the bytes.
Result<Verified<Package>> package(const ByteSource& file, const Policy& policy, Instant at, Workers& workers);

// A release that was installed, proved again from the manifest and tree.json that were kept: the signature,
// the scope and the tree's digest. Its files are for the caller to digest. `at` is the time of the
// installation's order: expiry never stops what runs already.
struct Release {
  Sha256Digest release;
  SourceId source;
  std::vector<std::string> signers;
  Tree tree;
};
Result<Verified<Release>> release(BytesView manifest_bytes, BytesView tree_bytes, const Policy& policy,
                                  Instant at);

}  // namespace trust
}  // namespace sallyport
