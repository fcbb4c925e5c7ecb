// SPDX-License-Identifier: Apache-2.0
#include "roles/node/collect.h"

#include "roles/node/books.h"
#include "roles/node/layout.h"

namespace sallyport::node {
namespace {

// Some of these names may belong to others, and some may not be there: only what has no other link goes.
Result<std::vector<std::string>> objects_named_by(Disk& disk, const std::string& folder) {
  const auto bytes = disk.read_small(folder + "/tree.json", TreeLimits{}.json_size_max);
  if (!bytes.ok() && bytes.error().code == Code::io_failed) return bytes.error();
  if (!bytes.ok()) return object_paths(disk);
  const auto tree = parse_tree(bytes.value());
  if (!tree.ok()) return object_paths(disk);
  std::vector<std::string> names;
  for (const auto& piece : pieces_of(tree.value())) {
    for (const auto& file : piece.files) {
      if (!file.object.empty()) names.push_back(file.object);
    }
  }
  return names;
}

Result<void> remove_lonely(Disk& disk, const std::string& object) {
  const auto status = TRY(disk.find(object));
  if (!status || status->type != FileType::file || status->links != 1) return {};
  return disk.remove(object);
}

}  // namespace

Result<std::vector<std::string>> object_paths(Disk& disk) {
  std::vector<std::string> objects;
  for (const auto& folder : TRY(disk.list(paths::objects))) {
    const std::string path = std::string(paths::objects) + "/" + folder;
    for (const auto& name : TRY(disk.list(path))) objects.push_back(path + "/" + name);
  }
  return objects;
}

Result<void> clear_generation(Disk& disk, const std::string& folder, Workers& workers) {
  if (!TRY(disk.find(folder))) return {};
  const auto objects = TRY(objects_named_by(disk, folder));
  TRY(disk.remove_tree(folder + "/tree"));
  TRY(disk.remove_tree(folder + "/package.csar"));
  TRY(disk.remove_tree(folder + "/config"));
  TRY(disk.remove_tree(folder + "/config.partial"));
  const auto portions = portions_of(std::vector<std::uint64_t>(objects.size(), 1), objects.size() + 1);
  return workers.run(portions.size(), [&](std::size_t index) -> Result<void> {
    for (auto i = portions[index].begin; i < portions[index].end; ++i) TRY(remove_lonely(disk, objects[i]));
    return {};
  });
}

}  // namespace sallyport::node
