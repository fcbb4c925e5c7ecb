// SPDX-License-Identifier: Apache-2.0
// What changes from one release to another: for the reviewer's screen, `sallyport diff` and the vendor's own
// check. Pure. Compared is everything that tree.json says but for where the contents lie in content.pack.
//
// What a person must not overlook is listed on its own (Rise): it is also among the changes. Against nothing
// (no release before), everything that is there rises.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/format/tree.h"

namespace sallyport {

enum class ChangeKind : std::uint8_t { added, removed, changed };

// One property that differs. `before` is empty for what was added, `after` for what was removed.
struct Change {
  ChangeKind kind;
  std::string subject;   // "version", "file usr/bin/mme", "service mme"
  std::string property;  // "content", "mode", "argv", …; "whole" for what came or went
  std::string before;
  std::string after;
};

enum class RiseKind : std::uint8_t {
  setuid,              // a file that runs as its owner
  setgid,              // a file that runs as its group
  file_capabilities,   // a file that gives capabilities to whoever runs it
  writable_by_others,  // a file or folder that everybody may change
  interpreter,         // a program that runs scripts, by its name
  service,             // a program that the node will start
  service_as_root,     // one that runs as user 0
  service_capabilities,
  host_network,
  port,
  sysctl,  // a setting of the kernel, in the service's own namespaces
  config,  // a file that the operator may change, and what becomes of that in an upgrade
  user,
  exception,  // something that the service is not kept from, though others are
};

struct Rise {
  RiseKind kind;
  std::string subject;
  std::string detail;  // "cap_net_admin", "udp 2123"; may be empty
  auto operator<=>(const Rise&) const = default;
};

// By the type in the new release, or in the old one for what was removed.
struct EntryCounts {
  std::size_t added = 0;
  std::size_t removed = 0;
  std::size_t changed = 0;
};

struct TreeDiff {
  std::vector<Change>
      changes;  // header, then files by path, then services, configuration, users and groups by name
  std::vector<Rise> rises;  // in the new release and not in the old one
  EntryCounts files;
  EntryCounts folders;
  EntryCounts links;
  std::uint64_t bytes_new = 0;  // of distinct contents that the old release does not have
};

TreeDiff diff_trees(const Tree& before, const Tree& after);

// What lies in one folder of a release and below it, for people who cannot read a list of all of it.
struct FolderSummary {
  std::string folder;        // "usr/lib"; empty for what lies at the top
  std::size_t programs = 0;  // files that somebody may execute
  std::size_t files = 0;     // others
  std::size_t links = 0;
  std::size_t folders = 0;
  std::uint64_t bytes = 0;
};
// Every entry is in exactly one of them, `lines_max` at most (but for more folders at the top than that), as deep
// as that allows. Sorted by folder.
std::vector<FolderSummary> summarise(const Tree& tree, std::size_t lines_max);

// Everything in the release that gives somebody power, sorted.
std::vector<Rise> rises_of(const Tree& tree);

std::string_view name(ChangeKind kind);
std::string_view name(RiseKind kind);  // "new setuid file", …

}  // namespace sallyport
