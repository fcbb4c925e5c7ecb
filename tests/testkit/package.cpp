// SPDX-License-Identifier: Apache-2.0
#include "testkit/package.h"

#include <algorithm>
#include <set>

#include "core/crypto/cms.h"
#include "core/crypto/file_digest.h"
#include "core/format/manifest.h"
#include "core/format/pack.h"
#include "core/format/tosca.h"
#include "core/format/tree_check.h"
#include "core/format/zip.h"

namespace sallyport::testkit {
namespace {

RelativePath path_of(const std::string& text) {
  return RelativePath::parse(text).value();
}

void add_parents(const std::string& path, std::map<std::string, std::uint32_t>& folders) {
  for (auto slash = path.rfind('/'); slash != std::string::npos; slash = path.rfind('/', slash - 1)) {
    folders.emplace(path.substr(0, slash), 0755);
    if (slash == 0) break;
  }
}

std::map<std::string, std::uint32_t> all_folders(const PackageParts& parts) {
  auto folders = parts.folders;
  for (const auto& [path, file] : parts.files) add_parents(path, folders);
  for (const auto& [path, target] : parts.links) add_parents(path, folders);
  for (const auto& [path, mode] : parts.folders) add_parents(path, folders);
  for (const auto& service : parts.services) {
    for (const auto& folder : service.state_folders) {
      folders.emplace(folder.text(), 0755);
      add_parents(folder.text(), folders);
    }
  }
  return folders;
}

std::vector<TreeEntry> make_entries(const PackageParts& parts) {
  std::map<std::string, TreeEntry> entries;
  for (const auto& [path, mode] : all_folders(parts)) {
    entries.emplace(path, TreeEntry{path_of(path), EntryType::directory, mode, 0, 0, 0, {}, {}, {}});
  }
  for (const auto& [path, file] : parts.files) {
    entries.emplace(path, TreeEntry{path_of(path),
                                    EntryType::file,
                                    file.mode,
                                    file.uid,
                                    file.gid,
                                    file.content.size(),
                                    file_digest(as_bytes(file.content)),
                                    {},
                                    file.capabilities});
  }
  for (const auto& [path, target] : parts.links) {
    entries.emplace(path, TreeEntry{path_of(path), EntryType::link, 0777, 0, 0, 0, {}, target, {}});
  }
  std::vector<TreeEntry> sorted;
  for (auto& [path, entry] : entries) sorted.push_back(std::move(entry));
  return sorted;
}

struct Pack {
  std::vector<ContentObject> objects;
  Bytes bytes;
};

void add_content(Pack& pack, BytesView content, std::size_t frame_size) {
  FrameEncoder encoder;
  ContentObject object{file_digest(content), content.size(), {}};
  for (std::size_t at = 0; at < content.size(); at += frame_size) {
    const auto part = content.subspan(at, std::min(frame_size, content.size() - at));
    const Bytes stored = encoder.encode(part).value();
    object.frames.push_back({pack.bytes.size(), static_cast<std::uint32_t>(stored.size()),
                             static_cast<std::uint32_t>(part.size())});
    pack.bytes.insert(pack.bytes.end(), stored.begin(), stored.end());
  }
  if (content.empty()) {
    pack.objects.insert(pack.objects.begin(), object);
  } else {
    pack.objects.push_back(object);
  }
}

Pack make_pack(const PackageParts& parts) {
  Pack pack;
  std::set<FileDigest> seen;
  for (const auto& [path, file] : parts.files) {
    const auto content = as_bytes(file.content);
    if (seen.insert(file_digest(content)).second) add_content(pack, content, parts.frame_size);
  }
  return pack;
}

Bytes bytes_of(std::string_view text) {
  return copy(as_bytes(text));
}

Members make_members(const PackageParts& parts, const PackageLayout& layout) {
  Pack pack = make_pack(parts);
  Tree tree{ProductId::parse(parts.product).value(),
            parts.name,
            parts.version,
            parts.architecture,
            parts.counter,
            make_entries(parts),
            pack.objects,
            parts.services,
            parts.config};
  if (parts.edit_tree) parts.edit_tree(tree);
  std::string json = spell_tree(tree);
  if (parts.edit_tree_json) parts.edit_tree_json(json);
  return {
      {layout.tosca.text(), bytes_of(print_tosca(layout.tosca_meta(parts.provider)))},
      {layout.definitions.text(), bytes_of("tosca_definitions_version: tosca_simple_yaml_1_3\n")},
      {layout.change_log.text(), bytes_of(parts.version + "\n")},
      {layout.license.text(), bytes_of("Test data.\n")},
      {layout.sbom.text(), bytes_of("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1}\n")},
      {layout.tree.text(), bytes_of(json)},
      {layout.content.text(), std::move(pack.bytes)}};
}

std::string make_manifest(const PackageParts& parts, const Members& members) {
  Manifest manifest{parts.provider, parts.product, parts.version, Instant::parse(parts.released).value(), {}};
  for (const auto& made : members) {
    manifest.entries.push_back({path_of(made.name), Sha2::sha256, copy(sha256(made.content).bytes())});
  }
  std::string octets = print_manifest(manifest);
  if (parts.edit_manifest) parts.edit_manifest(octets);
  if (parts.signers.empty()) return octets;
  return octets + cms_to_pem(sign_cms(as_bytes(octets), parts.signers));
}

}  // namespace

Service make_service(const std::string& name) {
  return {ServiceId::parse(name).value(),
          {"/usr/bin/mme", "-c", "/etc/mme.conf"},
          0,
          0,
          {},
          Network::host,
          {},
          {path_of("var/log/mme")},
          {{HealthKind::process, {}}},
          5};
}

PackageParts::PackageParts() {
  std::string table;
  for (int i = 0; i < 700; ++i) table += std::to_string(i * i) + "\n";
  files["etc/mme.conf"] = {"plmn: 00101\n", 0644};
  files["usr/bin/mme"] = {"#!/bin/sh\nexec sleep 600\n"};
  files["usr/lib/mme/empty"] = {"", 0644};
  files["usr/lib/mme/table"] = {table, 0644};
  files["usr/lib/mme/table-again"] = {table, 0600};
  links["usr/bin/mmed"] = "mme";
  services = {make_service()};
}

PackageParts next_release() {
  PackageParts parts;
  parts.version = "1.1";
  parts.counter = 2;
  parts.files["usr/bin/mme"] = {"#!/bin/sh\n# 1.1\nexec sleep 600\n"};
  parts.files["usr/lib/mme/more"] = {"new in 1.1\n", 0644};
  parts.files.erase("usr/lib/mme/table-again");
  return parts;
}

Member& member(Members& members, const std::string& name) {
  for (auto& candidate : members) {
    if (candidate.name == name) return candidate;
  }
  abort_because(("no member " + name).c_str(), __FILE__, __LINE__);
}

Bytes make_zip(const Members& members) {
  std::vector<ZipPlanMember> planned;
  for (const auto& made : members) {
    planned.push_back({path_of(made.name), made.content.size(), crc32(0, made.content)});
  }
  const ZipPlan plan = plan_zip(planned).value();
  Bytes file;
  for (std::size_t i = 0; i < members.size(); ++i) {
    file.insert(file.end(), plan.local_headers[i].begin(), plan.local_headers[i].end());
    file.insert(file.end(), members[i].content.begin(), members[i].content.end());
  }
  file.insert(file.end(), plan.tail.begin(), plan.tail.end());
  return file;
}

Members take_apart(BytesView package) {
  const MemorySource source(package);
  Members members;
  for (const auto& found : read_zip(source).value().members) {
    members.push_back({found.name.text(), copy(package.subspan(found.data_offset, found.size))});
  }
  return members;
}

Bytes make_package(const PackageParts& parts) {
  const PackageLayout layout = package_layout(parts.name).value();
  Members members = make_members(parts, layout);
  if (parts.edit_members) parts.edit_members(members);
  Member manifest{layout.manifest.text(), bytes_of(make_manifest(parts, members))};
  members.insert(members.begin() + 1, std::move(manifest));
  if (parts.edit_signed) parts.edit_signed(members);
  return make_zip(members);
}

}  // namespace sallyport::testkit
