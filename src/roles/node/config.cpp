// SPDX-License-Identifier: Apache-2.0
#include "roles/node/config.h"

#include <algorithm>

#include "core/crypto/file_digest.h"
#include "core/format/content.h"
#include "core/format/tree_check.h"
#include "core/install/step.h"
#include "roles/node/layout.h"
#include "roles/node/papers.h"

namespace sallyport::node {
namespace {

std::string default_path(GenerationNumber generation, const std::string& path) {
  return install::generation_path(generation) + "/tree/" + path;
}

// What was signed, or nothing where it is not that any more: damage of the old release must not keep a new one out.
Result<std::optional<Bytes>> read_default(Disk& disk, const Tree& tree, GenerationNumber generation,
                                          const std::string& path) {
  const auto* entry = find_entry(tree, path);
  if (entry == nullptr || entry->type != EntryType::file) return std::optional<Bytes>();
  auto content = disk.read_small(default_path(generation, path), config_size_max);
  if (!content.ok() && content.error().code == Code::io_failed) return content.take_error();
  if (!content.ok() || file_digest(content.value()) != *entry->digest) return std::optional<Bytes>();
  return std::optional(std::move(content).value());
}

// The operator may have put anything there; only a file of a sane size is a configuration.
Result<std::optional<Bytes>> read_current(Disk& disk, GenerationNumber generation, const std::string& path) {
  if (generation == 0) return std::optional<Bytes>();
  const auto file = config_path(generation) + "/" + path;
  const auto found = TRY(disk.find(file));
  if (!found) return std::optional<Bytes>();
  if (found->type != FileType::file)
    return Error(Code::store_path_diverted, file, "a regular file, or nothing", "something else");
  return std::optional(TRY(disk.read_small(file, config_size_max)));
}

// The generation whose configuration is carried on.
struct Before {
  GenerationNumber number;  // 0: none
  const Tree* tree;         // null: not known
};

Result<install::ConfigMerge> merge(Disk& disk, const Before& before, const ConfigFile& config,
                                   BytesView new_default) {
  const auto& path = config.path.text();
  std::optional<Bytes> old_default;
  if (before.tree != nullptr) old_default = TRY(read_default(disk, *before.tree, before.number, path));
  const auto current = TRY(read_current(disk, before.number, path));
  install::ConfigVersions versions{old_default ? BytesView(*old_default) : BytesView(), {}, new_default};
  if (current) versions.current = *current;
  return install::merge_config(path, config.merge, versions);
}

// With where both versions lie, and what the operator does about it.
Error advised(Error error, const std::string& mine, const std::string& new_default) {
  if (error.code != Code::config_conflict) return error;
  error.expected += "; the new default is " + new_default;
  error.found += ", in " + mine +
                 ": put the release's lines there as they are, own lines before or behind them, or" +
                 " own lines after the upgrade";
  return error;
}

class Carrier {
 public:
  Carrier(Disk& disk, const Tree& tree, const Before& before, GenerationNumber to)
      : disk_(disk), tree_(tree), before_(before), to_(to) {}

  Result<ConfigReport> carry(const ConfigFile& config, const std::string& folder) {
    const auto& path = config.path.text();
    const auto new_default = TRY(read_default(disk_, tree_, to_, path));
    if (!new_default)
      return Error(Code::generation_damaged, default_path(to_, path), "the file that was signed", "another");
    auto merged = merge(disk_, before_, config, *new_default);
    if (!merged.ok())
      return advised(merged.take_error(), config_path(before_.number) + "/" + path, default_path(to_, path));
    TRY(write(folder, config.path, merged.value().content));
    return ConfigReport{path, merged.value().outcome};
  }

 private:
  Result<void> write(const std::string& folder, const RelativePath& path, BytesView content) {
    for (auto slash = path.text().find('/'); slash != std::string::npos;
         slash = path.text().find('/', slash + 1)) {
      TRY(disk_.ensure_folder(folder + "/" + path.text().substr(0, slash)));
    }
    const auto* entry = find_entry(tree_, path.text());
    const auto writer = TRY(disk_.create_file(folder + "/" + path.text()));
    TRY(writer->write(content));
    return writer->seal({entry->mode, entry->uid, entry->gid, {}});
  }

