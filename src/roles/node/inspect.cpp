// SPDX-License-Identifier: Apache-2.0
#include "roles/node/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/crypto/file_digest.h"
#include "roles/node/layout.h"

namespace sallyport::node {
namespace {

// Small enough to be in the processor's cache still when it is digested.
constexpr std::uint64_t part_size = 192ULL << 10U;
constexpr std::uint64_t entry_cost = 16384;  // opening a file, in bytes that could be digested instead

std::string show(FileType type, std::uint32_t mode, std::uint32_t uid, std::uint32_t gid,
                 std::uint64_t size) {
  const auto* word = type == FileType::file        ? "file"
                     : type == FileType::directory ? "folder"
                     : type == FileType::link      ? "link"
                                                   : "special file";
  const auto text = fmt::format("{} of mode {:04o}, owner {}:{}", word, mode, uid, gid);
  return type == FileType::file ? fmt::format("{}, {} bytes", text, size) : text;
}

FileType type_of(EntryType type) {
  return type == EntryType::file ? FileType::file
                                 : (type == EntryType::directory ? FileType::directory : FileType::link);
}

Result<void> same_status(const std::string& path, const FileStatus& status, const TreeEntry& entry) {
  const auto size = entry.type == EntryType::file ? entry.size : status.size;
  const bool same = status.type == type_of(entry.type) && status.mode == entry.mode &&
                    status.uid == entry.uid && status.gid == entry.gid && status.size == size;
  if (same) return {};
  return Error(Code::generation_damaged, path,
               show(type_of(entry.type), entry.mode, entry.uid, entry.gid, entry.size),
               show(status.type, status.mode, status.uid, status.gid, status.size));
}

Error missing(const std::string& path) {
  return {Code::generation_file_missing, path, "a file that the vendor signed", "nothing"};
}

std::string joined(const std::vector<std::string>& words) {
  return words.empty() ? "no capabilities" : fmt::format("{}", fmt::join(words, " "));
}

Result<void> inspect_link_or_folder(Disk& disk, const std::string& path, const TreeEntry& entry) {
  const auto status = TRY(disk.find(path));
  if (!status) return missing(path);
  TRY(same_status(path, *status, entry));
  if (entry.type != EntryType::link) return {};
  const auto target = TRY(disk.read_link(path));
  if (target == entry.link_target) return {};
  return Error(Code::generation_damaged, path, "a link to " + entry.link_target, "a link to " + target);
}

Result<void> inspect_entry(Disk& disk, const std::string& path, const TreeEntry& entry, Progress& progress) {
  return entry.type == EntryType::file ? inspect_file(disk, path, entry, progress)
                                       : inspect_link_or_folder(disk, path, entry);
}

using Names = std::map<std::string, std::vector<std::string>>;

// The names that each folder of the tree has, sorted; "" is the tree itself.
Names names_by_folder(const Tree& tree) {
  Names names{{"", {}}};
  for (const auto& entry : tree.entries) {
    names[std::string(entry.path.parent())].emplace_back(entry.path.name());
    if (entry.type == EntryType::directory) names[entry.path.text()];
  }
  for (auto& [folder, list] : names) std::sort(list.begin(), list.end());
  return names;
}

Result<void> find_unlisted(Disk& disk, const std::string& folder, const std::vector<std::string>& listed,
                           std::vector<Error>& findings) {
  const auto found = disk.list(folder);
  if (!found.ok()) {
    if (kind_of(found.error().code) == Kind::refused || found.error().code == Code::file_missing) return {};
    return found.error();  // what is missing or diverted is a finding of its own entry
  }
  for (const auto& name : found.value()) {
    if (std::binary_search(listed.begin(), listed.end(), name)) continue;
    findings.emplace_back(Code::generation_file_unlisted, folder + "/" + name, "nothing of this name",
                          "something that the vendor did not sign");
  }
  return {};
}

// Refusals are findings; faults are not.
Result<void> note(std::vector<Error>& findings, Result<void> inspected) {
  if (inspected.ok()) return {};
  if (kind_of(inspected.error().code) == Kind::fault) return inspected;
  if (findings.size() < findings_max) findings.push_back(inspected.take_error());
  return {};
}

Result<std::vector<Error>> unlisted_below(Disk& disk, const std::string& top, const Tree& tree,
                                          Workers& workers) {
  const auto names = names_by_folder(tree);
  const std::vector<Names::value_type> folders(names.begin(), names.end());
  const auto portions = portions_of(std::vector<std::uint64_t>(folders.size(), 1), folders.size(), 64);
  std::vector<std::vector<Error>> found(portions.size());
  TRY(workers.run(portions.size(), [&](std::size_t index) -> Result<void> {
    for (auto i = portions[index].begin; i < portions[index].end; ++i) {
      const auto& [folder, listed] = folders[i];
      TRY(find_unlisted(disk, folder.empty() ? top : top + "/" + folder, listed, found[index]));
    }
    return {};
  }));
  std::vector<Error> all;
  for (auto& some : found) std::move(some.begin(), some.end(), std::back_inserter(all));
  return all;
}

Result<std::vector<Error>> entries_below(Disk& disk, const std::string& top, const Tree& tree,
                                         Workers& workers, Progress& progress) {
  std::vector<std::uint64_t> costs;
  costs.reserve(tree.entries.size());
  for (const auto& entry : tree.entries) costs.push_back(entry.size + entry_cost);
  const auto portions = portions_of(costs);
  std::vector<std::vector<Error>> found(portions.size());
  TRY(workers.run(portions.size(), [&](std::size_t index) -> Result<void> {
    for (auto i = portions[index].begin; i < portions[index].end; ++i) {
      const auto& entry = tree.entries[i];
      TRY(note(found[index], inspect_entry(disk, top + "/" + entry.path.text(), entry, progress)));
    }
    return {};
  }));
  std::vector<Error> all;
  for (auto& some : found) std::move(some.begin(), some.end(), std::back_inserter(all));
  return all;
}

Result<void> inspect_top(Disk& disk, const std::string& folder) {
  const auto status = TRY(disk.find(folder));
  if (!status) return missing(folder);
  if (status->type == FileType::directory && status->mode == 0755) return {};
  return Error(Code::generation_damaged, folder, "a folder of mode 0755",
               show(status->type, status->mode, status->uid, status->gid, status->size));
}

Inspection counted(const Tree& tree) {
  Inspection inspection;
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::file) continue;
    ++inspection.files;
    inspection.bytes += entry.size;
  }
  return inspection;
}

}  // namespace

