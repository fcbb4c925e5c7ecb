// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/inspect_build.h"

#include <algorithm>
#include <optional>

#include "core/crypto/certificate.h"
#include "core/crypto/cms.h"
#include "core/crypto/cms_outline.h"
#include "core/format/attestation_subject.h"
#include "core/format/manifest.h"
#include "core/format/sbom_check.h"
#include "core/format/sbom_diff.h"
#include "core/format/tosca.h"

namespace sallyport::auditor {
namespace {

constexpr std::string_view attestation_folder = "Files/Attestations/";
constexpr std::string_view pack_name = "Artifacts/content.pack";

std::string told(const Error& error) {
  return std::string(name(error.code)) + ": " + error.where + ": expected " + error.expected + ", found " +
         error.found;
}

const ZipMember* find_manifest(const ZipDirectory& directory) {
  const auto& members = directory.members;
  const auto found = std::find_if(members.begin(), members.end(),
                                  [](const auto& one) { return one.name.text().ends_with(".mf"); });
  return found == members.end() ? nullptr : &*found;
}

const ZipMember* find_sbom(const ZipDirectory& directory) {
  const auto* member = directory.find("Files/sbom.cdx.json");
  return member == nullptr ? directory.find(spdx_member) : member;
}

// Why the contents are not decoded for comparing: nobody has verified that they are worth it.
std::optional<std::string> too_much(const Tree& tree, std::uint64_t decoded_max) {
  std::uint64_t all = 0;
  for (const auto& object : tree.objects) all += object.size;  // 2^40 at most
  if (all <= decoded_max) return {};
  return "not compared: the contents have " + std::to_string(all) + " bytes, and at most " +
         std::to_string(decoded_max) + " are decoded for it here";
}

// How it fits what the package holds. That is read once more for it.
Result<std::vector<Field>> fit_of(const Sbom& sbom, const ByteSource& file, const ZipDirectory& directory,
                                  const Tree& tree, std::uint64_t decoded_max) {
  const auto* pack = directory.find(pack_name);
  if (sbom.files.empty() || pack == nullptr) return std::vector<Field>();
  if (auto why = too_much(tree, decoded_max)) return std::vector<Field>{{"fits", *std::move(why)}};
  InlineWorkers workers;
  const auto contents = TRY(
      ContentDigests::of(tree.objects, file, pack->data_offset, pack->size, algorithms_of(sbom), workers));
  const auto misfits = find_misfits(sbom, tree, contents);
  if (misfits.empty()) return std::vector<Field>{{"fits", "every file of the release, and no other"}};
  std::vector<Field> fields;
  for (const auto& misfit : misfits) fields.push_back({"does not fit", told(misfit)});
  return fields;
}

Section sbom_section(const std::string& member, const Result<Sbom>& parsed,
                     const Result<std::vector<Field>>& fit) {
  Section section{"Bill of materials " + member + ", not verified", {}};
  if (!parsed.ok()) {
    section.fields.push_back({"unreadable", told(parsed.error())});
    return section;
  }
  section.fields.push_back({"form", describe(parsed.value())});
  for (const auto& component : parsed.value().components)
    section.fields.push_back({"component", describe(component)});
  if (!fit.ok())
    section.fields.push_back({"does not fit", told(fit.error())});
  else
    section.fields.insert(section.fields.end(), fit.value().begin(), fit.value().end());
  return section;
}

// What a package claims to hold, for comparing with what is said about it. The contents are decoded once, if at all.
class ClaimedContent {
 public:
  ClaimedContent(const ByteSource& file, const ZipDirectory& directory, const Tree& tree, Manifest manifest,
                 std::uint64_t decoded_max)
      : file_(file),
        directory_(directory),
        tree_(tree),
        manifest_(std::move(manifest)),
        too_much_(too_much(tree, decoded_max)) {
    const auto* member = directory.find("Artifacts/tree.json");
    const auto bytes =
        member == nullptr ? Result<Bytes>(Bytes()) : read_member(file, *member, TreeLimits{}.json_size_max);
    release_ = sha256(bytes.ok() ? BytesView(bytes.value()) : BytesView());
  }

  // "the release", "2 of 9 files", or why it is about something else.
  std::string about(const Attestation& attestation, const std::string& member) {
    const Holdings holdings{release_, tree_, manifest_, [&] { return contents(); }};
    const auto found = sallyport::about(attestation, member, holdings);
    if (!found.ok() && found.error().code == Code::zip_limit_exceeded) return *too_much_;
    return found.ok()
               ? found.value()
               : "something else: expected " + found.error().expected + ", found " + found.error().found;
  }

