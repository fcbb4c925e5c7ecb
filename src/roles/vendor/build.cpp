// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/build.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/text.h"
#include "core/format/attestation_subject.h"
#include "core/format/manifest.h"
#include "core/format/sbom_check.h"
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
constexpr std::uint64_t part_size = 1U << 20U;

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

TreeEntry entry_of(SourceEntry&& from, const std::optional<FileDigest>& digest) {
  return {std::move(from.path),
          from.type,
          from.mode,
          from.uid,
          from.gid,
          from.size,
          digest,
          std::move(from.link_target),
          std::move(from.capabilities)};
}

// Entries that come sorted, and the folders that have to be added to them.
class Folders {
 public:
  explicit Folders(std::vector<TreeEntry>& sorted) : sorted_(sorted) {}

  void add_parents(const RelativePath& path) {
    for (std::string_view parent = path.parent(); !parent.empty();) {
      if (!add(parent)) return;  // whoever has it, or added it, sees to its own
      const auto slash = parent.rfind('/');
      parent = parent.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
  }
  // False: it is there.
  bool add(std::string_view path) {
    const auto at = std::lower_bound(
        sorted_.begin(), sorted_.end(), path,
        [](const TreeEntry& entry, std::string_view wanted) { return entry.path.text() < wanted; });
    if (at != sorted_.end() && at->path.text() == path) return false;
    return missing_.emplace(path).second;
  }
  std::vector<TreeEntry> take() {
    for (const auto& path : missing_)
      sorted_.push_back({RelativePath::parse(path).value(), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}});
    sort_by_path(sorted_);
    return std::move(sorted_);
  }
  static void sort_by_path(std::vector<TreeEntry>& entries) {
    std::sort(entries.begin(), entries.end(),
              [](const TreeEntry& one, const TreeEntry& other) { return one.path < other.path; });
  }

 private:
  std::vector<TreeEntry>& sorted_;
  std::set<std::string> missing_;
};

// Takes the entries out of the listing: there may be hundreds of thousands.
std::vector<TreeEntry> entries_of(std::vector<SourceEntry> listed, const Packed& packed,
                                  const std::vector<Service>& services) {
  std::vector<TreeEntry> entries;
  entries.reserve(listed.size());
  for (std::size_t i = 0; i < listed.size(); ++i)
    entries.push_back(entry_of(std::move(listed[i]), packed.digests[i]));
  Folders::sort_by_path(entries);
  Folders folders(entries);
  for (const auto& entry : entries) folders.add_parents(entry.path);
  for (const auto& service : services) {
    for (const auto& folder : service.state_folders) {
      folders.add_parents(folder);
      folders.add(folder.text());
    }
  }
  return folders.take();
}

// Members in memory, and the pack behind them.
class Assembly {
 public:
  void add(const RelativePath& name, std::string text) { small_.push_back({name, std::move(text)}); }

  // What goes in as it is, in front of the tree, which is the last of the small ones.
  Result<void> add_kept(const Wrapping& wrapping) {
    for (const auto& one : wrapping.kept()) {
      std::uint32_t checksum = 0;
      for (std::uint64_t done = 0; done < one.bytes->size();) {
        const auto size = std::min(part_size, one.bytes->size() - done);
        checksum = crc32(checksum, TRY(one.bytes->read(done, size, part_size)));
        done += size;
      }
      kept_.push_back({provenance_member(one.original.name), one.bytes.get(), one.original.size,
                       one.original.sha256, checksum});
    }
    return {};
  }

  // The manifest lists all others and comes second.
  void add_manifest(const RelativePath& name, Manifest manifest, const RelativePath& pack_name,
                    const Packed& packed) {
    for (const auto& member : small_) {
      manifest.entries.push_back({member.name, Sha2::sha256, copy(sha256(as_bytes(member.content)).bytes())});
    }
    for (const auto& file : kept_) {
      manifest.entries.push_back({file.name, Sha2::sha256, copy(file.sha256.bytes())});
    }
    manifest.entries.push_back({pack_name, Sha2::sha256, copy(packed.sha256.bytes())});
    small_.insert(small_.begin() + 1, {name, print_manifest(manifest)});
  }

