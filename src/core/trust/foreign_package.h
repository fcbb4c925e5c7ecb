// SPDX-License-Identifier: Apache-2.0
// The CSAR of another tool by itself: what is in it, and that it fits together. Used by examine_foreign, once.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/format/sol004_meta.h"
#include "core/trust/examine_parts.h"

namespace sallyport::trust {

// Option 2: what the signature over the whole CSAR covers need not be listed in its manifest.
enum class Covered : std::uint8_t { by_manifest, by_outer_signature };

class ForeignCsar {
 public:
  ForeignCsar(const Examined& what, const ByteSource& file, Covered covered, Leniency& leniency,
              Findings& findings, Checks& passed)
      : what_(what),
        file_(file),
        covered_(covered),
        leniency_(leniency),
        findings_(findings),
        passed_(passed) {}

  // Everything but whose the signers are.
  Result<void> examine();

  // Nothing where the manifest names none that could be looked up in a policy.
  const std::optional<ProductId>& product() const { return product_; }
  // Of the package itself; those of artifacts had to be of the product's source, too.
  const std::vector<CmsSigner>& signers() const { return signers_; }
  const Sol004Manifest& manifest() const { return manifest_; }
  const Archive& archive() const { return archive_; }

 private:
  Result<const ArchiveMember*> find_manifest();
  const ArchiveMember* root_manifest();
  Result<void> read_manifest(const ArchiveMember& member);
  void find_product();
  Result<void> check_signature(const SplitManifest& split, const ArchiveMember& member);
  Result<void> check_artifact_signatures();
  Result<void> check_named_signature(const Sol004Entry& entry);
  Result<void> check_artifact_signature(const ArchiveMember& signature, const ArchiveMember& artifact,
                                        const Sol004Entry* entry);
  const ArchiveMember* artifact_of(const ArchiveMember& signature) const;
  void check_listed(const ArchiveMember& manifest_member);
  void check_named();

  const Examined& what_;
  const ByteSource& file_;
  Covered covered_;
  Leniency& leniency_;
  Findings& findings_;
  Checks& passed_;
  Archive archive_;
  Sol004Meta meta_;
  Sol004Manifest manifest_;
  std::map<std::string, const Sol004Entry*> entries_;  // of manifest_, by source
  std::optional<ProductId> product_;
  std::vector<CmsSigner> signers_;
  std::set<std::string> need_no_entry_;  // signatures and certificates: they prove themselves
};

}  // namespace sallyport::trust