 private:
  Result<const ContentDigests*> contents() {
    const auto* pack = directory_.find(pack_name);
    if (pack == nullptr)
      return Error(Code::package_member_missing, std::string(pack_name), "a member", "none");
    if (too_much_) return Error(Code::zip_limit_exceeded, std::string(pack_name), "less to decode", "more");
    InlineWorkers workers;
    if (!digests_)
      digests_ = TRY(
          ContentDigests::of(tree_.objects, file_, pack->data_offset, pack->size, {Sha2::sha256}, workers));
    return &*digests_;
  }
  const ByteSource& file_;
  const ZipDirectory& directory_;
  const Tree& tree_;
  Manifest manifest_;
  std::optional<std::string> too_much_;
  Sha256Digest release_ = sha256({});
  std::optional<ContentDigests> digests_;
};

Section attestation_section(const std::string& member, const Result<Attestation>& parsed,
                            ClaimedContent& content) {
  Section section{"Attestation " + member + ", not verified", {}};
  if (!parsed.ok()) {
    section.fields.push_back({"unreadable", told(parsed.error())});
    return section;
  }
  const auto& attestation = parsed.value();
  section.fields = {{"kind", attestation_kind(attestation.predicate_type)},
                    {"type", attestation.predicate_type},
                    {"made by", attestation.maker.empty() ? "does not say" : attestation.maker},
                    {"subjects", std::to_string(attestation.subjects.size())},
                    {"about", content.about(attestation, member)}};
  for (const auto& signature : attestation.signatures)
    section.fields.push_back({"key", signature.key_hint.empty() ? "does not say" : signature.key_hint});
  return section;
}

// Empty where there is none that can be read: that is told elsewhere.
Result<Manifest> claimed_manifest(const ByteSource& file, const ZipDirectory& directory) {
  const auto* member = find_manifest(directory);
  Manifest none{{}, {}, {}, Instant::from_seconds(0).value(), {}};
  if (member == nullptr) return none;
  const auto bytes = TRY(read_member(file, *member, manifest_size_max));
  const auto split = split_manifest(bytes);
  auto manifest = parse_manifest(split.ok() ? split.value().signed_octets : BytesView(bytes));
  return manifest.ok() ? std::move(manifest).value() : none;
}

Result<std::vector<SbomComponent>> components_of(const ByteSource& file, const ZipDirectory& directory) {
  const auto* member = find_sbom(directory);
  if (member == nullptr) return std::vector<SbomComponent>();
  const auto bytes = TRY(read_member(file, *member, sbom_size_max));
  auto sbom = TRY(parse_sbom(bytes).within("reading " + member->name.text()));
  return std::move(sbom.components);
}

// The certificates of one signature that issued no other one of it.
Result<std::vector<std::string>> signers_of(BytesView block, std::string_view label) {
  const auto der = TRY(cms_from_pem(as_text(block), label));
  const auto outline = TRY(read_cms_outline(der, CmsKind::manifest));
  std::vector<Certificate> chain;
  for (const auto& certificate : outline.certificates)
    chain.push_back(TRY(Certificate::from_der(certificate)));
  std::vector<std::string> signers;
  for (const auto& one : chain) {
    const bool issuer = std::any_of(chain.begin(), chain.end(), [&](const Certificate& other) {
      return other.issuer() == one.subject() && other.serial() != one.serial();
    });
    if (!issuer)
      signers.push_back(one.subject() + ", issued by " + one.issuer() + ", number " + one.serial());
  }
  return signers;
}

Result<std::string> claimed_signers(const ByteSource& file, const ZipDirectory& directory) {
  const auto* found = find_manifest(directory);
  if (found == nullptr) return std::string();
  const auto bytes = TRY(read_member(file, *found, manifest_size_max));
  const auto split = split_manifest(bytes);
  if (!split.ok() && split.error().code == Code::signature_missing) return std::string();
  if (!split.ok()) return split.error();
  auto signers = TRY(signers_of(split.value().cms_block, cms_label));
  if (!split.value().second_block.empty()) {
    for (auto& signer : TRY(signers_of(split.value().second_block, second_cms_label)))
      signers.push_back(std::move(signer));
  }
  std::string text;
  for (const auto& signer : signers) text += (text.empty() ? "" : "; ") + signer;
  return text;
}

}  // namespace

Result<std::vector<Section>> build_sections(const ByteSource& file, const ZipDirectory& directory,
                                            const Tree& tree, std::uint64_t decoded_max) {
  ClaimedContent content(file, directory, tree, TRY(claimed_manifest(file, directory)), decoded_max);
  std::vector<Section> sections;
  if (const auto* member = find_sbom(directory)) {
    const auto bytes = TRY(read_member(file, *member, sbom_size_max));
    const auto sbom = parse_sbom(bytes);
    const auto fit =
        sbom.ok() ? fit_of(sbom.value(), file, directory, tree, decoded_max) : std::vector<Field>();
    sections.push_back(sbom_section(member->name.text(), sbom, fit));
  }
  for (const auto& member : directory.members) {
    const auto& name = member.name.text();
    if (!name.starts_with(attestation_folder)) continue;
    const auto bytes = TRY(read_member(file, member, attestation_size_max));
    sections.push_back(attestation_section(name, parse_attestation(bytes, name), content));
  }
  return sections;
}

Result<std::vector<Change>> diff_claims(const ByteSource& before, const ByteSource& after) {
  const auto old_directory = TRY(read_zip(before));
  const auto new_directory = TRY(read_zip(after));
  const auto old_components = TRY(components_of(before, old_directory));
  const auto new_components = TRY(components_of(after, new_directory));
  auto changes = diff_components(old_components, new_components);
  const auto old_signers = TRY(claimed_signers(before, old_directory));
  const auto new_signers = TRY(claimed_signers(after, new_directory));
  if (old_signers != new_signers)
    changes.push_back({ChangeKind::changed, "package", "signers", old_signers, new_signers});
  return changes;
}

}  // namespace sallyport::auditor
