// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/inspect_foreign.h"

#include <utility>

#include "core/base/text.h"
#include "core/format/archive.h"
#include "core/format/manifest.h"
#include "core/format/sol004_manifest.h"
#include "core/format/sol004_meta.h"
#include "core/format/tosca.h"

namespace sallyport::auditor {
namespace {

constexpr std::string_view tosca_name = "TOSCA-Metadata/TOSCA.meta";

// Everything is let pass that could be, so that as much as possible is shown.
Leniency every_leniency() {
  Tolerances all;
  for (const auto& info : all_tolerances()) all.insert(info.what);
  return Leniency(all);
}

Section members_of(const Archive& archive) {
  Section section{"Members", {}};
  for (const auto& member : archive.members) {
    const bool deflated = member.coding == Coding::deflated;
    section.fields.push_back(
        {member.name.text(), std::to_string(member.size) + " bytes" +
                                 (deflated ? ", deflated to " + std::to_string(member.stored_size) : "")});
  }
  return section;
}

Section findings_of(const Findings& findings) {
  Section section{"What is wrong with its form", {}};
  for (const auto& finding : findings.sorted()) {
    auto said = finding.where;
    if (!finding.expected.empty()) said += ": expected " + finding.expected;
    if (!finding.found.empty()) said += (finding.expected.empty() ? ": found " : ", found ") + finding.found;
    section.fields.push_back({std::string(sallyport::name(finding.code)), std::move(said)});
  }
  return section;
}

Section deviations_of(const Leniency& leniency) {
  Section section{"Deviations that --tolerate takes", {}};
  for (const auto& one : leniency.used())
    section.fields.push_back({std::string(sallyport::name(one.what)), one.where});
  return section;
}

void add_path(Section& section, std::string_view name, const std::optional<RelativePath>& path) {
  if (path) section.fields.push_back({std::string(name), path->text()});
}

Section meta_of(const Sol004Meta& meta) {
  Section section{"TOSCA.meta", {{"created by", meta.created_by}}};
  add_path(section, "definitions", meta.definitions);
  add_path(section, "manifest", meta.manifest);
  add_path(section, "certificate", meta.certificate);
  add_path(section, "change log", meta.change_log);
  add_path(section, "tests", meta.tests);
  add_path(section, "licenses", meta.licenses);
  return section;
}

Section manifest_of(std::string name, BytesView bytes, Leniency& leniency, Findings& findings) {
  const auto split = split_manifest(bytes);
  const auto manifest =
      parse_sol004_manifest(split.ok() ? split.value().signed_octets : bytes, leniency, findings);
  Section section{"Manifest",
                  {{"member", std::move(name)},
                   {"kind", std::string(sallyport::name(manifest.kind))},
                   {"provider", manifest.provider},
                   {"product", manifest.product},
                   {"version", manifest.version},
                   {"released", manifest.released},
                   {"listed", std::to_string(manifest.entries.size()) + " members"},
                   {"signature",
                    split.ok() ? "there is one; it was not verified" : "none that stands where it belongs"}}};
  for (const auto& entry : manifest.entries) {
    if (entry.signature) section.fields.push_back({"signed artifact", entry.source.text()});
  }
  for (const auto& address : manifest.external) section.fields.push_back({"elsewhere", address});
  return section;
}

const ArchiveMember* with_suffix(const Archive& archive, std::string_view suffix) {
  for (const auto& member : archive.members) {
    if (member.name.parent().empty() && member.name.text().ends_with(suffix)) return &member;
  }
  return nullptr;
}

const ArchiveMember* manifest_member(const Archive& archive, const Sol004Meta& meta) {
  if (meta.manifest) return archive.find(meta.manifest->text());
  if (meta.definitions) {
    const auto& name = meta.definitions->text();
    return archive.find(name.substr(0, name.rfind('.')) + ".mf");
  }
  return with_suffix(archive, ".mf");
}

}  // namespace

Result<Origin> origin_of(const ByteSource& file) {
  Findings ignored;
  const auto archive = TRY(read_archive(file, ArchiveForm::any, ignored));
  if (!archive || archive->members.empty()) return Origin::own;  // whose reader says what is wrong
  const bool own =
      archive->find("Artifacts/tree.json") != nullptr || archive->find("Artifacts/content.pack") != nullptr;
  return own ? Origin::own : Origin::foreign;
}

Result<std::vector<Section>> inspect_foreign(const ByteSource& file) {
  Findings findings;
  auto leniency = every_leniency();
  const auto archive = TRY(read_archive(file, ArchiveForm::any, findings));
  CHECK(archive.has_value());
  const bool option_2 = archive->find(tosca_name) == nullptr && with_suffix(*archive, ".csar") != nullptr;
  std::vector<Section> sections = {
      {"Package", {{"form", option_2 ? "SOL004 option 2: a CSAR and its signature" : "SOL004 option 1"}}}};
  Sol004Meta meta;
  if (const auto* tosca = archive->find(tosca_name)) {
    const auto bytes = TRY(found_or(read_archived(file, *tosca, tosca_size_max), findings));
    if (bytes) meta = parse_sol004_meta(*bytes, leniency, findings);
    sections.push_back(meta_of(meta));
  }
  if (const auto* member = manifest_member(*archive, meta)) {
    const auto bytes = TRY(found_or(read_archived(file, *member, manifest_size_max), findings));
    if (bytes) sections.push_back(manifest_of(member->name.text(), *bytes, leniency, findings));
  }
  sections.push_back(members_of(*archive));
  if (!findings.none()) sections.push_back(findings_of(findings));
  if (!leniency.used().empty()) sections.push_back(deviations_of(leniency));
  return sections;
}

}  // namespace sallyport::auditor
