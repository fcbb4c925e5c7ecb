// SPDX-License-Identifier: Apache-2.0
#include "roles/node/config.h"

#include "core/crypto/file_digest.h"
#include "core/format/tree_check.h"
#include "core/install/step.h"
#include "roles/node/layout.h"

namespace sallyport::node {
namespace {

using install::GenerationNumber;

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

class Carrier {
 public:
  Carrier(Disk& disk, const Tree& tree, GenerationNumber from, const Tree* old_tree, GenerationNumber to)
      : disk_(disk), tree_(tree), from_(from), old_tree_(old_tree), to_(to) {}

  Result<ConfigReport> carry(const ConfigFile& config, const std::string& folder) {
    const auto& path = config.path.text();
    const auto new_default = TRY(read_default(disk_, tree_, to_, path));
    if (!new_default)
      return Error(Code::generation_damaged, default_path(to_, path), "the file that was signed", "another");
    std::optional<Bytes> old_default;
    if (old_tree_ != nullptr) old_default = TRY(read_default(disk_, *old_tree_, from_, path));
    const auto current = TRY(read_current(disk_, from_, path));
    install::ConfigVersions versions{old_default ? BytesView(*old_default) : BytesView(), {}, *new_default};
    if (current) versions.current = *current;
    const auto merged = TRY(install::merge_config(path, config.merge, versions));
    TRY(write(folder, config.path, merged.content));
    return ConfigReport{path, merged.outcome};
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
  GenerationNumber from_;
  const Tree* old_tree_;
  GenerationNumber to_;
};

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
  Carrier carrier(disk, tree, from, old_tree, to);
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
