// SPDX-License-Identifier: Apache-2.0
// How configuration files, users and groups fit into their tree.
#include <algorithm>
#include <string_view>

#include "core/base/text.h"
#include "core/crypto/file_digest.h"
#include "core/format/accounts.h"
#include "core/format/tree_check.h"

namespace sallyport {
namespace {

Error refuse(const std::string& where, std::string expected, std::string_view found) {
  return {Code::tree_inconsistent, where, std::move(expected), printable(found.substr(0, 200))};
}

bool below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
}

// Where a service has its own file systems, or writes: the operator's file would lie under something else.
Result<void> check_place(const Tree& tree, const std::string& path) {
  for (const char* top : {"dev", "proc", "run", "tmp"}) {
    if (below(path, top)) return refuse(path, "configuration outside of dev, proc, run and tmp", path);
  }
  for (const auto& service : tree.services) {
    for (const auto& folder : service.state_folders) {
      if (below(path, folder.text()))
        return refuse(path, "configuration outside of state folders", folder.text());
    }
  }
  if (!tree.users.empty() && (path == passwd_path || path == group_path))
    return refuse(path, "accounts or configuration", "both");
  return {};
}

// A file of text that nobody can run, by whatever way: it is going to be the operator's, who signs nothing.
Result<void> check_config_file(const Tree& tree, const ConfigFile& config) {
  const auto& path = config.path.text();
  const auto* entry = find_entry(tree, path);
  if (entry == nullptr || entry->type != EntryType::file)
    return refuse(path, "configuration to be a regular file of the tree",
                  entry == nullptr ? "nothing" : "another type");
  if ((entry->mode & 07111U) != 0 || !entry->capabilities.empty())
    return refuse(path, "configuration that nobody can execute, not setuid, setgid or sticky", "otherwise");
  if ((entry->mode & 0022U) != 0)
    return refuse(path, "configuration that only its owner can change", "otherwise");
  if (entry->size > config_size_max)
    return refuse(path, "at most 1 MiB of configuration", std::to_string(entry->size) + " bytes");
  return check_place(tree, path);
}

Result<void> check_config(const Tree& tree) {
  if (tree.config.size() > config_files_max) return refuse("config", "at most 256 files", "more");
  const ConfigFile* last = nullptr;
  for (const auto& config : tree.config) {
    if (last != nullptr && !(last->path < config.path))
      return refuse(config.path.text(), "configuration sorted by path, each once", "otherwise");
    last = &config;
    TRY(check_config_file(tree, config));
  }
  return {};
}

// What is declared is what the programs read, byte for byte.
Result<void> check_account_file(const Tree& tree, std::string_view path, const std::string& text) {
  const auto* entry = find_entry(tree, path);
  const bool plain = entry != nullptr && entry->type == EntryType::file && entry->mode == 0644 &&
                     entry->uid == 0 && entry->gid == 0 && entry->capabilities.empty();
  if (plain && *entry->digest == file_digest(as_bytes(text))) return {};
  return refuse(std::string(path), "root's file of mode 0644 with exactly the accounts that are declared",
                entry == nullptr ? "nothing" : "another");
}

Result<void> check_users(const Tree& tree) {
  if (tree.users.empty() && tree.groups.empty()) return {};
  TRY(check_accounts(tree.users, tree.groups));
  TRY(check_account_file(tree, passwd_path, print_passwd(tree.users)));
  TRY(check_account_file(tree, group_path, print_group(tree.groups)));
  for (const auto& service : tree.services) {
    const bool root = service.uid == 0 && service.gid == 0;
    const bool user = std::any_of(tree.users.begin(), tree.users.end(),
                                  [&](const User& one) { return one.uid == service.uid; });
    const bool group = std::any_of(tree.groups.begin(), tree.groups.end(),
                                   [&](const Group& one) { return one.gid == service.gid; });
    if (!root && !(user && group))
      return refuse("service " + service.name.text(), "a user and a group of the release",
                    std::to_string(service.uid) + ":" + std::to_string(service.gid));
  }
  return {};
}

}  // namespace

const TreeEntry* find_entry(const Tree& tree, std::string_view path) {
  const auto found = std::lower_bound(
      tree.entries.begin(), tree.entries.end(), path,
      [](const TreeEntry& entry, std::string_view wanted) { return entry.path.text() < wanted; });
  return found != tree.entries.end() && found->path.text() == path ? &*found : nullptr;
}

Result<void> check_declarations(const Tree& tree) {
  TRY(check_config(tree));
  return check_users(tree);
}

}  // namespace sallyport
