// SPDX-License-Identifier: Apache-2.0
#include "core/format/tree_diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/base/text.h"
#include "core/format/interpreters.h"
#include "core/format/service_exceptions.h"
#include "core/format/tree_words.h"

namespace sallyport {
namespace {

// Properties in the order in which they are shown; what has none (a link has no size) is left out.
using Properties = std::vector<std::pair<std::string, std::string>>;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : " ") + printable(part);
  return text;
}

std::string octal(std::uint32_t mode) {
  std::string text;
  for (unsigned shift = 12; shift > 0; shift -= 3)
    text += static_cast<char>('0' + ((mode >> (shift - 3)) & 7U));
  return text;
}

std::string_view type_name(EntryType type) {
  switch (type) {
    case EntryType::file:
      return "file";
    case EntryType::directory:
      return "folder";
    case EntryType::link:
      return "link";
  }
  return "";
}

std::string text_of(const Port& port) {
  constexpr std::array<std::string_view, 3> names = {"tcp", "udp", "sctp"};
  return std::string(names[static_cast<std::size_t>(port.protocol)]) + " " + std::to_string(port.number);
}

std::string text_of(const std::vector<Port>& ports) {
  std::vector<std::string> parts;
  for (const auto& port : ports) parts.push_back(text_of(port));
  return joined(parts);
}

std::string text_of(const std::vector<HealthCheck>& checks) {
  std::string text;
  for (const auto& check : checks) {
    text += text.empty() ? "" : ", ";
    text += check.kind == HealthKind::process ? "process" : "listen";
    if (check.port) text += " " + text_of(*check.port);
  }
  return text;
}

Properties properties_of(const TreeEntry& entry) {
  Properties all = {{"type", std::string(type_name(entry.type))},
                    {"mode", octal(entry.mode)},
                    {"owner", std::to_string(entry.uid) + ":" + std::to_string(entry.gid)}};
  if (entry.type == EntryType::file) {
    all.emplace_back("content", entry.digest ? entry.digest->text() : "");
    all.emplace_back("size", std::to_string(entry.size));
    all.emplace_back("capabilities", joined(entry.capabilities));
  }
  if (entry.type == EntryType::link) all.emplace_back("target", printable(entry.link_target));
  return all;
}

std::string text_of(const std::vector<Sysctl>& sysctls) {
  std::string text;
  for (const auto& [name, value] : sysctls)
    text += (text.empty() ? "" : ", ") + printable(name + "=" + value);
  return text;
}

std::string text_of(const std::vector<ServiceException>& exceptions) {
  std::string text;
  for (const auto exception : exceptions) text += (text.empty() ? "" : ", ") + std::string(name(exception));
  return text;
}

Properties properties_of(const ConfigFile& config) {
  return {{"merge", std::string(spell_choice(config.merge, merge_rules))}};
}

Properties properties_of(const User& user) {
  return {{"number", std::to_string(user.uid)}, {"group", std::to_string(user.gid)}};
}

Properties properties_of(const Group& group) {
  return {{"number", std::to_string(group.gid)}};
}

Properties properties_of(const Service& service) {
  std::vector<std::string> folders;
  for (const auto& folder : service.state_folders) folders.push_back(folder.text());
  return {{"argv", joined(service.argv)},
          {"user", std::to_string(service.uid) + ":" + std::to_string(service.gid)},
          {"capabilities", joined(service.capabilities)},
          {"network", service.network == Network::host ? "host" : "own"},
          {"ports", text_of(service.ports)},
          {"state folders", joined(folders)},
          {"health", text_of(service.health)},
          {"start seconds", std::to_string(service.start_seconds_max)},
          {"sysctls", text_of(service.sysctls)},
          {"exceptions", text_of(service.exceptions)}};
}

Properties header_of(const Tree& tree) {
  return {{"product", tree.product.text()},
          {"name", tree.name},
          {"version", tree.version},
          {"architecture", tree.architecture},
          {"counter", std::to_string(tree.counter)}};
}

std::string summary_of(const Properties& properties) {
  std::string text;
  for (const auto& [name, value] : properties) {
    if (!value.empty()) text += (text.empty() ? "" : ", ") + name + " " + value;
  }
  return text;
}

