// SPDX-License-Identifier: Apache-2.0
#include "core/trust/foreign_package.h"

#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/format/sol004_lines.h"
#include "core/format/tosca.h"
#include "core/trust/carried_certificates.h"

namespace sallyport::trust {
namespace {

// The path without its last extension.
std::string stem_of(const RelativePath& path) {
  const auto dot = path.name().rfind('.');
  const auto cut = dot == std::string_view::npos || dot == 0 ? 0 : path.name().size() - dot;
  return path.text().substr(0, path.text().size() - cut);
}

bool is_yaml(const RelativePath& path) {
  return path.text().ends_with(".yaml") || path.text().ends_with(".yml");
}

}  // namespace

Result<void> ForeignCsar::examine() {
  auto archive = TRY(read_archive(file_, ArchiveForm::any, findings_));
  if (!archive) return {};
  archive_ = std::move(*archive);
  const auto* member = TRY(find_manifest());
  if (member != nullptr) TRY(read_manifest(*member));
  TRY(find_wrong_members(
      file_, archive_,
      [&](const ArchiveMember& one) -> std::optional<MemberDigest> {
        const auto entry = entries_.find(one.name.text());
        if (entry == entries_.end()) return std::nullopt;
        return MemberDigest{entry->second->algorithm, entry->second->digest};
      },
      what_.workers, findings_));
  TRY(check_artifact_signatures());
  if (member == nullptr) return {};
  check_listed(*member);
  check_named();
  return {};
}

// By TOSCA.meta, or beside its main descriptor; without TOSCA.meta beside the one descriptor at the top.
Result<const ArchiveMember*> ForeignCsar::find_manifest() {
  const auto* tosca = archive_.find(tosca_member);
  if (tosca == nullptr) return root_manifest();
  const auto bytes = TRY(read_found(file_, *tosca, tosca_size_max, findings_));
  if (!bytes) return nullptr;
  meta_ = parse_sol004_meta(*bytes, leniency_, findings_);
  std::string name;
  if (meta_.manifest) name = meta_.manifest->text();
  if (name.empty() && meta_.definitions) name = stem_of(*meta_.definitions) + ".mf";
  if (name.empty()) return nullptr;  // told already
  const auto* member = archive_.find(name);
  if (member == nullptr)
    findings_.add(Error(Code::package_member_missing, name, "the manifest that TOSCA.meta names", "none"));
  return member;
}

const ArchiveMember* ForeignCsar::root_manifest() {
  std::vector<const ArchiveMember*> found;
  for (const auto& member : archive_.members) {
    if (member.name.parent().empty() && is_yaml(member.name)) found.push_back(&member);
  }
  if (found.size() != 1) {
    findings_.add(Error(Code::package_layout_invalid, "the package",
                        std::string(tosca_member) + ", or one descriptor (.yaml) at the top",
                        std::to_string(found.size()) + " descriptors"));
    return nullptr;
  }
  const auto name = stem_of(found.front()->name) + ".mf";
  const auto* member = archive_.find(name);
  if (member == nullptr)
    findings_.add(Error(Code::package_member_missing, name, "a manifest beside the descriptor", "none"));
  return member;
}

// Without a signature that stands where it belongs all of it is looked at.
Result<void> ForeignCsar::read_manifest(const ArchiveMember& member) {
  const auto bytes = TRY(read_found(file_, member, manifest_size_max, findings_));
  if (!bytes) return {};
  const auto split = split_manifest(*bytes);
  const bool is_unsigned = !split.ok() && split.error().code == Code::signature_missing;
  if (!split.ok() && !(is_unsigned && covered_ == Covered::by_outer_signature)) findings_.add(split.error());
  if (!split.ok() && !is_unsigned) return {};
  manifest_ = parse_sol004_manifest(split.ok() ? split.value().signed_octets : BytesView(*bytes), leniency_,
                                    findings_);
  for (const auto& entry : manifest_.entries) entries_[entry.source.text()] = &entry;
  if (manifest_.entries.empty() && covered_ == Covered::by_manifest)
    findings_.add(Error(Code::manifest_malformed, member.name.text(), "at least one Source", "none"));
  find_product();
  return split.ok() ? check_signature(split.value(), member) : Result<void>();
}

// Scopes of sources are written in identifiers.
void ForeignCsar::find_product() {
  if (manifest_.product.empty()) return;  // told already
  auto product = ProductId::parse(manifest_.product);
  const auto where = std::string("the product's name in the manifest");
  if (!product.ok() && leniency_.meet(Tolerance::product_names, where) == Leniency::Answer::passed_over) {
    auto text = lower(manifest_.product);
    std::replace(text.begin(), text.end(), ' ', '-');
    product = ProductId::parse(text);
  }
  if (product.ok()) {
    product_ = product.value();
  } else {
    findings_.add(Error(Code::manifest_malformed, where,
                        or_tolerate(product.error().expected, Tolerance::product_names),
                        printable(manifest_.product.substr(0, 200))));
  }
}

Result<void> ForeignCsar::check_signature(const SplitManifest& split, const ArchiveMember& member) {
  const auto blocks = read_blocks(split);
  findings_.add_error_of(blocks);
  if (!blocks.ok()) return {};
  CertificatePlaces places{file_, archive_, {}};
  if (meta_.certificate) places.names.push_back(meta_.certificate->text());
  places.names.push_back(stem_of(member.name) + ".cert");
  const auto carried =
      TRY(carried_certificates(member.name.text(), blocks.value().front().der, places, findings_));
  if (carried.member) need_no_entry_.insert(*carried.member);
  const SignedThing thing{member.name.text(), digest_of(split.signed_octets), carried.beside};
  auto signers = verify_blocks(blocks.value(), thing, what_.policy, what_.at, Occasion::admission, passed_);
  if (signers.ok()) {
    signers_ = std::move(signers).value();
    return {};
  }
  findings_.add(signers.error());
  signers_ = find_wrong_in(blocks.value(), thing, what_.policy, what_.at, findings_);
  return {};
}

// Every member is listed but the manifest itself, and what proves itself; in a CSAR that is signed as a whole,
// nothing has to.
void ForeignCsar::check_listed(const ArchiveMember& manifest_member) {
  const auto& manifest_name = manifest_member.name.text();
  for (const auto& entry : manifest_.entries) {
    const auto& name = entry.source.text();
    if (name == manifest_name) {
      findings_.add(Error(Code::package_layout_invalid, name, "not listed in itself", "listed"));
    } else if (archive_.find(name) == nullptr) {
      findings_.add(Error(Code::package_member_missing, name, "the member that the manifest lists", "none"));
    }
  }
  if (covered_ == Covered::by_outer_signature || entries_.empty()) return;
  for (const auto& member : archive_.members) {
    const auto& name = member.name.text();
    if (name == manifest_name || entries_.contains(name) || need_no_entry_.contains(name)) continue;
    const bool tosca = name == tosca_member;
    if (tosca && leniency_.meet(Tolerance::unlisted_tosca_meta, name) == Leniency::Answer::passed_over)
      continue;
    std::string wanted = "an entry of the manifest";
    findings_.add(Error(Code::package_member_unlisted, name,
                        tosca ? or_tolerate(std::move(wanted), Tolerance::unlisted_tosca_meta) : wanted,
                        "none"));
  }
}

// What TOSCA.meta, and sets of non-MANO artifacts, say is there is there.
void ForeignCsar::check_named() {
  const auto missing = [&](const RelativePath& path) {
    findings_.add(Error(Code::package_member_missing, path.text(), "what TOSCA.meta names", "none"));
  };
  for (const auto* const path : {&meta_.definitions, &meta_.change_log, &meta_.certificate}) {
    if (*path && archive_.find((*path)->text()) == nullptr) missing(**path);
  }
  const auto is_there = [&](const RelativePath& path) {
    const auto inside = path.text() + "/";
    return std::any_of(archive_.members.begin(), archive_.members.end(), [&](const ArchiveMember& member) {
      return member.name == path || member.name.text().starts_with(inside);
    });
  };
  for (const auto* const folder : {&meta_.tests, &meta_.licenses}) {
    if (*folder && !is_there(**folder)) missing(**folder);
  }
  for (const auto& [line, source] : manifest_.in_sets) {
    if (!is_there(source))
      findings_.add(Error(Code::package_member_missing, source.text(),
                          "what the manifest names at line " + std::to_string(line), "none"));
  }
}

}  // namespace sallyport::trust