  Result<WrittenPackage> write(const RelativePath& pack_name, const Packed& packed, const ByteSource& pack,
                               ByteSink& to, Workers& workers) const {
    std::vector<MemorySource> sources;
    for (const auto& member : small_) sources.emplace_back(as_bytes(member.content));
    std::vector<PackageMember> members;
    for (std::size_t i = 0; i < small_.size(); ++i) {
      members.push_back(
          {small_[i].name, &sources[i], 0, small_[i].content.size(), crc32(0, as_bytes(small_[i].content))});
    }
    for (const auto& file : kept_) {
      members.insert(members.end() - 1, {file.name, file.bytes, 0, file.size, file.crc32});
    }
    members.push_back({pack_name, &pack, 0, packed.size, packed.crc32});
    return write_package(members, to, workers);
  }

 private:
  struct Small {
    RelativePath name;
    std::string content;
  };
  struct Kept {
    RelativePath name;
    const ByteSource* bytes;
    std::uint64_t size;
    Sha256Digest sha256;
    std::uint32_t crc32;
  };
  std::vector<Small> small_;
  std::vector<Kept> kept_;
};

std::vector<Document> sorted(std::vector<Document> documents) {
  std::sort(documents.begin(), documents.end(),
            [](const Document& a, const Document& b) { return a.name < b.name; });
  return documents;
}

// Names of attestations, each once, and what is in them as far as it needs no key.
Result<PackageLayout> layout_for(const BuildRequest& request) {
  auto layout = TRY(package_layout(request.name));
  std::vector<RelativePath> members;
  for (const auto& document : request.attestations) {
    auto member = attestation_member(document.name);
    if (!member.ok())
      return Error(Code::usage_error, "--attestation", "a file called by an identifier: a-z 0-9 . _ -",
                   printable(document.name));
    if (std::find(members.begin(), members.end(), member.value()) != members.end())
      return Error(Code::usage_error, "--attestation", "each name once", document.name);
    TRY(parse_attestation(document.bytes, member.value().text()));
    members.push_back(std::move(member).value());
  }
  if (request.sbom && TRY(parse_sbom(*request.sbom)).standard == SbomStandard::spdx)
    members.push_back(RelativePath::parse(spdx_member).value());
  return with_optional_members(std::move(layout), members);
}

// A list that names files has to fit the release.
Result<void> check_sbom(const BuildRequest& request, const Tree& tree, const Scratch& pack,
                        std::uint64_t pack_size, Workers& workers) {
  if (!request.sbom) return {};
  const auto sbom = TRY(parse_sbom(*request.sbom));
  if (sbom.files.empty()) return {};
  const auto contents =
      TRY(ContentDigests::of(tree.objects, pack, 0, pack_size, algorithms_of(sbom), workers));
  const auto misfits = find_misfits(sbom, tree, contents);
  return misfits.empty() ? Result<void>() : misfits.front();
}

// What each attestation is about, for the vendor to see: it is for the operator's policy to say which are needed.
Result<std::vector<std::string>> describe_attestations(const BuildRequest& request, const Tree& tree,
                                                       const Sha256Digest& release, const Scratch& pack,
                                                       std::uint64_t pack_size, Workers& workers) {
  std::vector<std::string> lines;
  if (request.attestations.empty()) return lines;
  const Manifest members{{}, {}, {}, Instant::from_seconds(0).value(), {}};
  std::optional<ContentDigests> digests;
  const Holdings holdings{
      release, tree, members, [&]() -> Result<const ContentDigests*> {
        if (!digests)
          digests = TRY(ContentDigests::of(tree.objects, pack, 0, pack_size, {Sha2::sha256}, workers));
        return &*digests;
      }};
  for (const auto& [name, bytes] : request.attestations) {
    const auto attestation = TRY(parse_attestation(bytes, name));
    const auto what = about(attestation, name, holdings);
    lines.push_back(attestation_kind(attestation.predicate_type) +
                    (attestation.maker.empty() ? "" : " by " + attestation.maker) + ", about " +
                    (what.ok() ? what.value() : "something else: expected " + what.error().expected));
  }
  return lines;
}

