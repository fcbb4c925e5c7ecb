// SPDX-License-Identifier: Apache-2.0
#include "core/format/tosca.h"

#include <algorithm>
#include <array>

#include "core/base/id.h"
#include "core/base/text.h"
#include "core/format/provenance.h"

namespace sallyport {
namespace {

constexpr std::string_view attestation_prefix = "Files/Attestations/";
constexpr std::string_view attestation_suffix = ".dsse.json";
constexpr std::string_view version_lines = "TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\n";

RelativePath constant(std::string_view text) {
  return RelativePath::parse(text).value();
}

}  // namespace

std::string print_tosca(const ToscaMeta& meta) {
  return std::string(version_lines) + "Created-By: " + meta.created_by +
         "\nEntry-Definitions: " + meta.definitions.text() +
         "\nETSI-Entry-Manifest: " + meta.manifest.text() +
         "\nETSI-Entry-Change-Log: " + meta.change_log.text() +
         "\nETSI-Entry-Licenses: " + meta.licenses.text() + "\n";
}

Result<ToscaMeta> parse_tosca(BytesView bytes) {
  const Error malformed(Code::package_layout_invalid, "TOSCA-Metadata/TOSCA.meta",
                        "the one spelling of docs/spec/package.md", "something else");
  constexpr std::array<std::string_view, 5> keys = {
      "Created-By: ", "Entry-Definitions: ", "ETSI-Entry-Manifest: ", "ETSI-Entry-Change-Log: ",
      "ETSI-Entry-Licenses: "};
  std::array<std::string_view, keys.size()> values;
  std::string_view text = as_text(bytes);
  if (text.size() > tosca_size_max || !text.starts_with(version_lines)) return malformed;
  text.remove_prefix(version_lines.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(keys[i]) || end < keys[i].size()) return malformed;
    values[i] = text.substr(keys[i].size(), end - keys[i].size());
    text.remove_prefix(end + 1);
  }
  const auto definitions = RelativePath::parse(values[1]);
  const auto manifest = RelativePath::parse(values[2]);
  const auto change_log = RelativePath::parse(values[3]);
  const auto licenses = RelativePath::parse(values[4]);
  if (values[0].empty() || !is_plain_text(values[0]) || !definitions.ok() || !manifest.ok() ||
      !change_log.ok() || !licenses.ok() || !text.empty()) {
    return malformed;
  }
  ToscaMeta meta{std::string(values[0]), definitions.value(), manifest.value(), change_log.value(),
                 licenses.value()};
  if (print_tosca(meta) != as_text(bytes)) return malformed;
  return meta;
}

std::vector<RelativePath> PackageLayout::members() const {
  std::vector<RelativePath> all = {tosca, manifest, definitions, change_log, license, sbom};
  all.insert(all.end(), attestations.begin(), attestations.end());
  all.insert(all.end(), provenance.begin(), provenance.end());
  all.insert(all.end(), {tree, content});
  return all;
}

ToscaMeta PackageLayout::tosca_meta(std::string created_by) const {
  return {std::move(created_by), definitions, manifest, change_log, constant(license.parent())};
}

Result<PackageLayout> package_layout(std::string_view name) {
  TRY(RelativePath::parse(name));
  const std::string stem(name);
  auto manifest = TRY(RelativePath::parse(stem + ".mf"));
  auto definitions = TRY(RelativePath::parse(stem + ".yaml"));
  if (name.find('/') != std::string_view::npos) {
    return Error(Code::path_invalid, "package name", "one component of a path",
                 printable(name.substr(0, 300)));
  }
  return PackageLayout{constant("TOSCA-Metadata/TOSCA.meta"),
                       std::move(manifest),
                       std::move(definitions),
                       constant("Files/ChangeLog.txt"),
                       constant("Files/Licenses/LICENSE.txt"),
                       constant("Files/sbom.cdx.json"),
                       constant("Artifacts/tree.json"),
                       constant("Artifacts/content.pack")};
}

Result<RelativePath> attestation_member(std::string_view name) {
  TRY(check_identifier(name, "name of an attestation"));
  return RelativePath::parse(std::string(attestation_prefix) + std::string(name) +
                             std::string(attestation_suffix));
}

Result<PackageLayout> with_optional_members(PackageLayout layout, const std::vector<RelativePath>& members) {
  for (const auto& member : members) {
    std::string_view name = member.text();
    if (name == spdx_member) layout.sbom = member;
    if (!name.starts_with(attestation_prefix) || !name.ends_with(attestation_suffix)) continue;
    name.remove_prefix(attestation_prefix.size());
    if (name.size() < attestation_suffix.size()) continue;
    name.remove_suffix(attestation_suffix.size());
    if (check_identifier(name, "name of an attestation").ok()) layout.attestations.push_back(member);
  }
  if (layout.attestations.size() > attestations_max)
    return Error(Code::package_layout_invalid, "Files/Attestations",
                 "at most " + std::to_string(attestations_max) + " attestations",
                 std::to_string(layout.attestations.size()));
  std::sort(layout.attestations.begin(), layout.attestations.end());
  layout.provenance = provenance_members(members);
  return layout;
}

}  // namespace sallyport
