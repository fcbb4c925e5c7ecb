// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/package_reader.h"

#include <algorithm>
#include <atomic>

#include "core/base/text.h"
#include "core/crypto/cms.h"
#include "core/format/content.h"
#include "core/format/provenance.h"

namespace sallyport::vendor {
namespace {

constexpr std::size_t part_size = 1U << 20U;

Error refused(Code code, std::string where, std::string expected, std::string_view found) {
  return {code, std::move(where), std::move(expected), printable(found.substr(0, 200))};
}

// The name of the package is the stem of its manifest's name, and everything else follows from it.
Result<PackageLayout> layout_of(const ByteSource& file, const ZipDirectory& directory) {
  const auto* tosca = directory.find("TOSCA-Metadata/TOSCA.meta");
  if (tosca == nullptr)
    return refused(Code::package_layout_invalid, "package", "TOSCA-Metadata/TOSCA.meta", "none");
  const auto text = TRY(read_member(file, *tosca, tosca_size_max));
  const auto meta = TRY(parse_tosca(text));
  const auto& name = meta.manifest.text();
  if (!name.ends_with(".mf"))
    return refused(Code::package_layout_invalid, "ETSI-Entry-Manifest", "a name that ends in .mf", name);
  std::vector<RelativePath> names;
  for (const auto& member : directory.members) names.push_back(member.name);
  auto layout = TRY(package_layout(name.substr(0, name.size() - 3)));
  layout = TRY(with_optional_members(std::move(layout), names));
  const auto members = layout.members();
  const bool same =
      std::equal(members.begin(), members.end(), directory.members.begin(), directory.members.end(),
                 [](const RelativePath& expected, const ZipMember& found) { return expected == found.name; });
  if (!same)
    return refused(Code::package_layout_invalid, "package",
                   "the members that `sallyport package build` writes", "others");
  return layout;
}

struct Signing {
  Bytes octets;
  Bytes cms;     // DER; empty: none
  Bytes second;  // likewise
};

// The signed octets, whether a signature follows them or not.
Result<Signing> signing_of(BytesView manifest) {
  const auto split = split_manifest(manifest);
  if (split.ok()) {
    const auto& [octets, first, second] = split.value();
    auto cms = TRY(cms_from_pem(as_text(first)));
    Signing signing{copy(octets), std::move(cms), {}};
    if (!second.empty()) signing.second = TRY(cms_from_pem(as_text(second), second_cms_label));
    return signing;
  }
  if (split.error().code == Code::signature_missing) return Signing{copy(manifest), {}, {}};
  return split.error();
}

Result<void> check_member(const ByteSource& file, const ZipMember& member, const ManifestEntry& entry) {
  Hasher hasher(entry.algorithm);
  std::uint32_t checksum = 0;
  Bytes part(std::min<std::uint64_t>(part_size, member.size));
  for (std::uint64_t done = 0; done < member.size;) {
    const std::span<std::uint8_t> into(part.data(), std::min<std::uint64_t>(part.size(), member.size - done));
    TRY(file.read_at(member.data_offset + done, into));
    hasher.update(into);
    checksum = crc32(checksum, into);
    done += into.size();
  }
  const Bytes found = hasher.finish();
  if (found != entry.digest)
    return refused(Code::member_digest_mismatch, member.name.text(), hex(entry.digest), hex(found));
  if (checksum != member.crc32)
    return refused(Code::zip_checksum_mismatch, member.name.text(), std::to_string(member.crc32),
                   std::to_string(checksum));
  return {};
}

Result<const ManifestEntry*> entry_for(const Manifest& manifest, const ZipMember& member) {
  for (const auto& entry : manifest.entries) {
    if (entry.source == member.name) return &entry;
  }
  return refused(Code::package_member_unlisted, member.name.text(), "an entry in the manifest", "none");
}

Result<void> check_fit(const OwnPackage& package) {
  const auto& manifest = package.manifest;
  if (manifest.entries.size() + 1 != package.directory.members.size())
    return refused(Code::package_member_missing, "manifest", "the members of the package", "others");
  if (manifest.product != package.tree.product.text() || manifest.version != package.tree.version)
    return refused(Code::tree_inconsistent, "manifest",
                   package.tree.product.text() + " " + package.tree.version,
                   manifest.product + " " + manifest.version);
  return check_pack_size(package.tree, package.directory.members.back().size);
}

Result<void> check_provenance_of(const ByteSource& file, const OwnPackage& package) {
  const auto* record = package.directory.find(provenance_record().text());
  if (record == nullptr) return {};
  const auto bytes = TRY(read_member(file, *record, provenance_size_max));
  const auto provenance = TRY(parse_provenance(bytes));
  return check_provenance(provenance, package.directory, package.manifest);
}

Result<void> check_contents(const ByteSource& file, const OwnPackage& package, Workers& workers) {
  const auto& pack = package.directory.members.back();
  const auto& objects = package.tree.objects;
  std::atomic<std::size_t> next = 0;
  return workers.run(workers.width(), [&](std::size_t) -> Result<void> {
    ContentReader reader(file, pack.data_offset, pack.size);
    for (std::size_t i = next++; i < objects.size(); i = next++) {
      TRY(reader.read(objects[i], [](BytesView) { return Result<void>(); }));
    }
    return {};
  });
}

}  // namespace

Result<OwnPackage> read_own_package(const ByteSource& file, Workers& workers) {
  auto directory = TRY(read_zip(file));
  auto layout = TRY(layout_of(file, directory));
  const auto manifest_bytes =
      TRY(read_member(file, *directory.find(layout.manifest.text()), manifest_size_max));
  auto signing = TRY(signing_of(manifest_bytes));
  auto manifest = TRY(parse_manifest(signing.octets));
  auto tree_bytes = TRY(read_member(file, *directory.find(layout.tree.text()), TreeLimits{}.json_size_max));
  auto tree = TRY(parse_tree(tree_bytes));
  OwnPackage package{
      std::move(directory),      std::move(layout),   std::move(signing.octets), std::move(signing.cms),
      std::move(signing.second), std::move(manifest), std::move(tree_bytes),     std::move(tree)};
  TRY(check_fit(package));
  for (const auto& member : package.directory.members) {
    if (member.name == package.layout.manifest) continue;
    const auto* entry = TRY(entry_for(package.manifest, member));
    TRY(check_member(file, member, *entry));
  }
  TRY(check_provenance_of(file, package));
  TRY(check_contents(file, package, workers));
  return package;
}

}  // namespace sallyport::vendor