// Takes entries and objects with it.
Tree tree_of(const BuildRequest& request, SourceListing& listing, Packed& packed) {
  auto entries = entries_of(std::exchange(listing.entries, {}), packed, request.services);
  packed.digests = std::vector<std::optional<FileDigest>>();
  return {request.product,
          request.name,
          request.version,
          listing.architecture.empty() ? request.architecture : listing.architecture,
          request.counter,
          std::move(entries),
          std::exchange(packed.objects, {}),
          request.services,
          request.config,
          request.users,
          request.groups};
}

std::uint64_t size_of(const SourceListing& listing) {
  std::uint64_t size = 0;
  for (const auto& entry : listing.entries) size += entry.same_as ? 0 : entry.size;
  return size;
}

BuildReport report_of(const Tree& tree, const Sha256Digest& release, const WrittenPackage& written,
                      Instant released) {
  BuildReport report{written.digest,      release,           written.size, 0, 0,
                     tree.objects.size(), tree.architecture, released};
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::file) continue;
    ++report.files;
    report.content_size += entry.size;
  }
  return report;
}

// What makes no tree was asked for by the vendor, who reads this, and is no damage of a package.
Error as_mistake(Error error) {
  if (kind_of(error.code) == Kind::fault) return error;
  const bool is_option =
      error.where == "version" || error.where == "architecture" || error.where == "counter";
  error.code = is_option ? Code::usage_error : Code::input_refused;
  if (is_option) error.where = "--" + error.where;
  if (error.where == "entries") error.where = "the input";
  return error;
}

Result<std::string> spell(const Tree& tree) {
  auto text = print_tree(tree);
  if (!text.ok()) return as_mistake(std::move(text).take_error());
  return text;
}

}  // namespace

Result<BuildReport> build(const BuildRequest& request, TreeSource& files, Scratch& pack, ByteSink& output,
                          Workers& workers, Progress& progress) {
  TRY(check(request));
  const auto layout = TRY(layout_for(request));
  AccountSource source(files, request.users, request.groups);
  SourceListing listing = TRY(source.list());
  progress.begin("packing", size_of(listing));
  Packed packed = TRY(pack_files(source, listing, request.level, pack, workers, progress));
  const Tree tree = tree_of(request, listing, packed);
  std::string tree_json = TRY(spell(tree));
  const auto release = sha256(as_bytes(tree_json));
  TRY(check_sbom(request, tree, pack, packed.size, workers));
  const Names names{request.name, request.product.text(), request.provider, request.version};
  const Instant released = request.released.value_or(listing.newest);

  Assembly assembly;
  assembly.add(layout.tosca, print_tosca(layout.tosca_meta(request.provider)));
  assembly.add(layout.definitions,
               request.descriptor ? std::string(as_text(*request.descriptor)) : print_descriptor(names));
  assembly.add(layout.change_log, print_change_log(names, request.counter, released));
  assembly.add(layout.license, print_licences(listing));
  assembly.add(layout.sbom, request.sbom ? std::string(as_text(*request.sbom)) : print_sbom(names, listing));
  for (const auto& document : sorted(request.attestations))
    assembly.add(TRY(attestation_member(document.name)), std::string(as_text(document.bytes)));
  std::optional<Provenance> provenance;
  if (request.wrapping != nullptr) {
    provenance = TRY(request.wrapping->provenance(listing));
    assembly.add(provenance_record(), TRY(print_provenance(*provenance)));
    TRY(assembly.add_kept(*request.wrapping));
  }
  assembly.add(layout.tree, std::move(tree_json));
  assembly.add_manifest(layout.manifest, {request.provider, names.product, names.version, released, {}},
                        layout.content, packed);
  progress.begin("writing", packed.size);
  const auto written =
      TRY(assembly.write(layout.content, packed, WatchedSource(pack, progress), output, workers));
  auto report = report_of(tree, release, written, released);
  report.provenance = std::move(provenance);
  report.attestations = TRY(describe_attestations(request, tree, release, pack, packed.size, workers));
  return report;
}

}  // namespace sallyport::vendor
