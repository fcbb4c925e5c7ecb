// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/build.h"

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/format/manifest.h"
#include "core/format/tosca.h"
#include "core/format/zip.h"
#include "roles/vendor/account_source.h"
#include "roles/vendor/documents.h"
#include "roles/vendor/package_writer.h"
#include "roles/vendor/packer.h"

namespace sallyport::vendor {
namespace {

constexpr std::size_t descriptor_size_max = 1U << 20U;
constexpr std::size_t provider_size_max = 200;

Result<void> check(const BuildRequest& request) {
  const auto misused = [](std::string what, std::string expected, std::string_view found) {
    return Error(Code::usage_error, std::move(what), std::move(expected), printable(found));
  };
  if (!check_identifier(request.name, "name").ok())
    return misused("--name", "1 to 64 of a-z, 0-9, `.`, `_` and `-`", request.name);
  if (request.counter == 0) return misused("--counter", "1 or more", "0");
  if (request.level < 1 || request.level > 19)
    return misused("--level", "1 to 19", std::to_string(request.level));
  const auto& provider = request.provider;
  if (provider.empty() || provider.size() > provider_size_max || !is_plain_text(provider) ||
      provider.front() == ' ' || provider.back() == ' ')
    return misused("--provider", "1 to 200 bytes of plain text", provider);
  if (request.descriptor && request.descriptor->size() > descriptor_size_max)
    return misused("--vnfd", "at most 1 MiB", std::to_string(request.descriptor->size()));
  return {};
}

TreeEntry entry_of(const SourceEntry& from, const std::optional<FileDigest>& digest) {
  return {from.path, from.type, from.mode,        from.uid,         from.gid,
          from.size, digest,    from.link_target, from.capabilities};
}

void add_folder(const std::string& path, std::map<std::string, TreeEntry>& entries) {
  if (path.empty() || entries.count(path) != 0) return;
  entries.emplace(
      path, TreeEntry{RelativePath::parse(path).value(), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}});
}

void add_parents(RelativePath path, std::map<std::string, TreeEntry>& entries) {
  for (std::string parent(path.parent()); !parent.empty();
       parent = parent.substr(0, parent.rfind('/') == std::string::npos ? 0 : parent.rfind('/'))) {
    add_folder(parent, entries);
  }
}

std::vector<TreeEntry> entries_of(const SourceListing& listing, const Packed& packed,
                                  const std::vector<Service>& services) {
  std::map<std::string, TreeEntry> entries;
  for (std::size_t i = 0; i < listing.entries.size(); ++i) {
    entries.emplace(listing.entries[i].path.text(), entry_of(listing.entries[i], packed.digests[i]));
  }
  for (const auto& entry : listing.entries) add_parents(entry.path, entries);
  for (const auto& service : services) {
    for (const auto& folder : service.state_folders) {
      add_parents(folder, entries);
      add_folder(folder.text(), entries);
    }
  }
  std::vector<TreeEntry> sorted;
  sorted.reserve(entries.size());
  for (auto& [path, entry] : entries) sorted.push_back(std::move(entry));
  return sorted;
}

// Members in memory, and the pack behind them.
class Assembly {
 public:
  void add(const RelativePath& name, std::string_view text) {
    small_.push_back({name, copy(as_bytes(text))});
  }

  // The manifest lists all others and comes second.
  void add_manifest(const RelativePath& name, Manifest manifest, const RelativePath& pack_name,
                    const Packed& packed) {
    for (const auto& member : small_) {
      manifest.entries.push_back({member.name, Sha2::sha256, copy(sha256(member.content).bytes())});
    }
    manifest.entries.push_back({pack_name, Sha2::sha256, copy(packed.sha256.bytes())});
    small_.insert(small_.begin() + 1, {name, copy(as_bytes(print_manifest(manifest)))});
  }

  Result<WrittenPackage> write(const RelativePath& pack_name, const Packed& packed, const ByteSource& pack,
                               ByteSink& to, Workers& workers) const {
    std::vector<MemorySource> sources;
    for (const auto& member : small_) sources.emplace_back(member.content);
    std::vector<PackageMember> members;
    for (std::size_t i = 0; i < small_.size(); ++i) {
      members.push_back(
          {small_[i].name, &sources[i], 0, small_[i].content.size(), crc32(0, small_[i].content)});
    }
    members.push_back({pack_name, &pack, 0, packed.size, packed.crc32});
    return write_package(members, to, workers);
  }

 private:
  struct Small {
    RelativePath name;
    Bytes content;
  };
  std::vector<Small> small_;
};

Tree tree_of(const BuildRequest& request, const SourceListing& listing, const Packed& packed) {
  return {request.product, request.name,
          request.version, listing.architecture.empty() ? request.architecture : listing.architecture,
          request.counter, entries_of(listing, packed, request.services),
          packed.objects,  request.services,
          request.config,  request.users,
          request.groups};
}

std::uint64_t size_of(const SourceListing& listing) {
  std::uint64_t size = 0;
  for (const auto& entry : listing.entries) size += entry.same_as ? 0 : entry.size;
  return size;
}

BuildReport report_of(const Tree& tree, const std::string& tree_json, const WrittenPackage& written,
                      Instant released) {
  BuildReport report{written.digest,      sha256(as_bytes(tree_json)), written.size, 0, 0,
                     tree.objects.size(), tree.architecture,           released};
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::file) continue;
    ++report.files;
    report.content_size += entry.size;
  }
  return report;
}

}  // namespace

Result<BuildReport> build(const BuildRequest& request, TreeSource& files, Scratch& pack, ByteSink& output,
                          Workers& workers, Progress& progress) {
  TRY(check(request));
  const auto layout = TRY(package_layout(request.name));
  AccountSource source(files, request.users, request.groups);
  const SourceListing listing = TRY(source.list());
  progress.begin("packing", size_of(listing));
  const Packed packed = TRY(pack_files(source, listing, request.level, pack, workers, progress));
  const Tree tree = tree_of(request, listing, packed);
  const std::string tree_json = TRY(print_tree(tree));
  const Names names{request.name, request.product.text(), request.provider, request.version};
  const Instant released = request.released.value_or(listing.newest);

  Assembly assembly;
  assembly.add(layout.tosca, print_tosca(layout.tosca_meta(request.provider)));
  assembly.add(layout.definitions,
               request.descriptor ? std::string(as_text(*request.descriptor)) : print_descriptor(names));
  assembly.add(layout.change_log, print_change_log(names, request.counter, released));
  assembly.add(layout.license, print_licences(listing));
  assembly.add(layout.sbom, print_sbom(names, listing));
  assembly.add(layout.tree, tree_json);
  assembly.add_manifest(layout.manifest, {request.provider, names.product, names.version, released, {}},
                        layout.content, packed);
  progress.begin("writing", packed.size);
  const auto written =
      TRY(assembly.write(layout.content, packed, WatchedSource(pack, progress), output, workers));
  return report_of(tree, tree_json, written, released);
}

}  // namespace sallyport::vendor