  Disk& disk_;
  const Tree& tree_;
  Before before_;
  GenerationNumber to_;
};

// The content of a file of the package, by the digest that was signed.
Result<Bytes> default_in(const ByteSource& file, const Package& package, const std::string& path) {
  const auto* entry = find_entry(package.tree, path);
  CHECK(entry != nullptr && entry->digest);
  Bytes content;
  const auto& objects = package.tree.objects;
  const auto object =
      std::ranges::find_if(objects, [&](const ContentObject& one) { return one.digest == *entry->digest; });
  if (object == objects.end()) return content;  // an empty file
  if (object->size > config_size_max)
    return Error(Code::file_too_large, path, "at most 1 MiB", std::to_string(object->size) + " bytes");
  const auto* pack = package.directory.find("Artifacts/content.pack");
  CHECK(pack != nullptr);
  ContentReader reader(file, pack->data_offset, pack->size);
  TRY(reader.read(*object, [&](BytesView part) -> Result<void> {
    content.insert(content.end(), part.begin(), part.end());
    return {};
  }));
  return content;
}

}  // namespace

std::string config_path(GenerationNumber generation) {
  return install::generation_path(generation) + "/config";
}

Result<std::vector<ConfigReport>> carry_config(Disk& disk, const Tree& tree, GenerationNumber from,
                                               const Tree* old_tree, GenerationNumber to) {
  std::vector<ConfigReport> reports;
  if (tree.config.empty()) return reports;
  const auto folder = config_path(to);
  const auto partial = folder + ".partial";
  // Of an attempt that was cut short: nothing ran with it.
  TRY(disk.remove_tree(partial));
  TRY(disk.remove_tree(folder));
  TRY(disk.ensure_folder(partial));
  Carrier carrier(disk, tree, {from, old_tree}, to);
  for (const auto& config : tree.config) {
    auto carried = carrier.carry(config, partial);
    if (!carried.ok()) {
      TRY(disk.remove_tree(partial));
      return carried.take_error();
    }
    reports.push_back(std::move(carried).value());
  }
  TRY(disk.sync_all());
  TRY(disk.rename(partial, folder));
  TRY(disk.sync_folder(install::generation_path(to)));
  return reports;
}

Result<std::vector<ConfigReport>> preview_config(Disk& disk, const ByteSource& file, const Package& package,
                                                 GenerationNumber from, const Tree* old_tree) {
  std::vector<ConfigReport> reports;
  for (const auto& config : package.tree.config) {
    const auto& path = config.path.text();
    const auto new_default = TRY(default_in(file, package, path));
    auto merged = merge(disk, {from, old_tree}, config, new_default);
    if (!merged.ok())
      return advised(merged.take_error(), config_path(from) + "/" + path, path + " of the package");
    reports.push_back({path, merged.value().outcome});
  }
  return reports;
}

Result<std::optional<Tree>> tree_before(Disk& disk, const install::State& state, GenerationNumber from) {
  const auto* generation = state.find(from);
  if (generation == nullptr) return std::optional<Tree>();
  auto read = tree_of(disk, *generation);
  if (!read.ok() && kind_of(read.error().code) == Kind::fault) return read.take_error();
  if (!read.ok()) return std::optional<Tree>();
  return std::optional(std::move(read).value());
}

Result<std::vector<ConfigStatus>> config_status(Disk& disk, const Tree& tree, GenerationNumber generation) {
  std::vector<ConfigStatus> all;
  for (const auto& [path, merge] : tree.config) {
    const auto current = read_current(disk, generation, path.text());
    if (!current.ok() && current.error().code == Code::io_failed) return current.error();
    auto state = ConfigState::changed;
    if (current.ok() && !current.value()) state = ConfigState::missing;
    if (current.ok() && current.value() &&
        file_digest(*current.value()) == *find_entry(tree, path.text())->digest)
      state = ConfigState::standard;
    all.push_back({path.text(), merge, state});
  }
  return all;
}

}  // namespace sallyport::node
