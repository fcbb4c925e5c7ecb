// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/inspect.h"

#include <algorithm>

#include "core/format/describe_foreign.h"
#include "core/format/dsse.h"
#include "core/format/manifest.h"
#include "core/format/node_report.h"
#include "core/format/policy.h"
#include "core/format/provenance.h"
#include "core/format/recall.h"
#include "core/format/stop.h"
#include "core/format/tosca.h"
#include "core/format/tree_diff.h"
#include "core/format/zip.h"
#include "roles/auditor/inspect_build.h"
#include "roles/auditor/inspect_foreign.h"

namespace sallyport::auditor {
namespace {

constexpr std::string_view tree_name = "Artifacts/tree.json";

Section members_of(const ZipDirectory& directory) {
  Section section{"Members", {}};
  for (const auto& member : directory.members)
    section.fields.push_back({member.name.text(), std::to_string(member.size) + " bytes"});
  return section;
}

Result<Section> manifest_of(const ByteSource& file, const ZipDirectory& directory) {
  const auto& members = directory.members;
  const auto found = std::find_if(members.begin(), members.end(),
                                  [](const auto& one) { return one.name.text().ends_with(".mf"); });
  if (found == members.end())
    return Error(Code::package_member_missing, "the package", "a manifest, *.mf", "none");
  const auto bytes = TRY(read_member(file, *found, manifest_size_max));
  const auto split = split_manifest(bytes);
  const bool is_signed = split.ok();
  if (!is_signed && split.error().code != Code::signature_missing) return split.error();
  const auto manifest = TRY(parse_manifest(is_signed ? split.value().signed_octets : BytesView(bytes)));
  return Section{"Manifest",
                 {{"provider", manifest.provider},
                  {"product", manifest.product},
                  {"version", manifest.version},
                  {"released", manifest.released.print()},
                  {"signature", !is_signed ? "none"
                                : split.value().second_block.empty()
                                    ? "there is one; it was not verified"
                                    : "there are two, the second post-quantum; they were not verified"}}};
}

Section release_of(const Tree& tree) {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  for (const auto& entry : tree.entries) files += entry.type == EntryType::file ? 1 : 0;
  for (const auto& object : tree.objects) bytes += object.size;
  return {"Release",
          {{"product", tree.product.text()},
           {"name", tree.name},
           {"version", tree.version},
           {"counter", std::to_string(tree.counter)},
           {"architecture", tree.architecture},
           {"files", std::to_string(files)},
           {"content",
            std::to_string(bytes) + " bytes in " + std::to_string(tree.objects.size()) + " contents"}}};
}

Result<std::optional<Section>> provenance_of(const ByteSource& file, const ZipDirectory& directory) {
  const auto* member = directory.find(provenance_record().text());
  if (member == nullptr) return std::optional<Section>();
  const auto bytes = TRY(read_member(file, *member, provenance_size_max));
  const auto provenance = TRY(parse_provenance(bytes));
  return std::optional<Section>({"Provenance", provenance_fields(provenance)});
}

Section powers_of(const Tree& tree) {
  Section section{"What gives power", {}};
  for (const auto& rise : rises_of(tree))
    section.fields.push_back({std::string(sallyport::name(rise.kind)),
                              rise.subject + (rise.detail.empty() ? "" : ", " + rise.detail)});
  if (section.fields.empty())
    section.fields.push_back({"nothing", "no service, no capability, no file that is setuid or setgid"});
  return section;
}

Result<std::vector<Section>> inspect_package(const ByteSource& file) {
  if (TRY(origin_of(file)) == Origin::foreign) return inspect_foreign(file);
  const auto directory = TRY(read_zip(file));
  auto manifest = TRY(manifest_of(file, directory));
  const auto tree = TRY(claimed_tree(file));
  auto provenance = TRY(provenance_of(file, directory));
  std::vector<Section> sections{release_of(tree), std::move(manifest), members_of(directory)};
  if (provenance) sections.push_back(std::move(*provenance));
  sections.push_back(powers_of(tree));
  for (auto& section : TRY(build_sections(file, directory, tree))) sections.push_back(std::move(section));
  return sections;
}

Section signatures_of(const Envelope& envelope) {
  Section section{"Signatures, not verified", {}};
  for (const auto& signature : envelope.signatures) section.fields.push_back({"key", signature.key.text()});
  return section;
}

Result<std::vector<Section>> inspect_statement(const ByteSource& file, FileKind kind) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto envelope = TRY(parse_envelope(bytes));
  Section says{std::string(name(kind)), {{"sha256", sha256(envelope.payload).text()}}};
  std::vector<Field> fields;
  if (kind == FileKind::order) fields = order_fields(TRY(parse_order(envelope.payload)));
  if (kind == FileKind::verdict) {
    const auto verdict = TRY(parse_verdict(envelope.payload));
    fields = verdict_fields(verdict);
    fields.insert(fields.begin(), {"package", verdict.package.text()});
  }
  if (kind == FileKind::foreign_verdict) {
    const auto verdict = TRY(parse_foreign_verdict(envelope.payload));
    fields = foreign_verdict_fields(verdict);
    fields.insert(fields.begin(), {"package", verdict.package.text()});
  }
  if (kind == FileKind::node_report) fields = node_report_fields(TRY(parse_node_report(envelope.payload)));
  if (kind == FileKind::recall) fields = recall_fields(TRY(parse_recall(envelope.payload)));
  if (kind == FileKind::stop) fields = stop_fields(TRY(parse_stop(envelope.payload)));
  says.fields.insert(says.fields.end(), fields.begin(), fields.end());
  return std::vector<Section>{std::move(says), signatures_of(envelope)};
}

Result<std::vector<Section>> inspect_policy(const ByteSource& file) {
  const auto bytes = TRY(file.read(0, file.size(), policy_size_max));
  const auto policy = TRY(parse_policy(bytes));
  return std::vector<Section>{{"policy",
                               {{"name", policy.name},
                                {"version", std::to_string(policy.version)},
                                {"digest", policy.digest.text()},
                                {"sources", std::to_string(policy.sources.size())},
                                {"persons", std::to_string(policy.persons.size())},
                                {"pools", std::to_string(policy.pools.size())}}}};
}

}  // namespace

Result<Tree> claimed_tree(const ByteSource& package) {
  const auto directory = TRY(read_zip(package));
  const auto* member = directory.find(tree_name);
  if (member == nullptr)
    return Error(Code::package_member_missing, std::string(tree_name), "a member of this name", "none");
  const auto bytes = TRY(read_member(package, *member, TreeLimits{}.json_size_max));
  return parse_tree(bytes);
}

Result<std::vector<Section>> inspect(const ByteSource& file, FileKind kind) {
  if (kind == FileKind::package) return inspect_package(file);
  if (kind == FileKind::bundle) {
    const auto directory = TRY(read_zip(file, bundle_limits));
    return std::vector<Section>{members_of(directory)};
  }
  if (kind == FileKind::policy) return inspect_policy(file);
  return inspect_statement(file, kind);
}

}  // namespace sallyport::auditor
