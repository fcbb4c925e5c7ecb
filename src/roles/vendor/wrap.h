// SPDX-License-Identifier: Apache-2.0
// Files of other tools, proved to be their publisher's before anything of them is unpacked, and what a release that is
// built of them says of that. docs/spec/wrap.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/openpgp/port.h"
#include "adapters/tree_source/port.h"
#include "adapters/unpacker/port.h"
#include "core/base/workers.h"
#include "core/format/provenance.h"
#include "core/trust/csar_member.h"
#include "core/trust/oci_chain.h"
#include "core/trust/publisher.h"
#include "core/trust/rpm_chain.h"

namespace sallyport::vendor {

struct WrapRequest {
  std::string tool;                        // who wraps: "sallyport 0.1.0"
  std::vector<trust::NamedFile> payloads;  // paths or names; what is kept goes by the last component
  std::vector<trust::NamedFile>
      signatures;                           // of the payloads, in their order; of a .deb archive: Release.gpg
  std::optional<trust::NamedFile> release;  // .deb: InRelease, or Release with its signature beside it
  std::optional<trust::NamedFile> packages;  // .deb: Packages, as it lies there
  std::vector<trust::NamedFile> keys;
  Instant at;
  std::optional<Sha256Digest> digest =
      {};  // of an image: what it has to be, in place of a signature or beside it
};

// An image layout: a folder whose index is the payload, or one archive.
struct OciLayout {
  trust::NamedFile mark;                  // oci-layout
  trust::OciBlobs blobs;                  // called by their paths in the layout
  std::optional<trust::NamedFile> index;  // of an archive; of a folder the payload is the index
};
// Opens what was proved; called then and not before.
using OciOpener = std::function<Result<OciLayout>(const trust::Published& proved)>;

// A vendor's package of another tool: what the policy says of it, and the archive in it that is unpacked.
struct CsarPart {
  const Policy& policy;
  Tolerances tolerances;
  RelativePath member;
  trust::ScratchOf scratch;
};

// Made by wrap_… alone: what it holds is proved.
class Wrapping {
 public:
  const std::vector<trust::Published>& payloads() const { return payloads_; }
  struct Kept {
    Original original;
    std::shared_ptr<const ByteSource> bytes;
  };
  const std::vector<Kept>& kept() const { return kept_; }  // sorted by name
  // What the publisher calls them, in the order of the payloads; of .rpm files, and of .deb files of a list.
  const std::vector<SourceComponent>& components() const { return components_; }
  // Of an image: what its layers unpack to, in the order of the payloads.
  const std::vector<Sha256Digest>& diff_ids() const { return diff_ids_; }
  // Of what was unpacked: refused (publisher_signature_invalid) where a component is not the one that was proved.
  Result<Provenance> provenance(const SourceListing& listing) const;

 private:
  friend class Wrapper;
  Wrapping() = default;
  std::vector<trust::Published> payloads_;
  std::vector<Kept> kept_;
  std::vector<SourceComponent> components_;  // .deb: as the list has them; .rpm: as the headers do
  std::vector<Sha256Digest> diff_ids_;
  Provenance draft_{};
};

// publisher_…: as docs/spec/wrap.md says; usage_error for what does not belong together.
Result<Wrapping> wrap_tars(const WrapRequest& request, OpenPgp& openpgp);
// `machine`: as uname -m.
Result<Wrapping> wrap_oci(const WrapRequest& request, const OciOpener& open, const std::string& machine,
                          OpenPgp& openpgp);
// A layout in a folder whose index nobody has signed: pinned by the digest of the request, or by signatures in it
// (trust/oci_signatures.h). The payload of the request is the index.
Result<Wrapping> wrap_oci_folder(const WrapRequest& request, const OciLayout& layout,
                                 const std::string& machine);
// Refuses with the first finding of trust::examine; usage_error for a package of ours, which needs no wrapping.
Result<Wrapping> wrap_csar(const WrapRequest& request, const CsarPart& part, Workers& workers);
Result<Wrapping> wrap_debs(const WrapRequest& request, OpenPgp& openpgp, Unpacker& unpacker);
// By the signature that is in each of them.
Result<Wrapping> wrap_rpms(const WrapRequest& request, OpenPgp& openpgp);

}  // namespace sallyport::vendor
