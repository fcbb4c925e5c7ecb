// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/format/provenance.h"
#include "core/format/tosca.h"
#include "core/trust/build_claims.h"
#include "core/trust/examine_parts.h"
#include "core/trust/provenance_again.h"

namespace sallyport::trust {
namespace {

constexpr std::string_view manifest_suffix = ".mf";

class OwnPackage {
 public:
  OwnPackage(const Examined& what, const Archive& archive, Findings& findings)
      : what_(what), archive_(archive), findings_(findings) {}

  Result<void> examine() {
    const auto* member = manifest_member();
    if (member != nullptr) TRY(manifest(*member));
    TRY(find_wrong_members(
        what_.file, archive_, [&](const ArchiveMember& one) { return expected(one); }, what_.workers,
        findings_));
    if (member == nullptr) return {};
    listed(*member);
    layout(*member);
    return contents();
  }

 private:
  const ArchiveMember* manifest_member() {
    const ArchiveMember* found = nullptr;
    for (const auto& member : archive_.members) {
      if (!member.name.parent().empty() || !member.name.text().ends_with(manifest_suffix)) continue;
      if (found != nullptr)
        findings_.add(Error(Code::package_layout_invalid, member.name.text(), "one manifest", "another one"));
      if (found == nullptr) found = &member;
    }
    if (found == nullptr)
      findings_.add(Error(Code::package_member_missing, "the package", "a manifest, <name>.mf", "none"));
    return found;
  }

  // Without a signature that stands where it belongs all of it is looked at.
  Result<void> manifest(const ArchiveMember& member) {
    const auto bytes = TRY(read_found(what_.file, member, manifest_size_max, findings_));
    if (!bytes) return {};
    const auto split = split_manifest(*bytes);
    findings_.add_error_of(split);
    const auto octets = split.ok() ? split.value().signed_octets : BytesView(*bytes);
    if (split.ok() || split.error().code == Code::signature_missing) parse(octets);
    if (split.ok()) signature(split.value());
    return {};
  }

  void parse(BytesView octets) {
    auto parsed = parse_manifest(octets);
    findings_.add_error_of(parsed);
    Leniency strict({});
    Findings further;
    sol004_ = parse_sol004_manifest(octets, strict, further);
    if (parsed.ok()) {
      manifest_ = std::move(parsed).value();
      return;
    }
    // The rules of our profile are stricter, and their parser ends with the first that is broken.
    for (auto& finding : further.sorted()) {
      const bool told = finding.code == parsed.error().code && finding.where == parsed.error().where;
      if (!told) findings_.add(std::move(finding));
    }
  }

  void signature(const SplitManifest& split) {
    const auto blocks = read_blocks(split);
    findings_.add_error_of(blocks);
    if (!blocks.ok()) return;
    const auto signers = find_wrong_in(blocks.value(), {"manifest", digest_of(split.signed_octets)},
                                       what_.policy, what_.at, findings_);
    const auto product = ProductId::parse(sol004_.product);
    if (!product.ok()) {
      findings_.add(
          Error(Code::manifest_malformed, "vnf_product_name", product.error().expected, sol004_.product));
    } else if (!signers.empty()) {
      const auto source = source_for(what_.policy, signers, product.value());
      findings_.add_error_of(source);
      if (source.ok()) source_ = &what_.policy.sources.at(source.value());
    }
  }

  const Sol004Entry* entry_for(std::string_view name) const {
    const auto& entries = sol004_.entries;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Sol004Entry& entry) { return entry.source.text() == name; });
    return found == entries.end() ? nullptr : &*found;
  }
  std::optional<MemberDigest> expected(const ArchiveMember& member) const {
    const auto* entry = entry_for(member.name.text());
    if (entry == nullptr) return std::nullopt;
    return MemberDigest{entry->algorithm, entry->digest};
  }

  void listed(const ArchiveMember& manifest_member) {
    if (sol004_.entries.empty()) return;  // told already
    for (const auto& member : archive_.members) {
      if (&member == &manifest_member || entry_for(member.name.text()) != nullptr) continue;
      findings_.add(
          Error(Code::package_member_unlisted, member.name.text(), "an entry of the manifest", "none"));
    }
    for (const auto& entry : sol004_.entries) {
      if (entry.source == manifest_member.name)
        findings_.add(
            Error(Code::package_layout_invalid, entry.source.text(), "not listed in itself", "listed"));
      else if (archive_.find(entry.source.text()) == nullptr)
        findings_.add(Error(Code::package_member_missing, entry.source.text(),
                            "the member that the manifest lists", "none"));
    }
  }

  // The members of the profile; their order only where they are the right ones.
  void layout(const ArchiveMember& manifest_member) {
    const auto& name = manifest_member.name.text();
    const auto stem = package_layout(std::string_view(name).substr(0, name.size() - manifest_suffix.size()));
    if (!stem.ok()) return;
    std::vector<RelativePath> names;
    for (const auto& member : archive_.members) names.push_back(member.name);
    auto layout = with_optional_members(stem.value(), names);
    findings_.add_error_of(layout);
    if (!layout.ok()) return;
    const auto wanted = layout.value().members();
    bool complete = true;
    for (const auto& one : wanted) {
      if (archive_.find(one.text()) != nullptr) continue;
      findings_.add(Error(Code::package_member_missing, one.text(), "a member of every package", "none"));
      complete = false;
    }
    for (const auto& member : archive_.members) {
      if (std::find(wanted.begin(), wanted.end(), member.name) == wanted.end())
        findings_.add(
            Error(Code::package_layout_invalid, member.name.text(), "no further member", member.name.text()));
    }
    const auto size = std::min(wanted.size(), archive_.members.size());
    for (std::size_t i = 0; complete && i < size; ++i) {
      if (archive_.members[i].name == wanted[i]) continue;
      findings_.add(Error(Code::package_layout_invalid, archive_.members[i].name.text(), wanted[i].text(),
                          archive_.members[i].name.text()));
      break;
    }
    layout_ = std::move(layout).value();
  }

