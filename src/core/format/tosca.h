// SPDX-License-Identifier: Apache-2.0
// TOSCA-Metadata/TOSCA.meta (ETSI GS NFV-SOL 004 clause 4.1), and where our profile of SOL004 puts things.
// docs/spec/package.md.
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/path.h"

namespace sallyport {

struct ToscaMeta {
  std::string created_by;
  RelativePath definitions;  // Entry-Definitions: the descriptor
  RelativePath manifest;     // ETSI-Entry-Manifest
  RelativePath change_log;   // ETSI-Entry-Change-Log
  RelativePath licenses;     // ETSI-Entry-Licenses: a folder
};

constexpr std::uint64_t tosca_size_max = 64ULL << 10U;
constexpr std::uint64_t manifest_size_max = 16ULL << 20U;

// One spelling: parse_tosca refuses (package_layout_invalid) whatever print_tosca does not print.
Result<ToscaMeta> parse_tosca(BytesView text);
std::string print_tosca(const ToscaMeta& meta);

// The members of a package called `name`, in their order.
struct PackageLayout {
  RelativePath tosca;                           // TOSCA-Metadata/TOSCA.meta
  RelativePath manifest;                        // <name>.mf
  RelativePath definitions;                     // <name>.yaml
  RelativePath change_log;                      // Files/ChangeLog.txt
  RelativePath license;                         // Files/Licenses/LICENSE.txt
  RelativePath sbom;                            // Files/sbom.cdx.json, or Files/sbom.spdx.json
  RelativePath tree;                            // Artifacts/tree.json
  RelativePath content;                         // Artifacts/content.pack
  std::vector<RelativePath> attestations = {};  // Files/Attestations/<name>.dsse.json, sorted, after the sbom
  std::vector<RelativePath> provenance = {};  // below Files/Provenance (format/provenance.h), before the tree

  std::vector<RelativePath> members() const;
  ToscaMeta tosca_meta(std::string created_by) const;
};

// Refuses (path_invalid) a name that is not one component of a path.
Result<PackageLayout> package_layout(std::string_view name);

constexpr std::size_t attestations_max = 32;
constexpr std::string_view spdx_member = "Files/sbom.spdx.json";
// "Files/Attestations/build.dsse.json" of "build". identifier_invalid.
Result<RelativePath> attestation_member(std::string_view name);
// Takes into the layout what these members of a package have of that which need not be there: the form of the bill of
// materials, attestations in their order, and where a wrapped release came from. Whether they stand where they should
// is for the caller to compare with members(). package_layout_invalid for more attestations than there may be.
Result<PackageLayout> with_optional_members(PackageLayout layout, const std::vector<RelativePath>& members);

}  // namespace sallyport