Result<FileDigest> digest_of(const ByteSource& file) {
  FileDigester digester;
  Bytes buffer(static_cast<std::size_t>(std::min(part_size, file.size())));
  for (std::uint64_t offset = 0; offset < file.size(); offset += part_size) {
    const auto size = static_cast<std::size_t>(std::min(part_size, file.size() - offset));
    TRY(file.read_at(offset, {buffer.data(), size}));
    digester.update({buffer.data(), size});
  }
  return digester.finish();
}

Result<void> inspect_file(Disk& disk, const std::string& path, const TreeEntry& entry, Progress& progress) {
  const auto opened = disk.open(path);
  if (!opened.ok()) {
    const Code code = opened.error().code;
    if (code == Code::file_missing) return missing(path);
    if (code != Code::store_path_diverted) return opened.error();
    return Error(Code::generation_damaged, path, "a regular file", "something else");
  }
  const auto& file = *opened.value();
  const auto status = TRY(file.status());
  TRY(same_status(path, status, entry));
  const auto capabilities = TRY(file.capabilities());
  if (capabilities != entry.capabilities) {
    return Error(Code::generation_damaged, path, joined(entry.capabilities), joined(capabilities));
  }
  const auto digest = TRY(digest_of(WatchedSource(file, progress)));
  if (digest == *entry.digest) return {};
  return Error(Code::generation_damaged, path, entry.digest->text(), digest.text());
}

Result<Inspection> inspect_tree(Disk& disk, const std::string& folder, const Tree& tree, Workers& workers,
                                Progress& progress) {
  Inspection inspection = counted(tree);
  progress.begin("verifying", inspection.bytes);
  TRY(note(inspection.findings, inspect_top(disk, folder)));
  auto unlisted = TRY(unlisted_below(disk, folder, tree, workers));
  auto entries = TRY(entries_below(disk, folder, tree, workers, progress));
  auto& all = inspection.findings;
  std::move(unlisted.begin(), unlisted.end(), std::back_inserter(all));
  std::move(entries.begin(), entries.end(), std::back_inserter(all));
  std::stable_sort(all.begin(), all.end(), [](const Error& a, const Error& b) { return a.where < b.where; });
  if (all.size() > findings_max) all.erase(all.begin() + findings_max, all.end());
  return inspection;
}

}  // namespace sallyport::node