  // TOSCA.meta, tree.json, and the bytes around the members.
  Result<void> contents() {
    if (!layout_) return {};
    const auto* tosca = archive_.find(layout_->tosca.text());
    if (tosca != nullptr) {
      const auto bytes = TRY(read_found(what_.file, *tosca, tosca_size_max, findings_));
      if (bytes) check_tosca(*bytes);
    }
    const auto* tree = archive_.find(layout_->tree.text());
    if (tree != nullptr && manifest_) {
      const auto bytes = TRY(read_found(what_.file, *tree, TreeLimits{}.json_size_max, findings_));
      if (bytes) check_tree(*bytes);
    }
    const auto directory = read_zip(what_.file);
    if (!directory.ok()) return {};
    findings_.add_error_of(check_as_planned(what_.file, directory.value()));
    TRY(provenance(directory.value()));
    return build_claims(directory.value());
  }

  // What the policy asks about the build, each demand for itself: what one lacks hides no other.
  Result<void> build_claims(const ZipDirectory& directory) {
    if (source_ == nullptr) return {};
    BuildClaims::Members members;
    for (const auto& name : layout_->attestations) {
      auto bytes = TRY(read_member(name, attestation_size_max));
      if (bytes) members.attestations.push_back({name.text(), *std::move(bytes)});
    }
    for (const auto& rule : source_->attestations) {
      Source only = *source_;
      only.attestations = {rule};
      only.sbom = SbomNeed::optional;
      build_claim(only, members, directory);
    }
    if (source_->sbom != SbomNeed::required) return {};
    auto bytes = TRY(read_member(layout_->sbom, sbom_size_max));
    if (!bytes) return {};  // told already
    Source only = *source_;
    only.attestations.clear();
    build_claim(only, {{}, SignedMember{layout_->sbom.text(), *std::move(bytes)}}, directory);
    return {};
  }
  Result<std::optional<Bytes>> read_member(const RelativePath& name, std::uint64_t size_max) {
    const auto* member = archive_.find(name.text());
    if (member == nullptr) return std::optional<Bytes>();
    return read_found(what_.file, *member, size_max, findings_);
  }
  // Held against the contents where these are what was signed; else that is told.
  void build_claim(const Source& only, const BuildClaims::Members& members, const ZipDirectory& directory) {
    const auto claims = BuildClaims::begin(only, what_.policy.algorithm_ends, what_.at, members);
    findings_.add_error_of(claims);
    const auto* pack = directory.find(layout_->content.text());
    if (!claims.ok() || !tree_ || pack == nullptr || findings_.has(Code::member_digest_mismatch)) return;
    Checks passed;
    const BuiltContent built{release_, *tree_, *manifest_, what_.file, *pack, what_.workers};
    findings_.add_error_of(claims.value().finish(built, passed));
  }
  Result<void> provenance(const ZipDirectory& directory) {
    const auto* member = archive_.find(provenance_record().text());
    if (member == nullptr || !manifest_) return {};
    const auto bytes = TRY(read_found(what_.file, *member, provenance_size_max, findings_));
    if (!bytes) return {};
    const auto parsed = parse_provenance(*bytes);
    findings_.add_error_of(parsed);
    if (!parsed.ok()) return {};
    const auto fits = check_provenance(parsed.value(), directory, *manifest_);
    findings_.add_error_of(fits);
    Checks of_publishers;  // told by the proof, where there is one
    if (fits.ok())
      findings_.add_error_of(
          check_publishers_again(what_.file, directory, parsed.value(), what_.at, of_publishers));
    return {};
  }
  void check_tosca(BytesView bytes) {
    const auto meta = parse_tosca(bytes);
    findings_.add_error_of(meta);
    if (meta.ok() && print_tosca(meta.value()) != print_tosca(layout_->tosca_meta(meta.value().created_by))) {
      findings_.add(Error(Code::package_layout_invalid, layout_->tosca.text(), "the members of this package",
                          "others"));
    }
  }
  void check_tree(BytesView bytes) {
    const auto product = ProductId::parse(manifest_->product);
    if (!product.ok()) return;
    const SignedManifest claimed{*manifest_, product.value(), what_.policy.sources.begin()->first, {}};
    auto tree = parse_signed_tree(claimed, bytes);
    findings_.add_error_of(tree);
    const auto* content = archive_.find(layout_->content.text());
    if (!tree.ok() || content == nullptr) return;
    const auto fits = check_pack_size(tree.value(), content->size);
    findings_.add_error_of(fits);
    if (!fits.ok()) return;
    release_ = sha256(bytes);
    tree_ = std::move(tree).value();
  }

  const Examined& what_;
  const Archive& archive_;
  Findings& findings_;
  Sol004Manifest sol004_;
  std::optional<Manifest> manifest_;  // where it is of our profile
  std::optional<PackageLayout> layout_;
  const Source* source_ = nullptr;  // whose signers these are
  Sha256Digest release_ = sha256({});
  std::optional<Tree> tree_;  // where it fits the pack
};

}  // namespace

Result<void> examine_own(const Examined& what, Findings& findings) {
  const auto archive = TRY(read_archive(what.file, ArchiveForm::profile, findings));
  return archive ? OwnPackage(what, *archive, findings).examine() : Result<void>();
}

}  // namespace sallyport::trust