// A property that only one side has (the type changed) is empty on the other.
void compare(const std::string& subject, const Properties& before, const Properties& after,
             std::vector<Change>& changes) {
  std::map<std::string, std::string> left(before.begin(), before.end());
  std::map<std::string, std::string> right(after.begin(), after.end());
  std::set<std::string> seen;
  const auto one = [&](const std::string& property) {
    if (!seen.insert(property).second || left[property] == right[property]) return;
    changes.push_back({ChangeKind::changed, subject, property, left[property], right[property]});
  };
  for (const auto& property : before) one(property.first);
  for (const auto& property : after) one(property.first);
}

// Two sorted lists side by side; `count` is told of each item that differs.
template <class Item, class Key, class Count>
void compare_lists(const std::vector<Item>& before, const std::vector<Item>& after, std::string_view what,
                   const Key& key, const Count& count, std::vector<Change>& changes) {
  const auto subject = [&](const Item& item) { return std::string(what) + key(item); };
  auto left = before.begin();
  auto right = after.begin();
  while (left != before.end() || right != after.end()) {
    if (right == after.end() || (left != before.end() && key(*left) < key(*right))) {
      changes.push_back({ChangeKind::removed, subject(*left), "whole", summary_of(properties_of(*left)), {}});
      count(*left++, &EntryCounts::removed);
    } else if (left == before.end() || key(*right) < key(*left)) {
      changes.push_back({ChangeKind::added, subject(*right), "whole", {}, summary_of(properties_of(*right))});
      count(*right++, &EntryCounts::added);
    } else {
      const auto so_far = changes.size();
      compare(subject(*right), properties_of(*left), properties_of(*right), changes);
      if (changes.size() > so_far) count(*right, &EntryCounts::changed);
      ++left;
      ++right;
    }
  }
}

EntryCounts& counts_for(TreeDiff& diff, EntryType type) {
  switch (type) {
    case EntryType::directory:
      return diff.folders;
    case EntryType::link:
      return diff.links;
    case EntryType::file:
      break;
  }
  return diff.files;
}

// The first `depth` parts of the path of the folder that holds the entry; a folder holds itself.
std::string group_of(const TreeEntry& entry, std::size_t depth) {
  const auto& path = entry.path.text();
  const std::string_view folder = entry.type == EntryType::directory ? path : entry.path.parent();
  std::size_t end = 0;
  for (std::size_t i = 0; i < depth && end < folder.size(); ++i)
    end = std::min(folder.find('/', end == 0 ? 0 : end + 1), folder.size());
  return std::string(folder.substr(0, end));
}

void add_to(FolderSummary& summary, const TreeEntry& entry) {
  summary.bytes += entry.size;
  if (entry.type == EntryType::directory) ++summary.folders;
  if (entry.type == EntryType::link) ++summary.links;
  if (entry.type == EntryType::file) ++((entry.mode & 0111U) != 0 ? summary.programs : summary.files);
}

std::map<std::string, FolderSummary> summary_at(const Tree& tree, std::size_t depth) {
  std::map<std::string, FolderSummary> groups;
  for (const auto& entry : tree.entries) {
    auto name = group_of(entry, depth);
    auto& group = groups[name];
    group.folder = std::move(name);
    add_to(group, entry);
  }
  return groups;
}

void rises_of_entry(const TreeEntry& entry, std::vector<Rise>& rises) {
  const auto& path = entry.path.text();
  const auto add = [&](RiseKind kind, std::string detail = {}) {
    rises.push_back({kind, path, std::move(detail)});
  };
  // A sticky folder like /tmp is what it is meant to be: others may add, and not take away.
  const bool sticky = entry.type == EntryType::directory && (entry.mode & 01000U) != 0;
  if (entry.type != EntryType::link && (entry.mode & 0002U) != 0 && !sticky)
    add(RiseKind::writable_by_others);
  if (entry.type != EntryType::file) return;
  if ((entry.mode & 04000U) != 0) add(RiseKind::setuid, "runs as user " + std::to_string(entry.uid));
  if ((entry.mode & 02000U) != 0) add(RiseKind::setgid, "runs as group " + std::to_string(entry.gid));
  for (const auto& capability : entry.capabilities) add(RiseKind::file_capabilities, capability);
  if ((entry.mode & 0111U) != 0 && program_kind(entry.path) == ProgramKind::interpreter)
    add(RiseKind::interpreter);
}

