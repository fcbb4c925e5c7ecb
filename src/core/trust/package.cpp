// SPDX-License-Identifier: Apache-2.0
#include "core/trust/package.h"

#include <algorithm>
#include <optional>

#include "core/base/read_ahead.h"
#include "core/format/provenance.h"
#include "core/format/tosca.h"
#include "core/trust/build_claims.h"
#include "core/trust/examine_parts.h"
#include "core/trust/member_lane.h"
#include "core/trust/mint.h"
#include "core/trust/provenance_again.h"
#include "core/trust/vendor_signature.h"

namespace sallyport::trust {
namespace {

constexpr std::string_view manifest_suffix = ".mf";

// The one member at the top that is called <name>.mf. Nothing else of the package is looked at before its signature.
Result<const ZipMember*> find_manifest(const ZipDirectory& directory) {
  const ZipMember* found = nullptr;
  for (const auto& member : directory.members) {
    const std::string_view name = member.name.text();
    if (!member.name.parent().empty() || !name.ends_with(manifest_suffix)) continue;
    if (found != nullptr)
      return Error(Code::package_layout_invalid, std::string(name), "one manifest", "another one");
    found = &member;
  }
  if (found == nullptr)
    return Error(Code::package_member_missing, "the package", "a manifest, <name>.mf", "none");
  return found;
}

std::vector<RelativePath> names_of(const ZipDirectory& directory) {
  std::vector<RelativePath> names;
  for (const auto& member : directory.members) names.push_back(member.name);
  return names;
}

Result<PackageLayout> layout_beside(const ZipMember& manifest, const ZipDirectory& directory) {
  const std::string_view name = manifest.name.text();
  auto layout = package_layout(name.substr(0, name.size() - manifest_suffix.size()));
  if (layout.ok()) return with_optional_members(std::move(layout).value(), names_of(directory));
  return Error(Code::package_layout_invalid, std::string(name), "<name>.mf", std::string(name));
}

// Every member but the manifest is listed, and every name that is listed is a member.
Result<void> check_listed(const ZipDirectory& directory, const ZipMember& manifest_member,
                          const Manifest& manifest) {
  for (const auto& member : directory.members) {
    if (&member != &manifest_member) TRY(entry_of(manifest, member.name.text()));
  }
  for (const auto& entry : manifest.entries) {
    if (directory.find(entry.source.text()) == nullptr) {
      return Error(Code::package_member_missing, entry.source.text(), "the member that the manifest lists",
                   "none");
    }
    if (entry.source == manifest_member.name) {
      return Error(Code::package_layout_invalid, entry.source.text(), "not listed in itself", "listed");
    }
  }
  return {};
}

Result<void> check_layout(const ZipDirectory& directory, const PackageLayout& layout) {
  const auto expected = layout.members();
  for (const auto& name : expected) {
    if (directory.find(name.text()) == nullptr)
      return Error(Code::package_member_missing, name.text(), "a member of every package", "none");
  }
  for (std::size_t i = 0; i < directory.members.size(); ++i) {
    const auto& found = directory.members[i].name;
    if (i < expected.size() && found == expected[i]) continue;
    return Error(Code::package_layout_invalid, found.text(),
                 i < expected.size() ? expected[i].text() : "no further member", found.text());
  }
  return {};
}

Result<Bytes> read_bounded(const ByteSource& file, const ZipMember& member, std::uint64_t size_max) {
  if (member.size > size_max) {
    return Error(Code::zip_limit_exceeded, member.name.text(),
                 "at most " + std::to_string(size_max) + " bytes", std::to_string(member.size) + " bytes");
  }
  return file.read(member.data_offset, member.size, size_max);
}

// Bytes that the signature covers: nothing of a member is parsed before its digest was compared.
Result<Bytes> read_signed(const ByteSource& file, const ZipDirectory& directory, const Manifest& manifest,
                          const RelativePath& name, std::uint64_t size_max) {
  const auto* member = directory.find(name.text());
  CHECK(member != nullptr);
  auto bytes = TRY(read_bounded(file, *member, size_max));
  const auto* entry = TRY(entry_of(manifest, name.text()));
  TRY(check_digest(*entry, bytes));
  return bytes;
}

Result<void> check_tosca(BytesView bytes, const PackageLayout& layout) {
  const auto meta = TRY(parse_tosca(bytes));
  if (print_tosca(meta) == print_tosca(layout.tosca_meta(meta.created_by))) return {};
  return Error(Code::package_layout_invalid, layout.tosca.text(), "the members of this package", "others");
}

// Of a wrapped release: its record fits the members that it is about.
Result<void> check_provenance_of(const ByteSource& file, const ZipDirectory& directory,
                                 const Manifest& manifest, Instant at, Checks& passed) {
  const auto& name = provenance_record();
  if (directory.find(name.text()) == nullptr) return {};
  const auto bytes = TRY(read_signed(file, directory, manifest, name, provenance_size_max));
  const auto provenance = TRY(parse_provenance(bytes));
  TRY(check_provenance(provenance, directory, manifest));
  passed.push_back({"provenance", describe_provenance(provenance)});
  return check_publishers_again(file, directory, provenance, at, passed);
}

// What the policy asks about the build, as far as it asks.
Result<BuildClaims> read_claims(const ByteSource& file, const ZipDirectory& directory,
                                const SignedManifest& vendor, const PackageLayout& layout,
                                const Policy& policy, Instant at) {
  const auto& source = policy.sources.at(vendor.source);
  BuildClaims::Members members;
  std::uint64_t room = attestations_size_max;
  for (const auto& name : layout.attestations) {
    if (source.attestations.empty()) break;
    auto bytes =
        TRY(read_signed(file, directory, vendor.manifest, name, std::min(room, attestation_size_max)));
    room -= bytes.size();
    members.attestations.push_back({name.text(), std::move(bytes)});
  }
  if (source.sbom == SbomNeed::required) {
    auto bytes = TRY(read_signed(file, directory, vendor.manifest, layout.sbom, sbom_size_max));
    members.sbom = SignedMember{layout.sbom.text(), std::move(bytes)};
  }
  return BuildClaims::begin(source, policy.algorithm_ends, at, members);
}

std::vector<ExpectedDigest> expected_digests(const ZipDirectory& directory, const Manifest& manifest,
                                             BytesView manifest_bytes) {
  std::vector<ExpectedDigest> expected;
  for (const auto& member : directory.members) {
    const auto entry = entry_of(manifest, member.name.text());
    if (entry.ok()) expected.push_back({entry.value()->algorithm, entry.value()->digest});
    // What goes by as the manifest has to be what was verified as the manifest.
    else
      expected.push_back({Sha2::sha256, copy(sha256(manifest_bytes).bytes())});
  }
  return expected;
}

}  // namespace

struct PackageCheck::State {
  Package package;  // but for the digest of the whole file, which finish() fills in
  Evidence evidence;
  BuildClaims claims;
  const ZipMember* content;  // of package.directory
  Hasher whole;
  std::uint64_t position;
  MemberLane members;
  std::optional<Error> failed;
};

Result<PackageCheck> PackageCheck::begin(const ByteSource& file, const Policy& policy, Instant at,
                                         Checks& passed) {
  const auto passed_before = static_cast<std::ptrdiff_t>(passed.size());
  auto directory = TRY(read_zip(file));
  const auto* manifest_member = TRY(find_manifest(directory));
  const auto layout = TRY(layout_beside(*manifest_member, directory));
  auto manifest_bytes = TRY(read_bounded(file, *manifest_member, manifest_size_max));
  auto vendor = TRY(verify_manifest(manifest_bytes, policy, at, Occasion::admission, passed));
  TRY(check_listed(directory, *manifest_member, vendor.manifest));
  TRY(check_layout(directory, layout));
  TRY(check_as_planned(file, directory));
  const auto tosca_bytes = TRY(read_signed(file, directory, vendor.manifest, layout.tosca, tosca_size_max));
  TRY(check_tosca(tosca_bytes, layout));
  auto tree_bytes =
      TRY(read_signed(file, directory, vendor.manifest, layout.tree, TreeLimits{}.json_size_max));
  auto tree = TRY(parse_signed_tree(vendor, tree_bytes));
  TRY(check_pack_size(tree, directory.find(layout.content.text())->size));
  TRY(check_provenance_of(file, directory, vendor.manifest, at, passed));
  auto claims = TRY(read_claims(file, directory, vendor, layout, policy, at));

  passed.push_back(
      {"manifest", std::to_string(vendor.manifest.entries.size()) + " members, each listed once"});
  Evidence evidence{at, policy.version, {passed.begin() + passed_before, passed.end()}};
  MemberLane members(directory, expected_digests(directory, vendor.manifest, manifest_bytes));
  const auto size = directory.file_size;
  Package package{sha256({}),
                  size,
                  sha256(tree_bytes),
                  vendor.source,
                  std::move(vendor.signers),
                  std::move(vendor.manifest),
                  std::move(manifest_bytes),
                  std::move(tree_bytes),
                  std::move(tree),
                  std::move(directory)};
  auto state =
      std::unique_ptr<State>(new State{std::move(package), std::move(evidence), std::move(claims), nullptr,
                                       Hasher(Sha2::sha256), 0, std::move(members), std::nullopt});
  state->content = state->package.directory.find(layout.content.text());
  return PackageCheck(std::move(state));
}

PackageCheck::PackageCheck(std::unique_ptr<State> state) : state_(std::move(state)) {}
PackageCheck::PackageCheck(PackageCheck&&) noexcept = default;
PackageCheck& PackageCheck::operator=(PackageCheck&&) noexcept = default;
PackageCheck::~PackageCheck() = default;

const Tree& PackageCheck::tree() const {
  return state_->package.tree;
}
const std::vector<std::string>& PackageCheck::signers() const {
  return state_->package.signers;
}
const ZipDirectory& PackageCheck::directory() const {
  return state_->package.directory;
}
const ZipMember& PackageCheck::content_pack() const {
  return *state_->content;
}

Result<void> PackageCheck::feed(BytesView next, Workers& workers, const Beside& beside) {
  if (state_->failed) return *state_->failed;
  state_->position += next.size();
  std::vector<std::function<Result<void>()>> pieces = beside;
  const std::function<Result<void>()> whole = [&]() -> Result<void> {
    state_->whole.update(next);
    return {};
  };
  const auto behind_first = pieces.begin() + (pieces.empty() ? 0 : 1);
  pieces.insert(behind_first, {[&] { return state_->members.update(next); }, whole});
  auto done = workers.run(pieces.size(), [&](std::size_t index) { return pieces[index](); });
  if (!done.ok()) state_->failed = done.error();
  return done;
}

Result<Verified<Package>> PackageCheck::finish(const ByteSource& again, Workers& workers) && {
  auto& state = *state_;
  if (state.failed) return *state.failed;
  if (state.position != state.package.size) {
    return Error(Code::truncated, "package", std::to_string(state.package.size) + " bytes",
                 std::to_string(state.position) + " bytes");
  }
  TRY(state.members.finish());
  state.package.digest = state.whole.finish_sha256();
  state.evidence.checks.push_back(
      {"members", "every byte digested, " + std::to_string(state.package.size) + " in all"});
  state.evidence.checks.push_back({"package", state.package.digest.text()});
  auto& package = state.package;
  const BuiltContent built{package.release, package.tree, package.manifest, again, *state.content, workers};
  package.attestations = TRY(state.claims.finish(built, state.evidence.checks));
  return Mint::verified(std::move(state.package), std::move(state.evidence));
}

Result<Verified<Package>> package(const ByteSource& file, const Policy& policy, Instant at,
                                  Workers& workers) {
  Checks passed;
  return package_noting(file, policy, at, workers, passed);
}

Result<Verified<Package>> package_noting(const ByteSource& file, const Policy& policy, Instant at,
                                         Workers& workers, Checks& passed) {
  auto check = TRY(PackageCheck::begin(file, policy, at, passed));
  for (auto parts = TRY(ReadAhead::begin(file)); !parts.part().empty(); parts.turn()) {
    TRY(check.feed(parts.part(), workers, {[&] { return parts.read_next(); }}));
  }
  return std::move(check).finish(file, workers);
}

Result<Verified<Release>> release(BytesView manifest_bytes, BytesView tree_bytes, const Policy& policy,
                                  Instant at) {
  Checks passed;
  auto vendor = TRY(verify_manifest(manifest_bytes, policy, at, Occasion::proof_again, passed));
  const auto* entry = TRY(entry_of(vendor.manifest, "Artifacts/tree.json"));
  TRY(check_digest(*entry, tree_bytes));
  auto tree = TRY(parse_signed_tree(vendor, tree_bytes));
  Release release{sha256(tree_bytes), vendor.source, std::move(vendor.signers), std::move(tree)};
  return Mint::verified(std::move(release), Evidence{at, policy.version, std::move(passed)});
}

}  // namespace sallyport::trust