void rises_of_service(const Service& service, std::vector<Rise>& rises) {
  const auto add = [&](RiseKind kind, std::string detail) {
    rises.push_back({kind, service.name.text(), std::move(detail)});
  };
  add(RiseKind::service, joined(service.argv));
  if (service.uid == 0) add(RiseKind::service_as_root, {});
  for (const auto& capability : service.capabilities) add(RiseKind::service_capabilities, capability);
  if (service.network == Network::host) add(RiseKind::host_network, {});
  for (const auto& port : service.ports) add(RiseKind::port, text_of(port));
  for (const auto& [name, value] : service.sysctls) add(RiseKind::sysctl, printable(name + "=" + value));
  for (const auto exception : service.exceptions)
    add(RiseKind::exception, std::string(sallyport::name(exception)));
}

std::uint64_t new_bytes(const Tree& before, const Tree& after) {
  std::set<FileDigest> known;
  for (const auto& object : before.objects) known.insert(object.digest);
  std::uint64_t bytes = 0;
  for (const auto& object : after.objects) bytes += known.contains(object.digest) ? 0 : object.size;
  return bytes;
}

}  // namespace

std::vector<Rise> rises_of(const Tree& tree) {
  std::vector<Rise> rises;
  for (const auto& entry : tree.entries) rises_of_entry(entry, rises);
  for (const auto& service : tree.services) rises_of_service(service, rises);
  for (const auto& [path, merge] : tree.config)
    rises.push_back({RiseKind::config, path.text(), std::string(spell_choice(merge, merge_rules))});
  for (const auto& [name, uid, gid] : tree.users)
    rises.push_back({RiseKind::user, name, std::to_string(uid) + ":" + std::to_string(gid)});
  std::sort(rises.begin(), rises.end());
  return rises;
}

TreeDiff diff_trees(const Tree& before, const Tree& after) {
  TreeDiff diff;
  compare("release", header_of(before), header_of(after), diff.changes);
  compare_lists(
      before.entries, after.entries, "", [](const TreeEntry& entry) { return entry.path.text(); },
      [&](const TreeEntry& entry, std::size_t EntryCounts::*which) {
        ++(counts_for(diff, entry.type).*which);
      },
      diff.changes);
  const auto uncounted = [](const auto&, std::size_t EntryCounts::*) {};
  const auto by_name = [](const auto& item) { return item.name; };
  compare_lists(
      before.services, after.services, "service ", [](const Service& service) { return service.name.text(); },
      uncounted, diff.changes);
  compare_lists(
      before.config, after.config, "configuration ", [](const ConfigFile& file) { return file.path.text(); },
      uncounted, diff.changes);
  compare_lists(before.users, after.users, "user ", by_name, uncounted, diff.changes);
  compare_lists(before.groups, after.groups, "group ", by_name, uncounted, diff.changes);
  diff.bytes_new = new_bytes(before, after);
  const auto old_rises = rises_of(before);
  const auto new_rises = rises_of(after);
  std::set_difference(new_rises.begin(), new_rises.end(), old_rises.begin(), old_rises.end(),
                      std::back_inserter(diff.rises));
  return diff;
}

std::vector<FolderSummary> summarise(const Tree& tree, std::size_t lines_max) {
  constexpr std::size_t depth_max = 4;
  auto groups = summary_at(tree, 1);
  for (std::size_t depth = 2; depth <= depth_max; ++depth) {
    auto deeper = summary_at(tree, depth);
    if (deeper.size() > lines_max) break;
    groups = std::move(deeper);
  }
  std::vector<FolderSummary> lines;
  for (auto& [name, group] : groups) lines.push_back(std::move(group));
  return lines;
}

std::string_view name(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::added:
      return "added";
    case ChangeKind::removed:
      return "removed";
    case ChangeKind::changed:
      return "changed";
  }
  return "";
}

std::string_view name(RiseKind kind) {
  constexpr std::array<std::string_view, 14> names = {"setuid file",
                                                      "setgid file",
                                                      "file capability",
                                                      "writable by others",
                                                      "interpreter",
                                                      "service",
                                                      "runs as root",
                                                      "service capability",
                                                      "host network",
                                                      "port",
                                                      "kernel setting",
                                                      "configuration",
                                                      "user",
                                                      "confinement exception"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace sallyport
