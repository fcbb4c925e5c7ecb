// SPDX-License-Identifier: Apache-2.0
#include "core/format/tree_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "core/base/checked.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::uint64_t counter_max = 1ULL << 53U;

Error malformed(std::string where, std::string expected, std::string_view found) {
  return {Code::tree_malformed, std::move(where), std::move(expected), printable(found.substr(0, 200))};
}

Error inconsistent(std::string where, std::string expected, std::string_view found) {
  return {Code::tree_inconsistent, std::move(where), std::move(expected), printable(found.substr(0, 200))};
}

// It stands in a line of the manifest and on screens.
Result<void> check_version(std::string_view version) {
  constexpr std::string_view more = ".+~:_-";
  const auto fits = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           more.find(c) != std::string_view::npos;
  };
  if (version.empty() || version.size() > 64 || !std::all_of(version.begin(), version.end(), fits))
    return malformed("version", "1 to 64 letters, digits and .+~:_-", version);
  return {};
}

Result<void> check_values(const TreeEntry& entry) {
  const auto& where = entry.path.text();
  if (entry.mode > 07777) return malformed(where, "a mode of four octal digits", std::to_string(entry.mode));
  if (entry.uid == UINT32_MAX || entry.gid == UINT32_MAX) return malformed(where, "an owner", "2^32-1");
  const bool file = entry.type == EntryType::file;
  if (file != entry.digest.has_value() || (!file && (entry.size != 0 || !entry.capabilities.empty())))
    return malformed(where, "digest, size and capabilities for files alone", "otherwise");
  if (entry.type == EntryType::link && entry.mode != 0777) return malformed(where, "a link of mode 0777", "");
  if ((entry.type == EntryType::link) != !entry.link_target.empty())
    return malformed(where, "a target for links alone", entry.link_target);
  return check_capabilities(entry.capabilities, where);
}

// Where the frames of one object begin and end, and how much they hold.
Result<std::uint64_t> check_frames(const ContentObject& object, std::uint64_t offset) {
  std::uint64_t content = 0;
  for (const auto& frame : object.frames) {
    if (frame.offset != offset)
      return inconsistent(object.digest.text(), "a frame at offset " + std::to_string(offset),
                          std::to_string(frame.offset));
    if (frame.size == 0 || frame.size > frame_content_size_max || frame.stored_size == 0 ||
        frame.stored_size > frame_stored_size_max)
      return malformed(object.digest.text(), "frames of 1 byte to 4 MiB of content",
                       std::to_string(frame.size) + " stored as " + std::to_string(frame.stored_size));
    offset += frame.stored_size;
    content += frame.size;
  }
  if (content != object.size)
    return inconsistent(object.digest.text(), "frames for " + std::to_string(object.size) + " bytes",
                        std::to_string(content));
  return offset;
}

}  // namespace

Result<void> check_entries(const Tree& tree, const TreeLimits& limits) {
  if (tree.entries.size() > limits.entries_max)
    return malformed("entries", "at most " + std::to_string(limits.entries_max), "more");
  const TreeEntry* last = nullptr;
  for (const auto& entry : tree.entries) {
    if (last != nullptr && !(last->path < entry.path))
      return inconsistent(entry.path.text(), "entries sorted by path, each once",
                          "after " + last->path.text());
    last = &entry;
    TRY(check_values(entry));
  }
  for (const auto& entry : tree.entries) {
    const auto parent = entry.path.parent();
    const auto* found = find_entry(tree, parent);
    if (!parent.empty() && (found == nullptr || found->type != EntryType::directory))
      return inconsistent(entry.path.text(), "a directory entry for its parent",
                          found == nullptr ? "none" : "a file or link");
  }
  return {};
}

Result<void> check_objects(const Tree& tree, const TreeLimits& limits) {
  struct Use {
    std::uint64_t size;
    bool used;
  };
  std::map<FileDigest, Use> objects;
  std::uint64_t offset = 0;
  std::uint64_t content = 0;
  for (const auto& object : tree.objects) {
    if (object.frames.empty() && &object != &tree.objects.front())
      return inconsistent(object.digest.text(), "the empty content to be the first object", "elsewhere");
    if (object.size > limits.content_size_max - content)
      return malformed("objects", "at most " + std::to_string(limits.content_size_max) + " bytes", "more");
    content += object.size;
    offset = TRY(check_frames(object, offset));
    if (!objects.emplace(object.digest, Use{object.size, false}).second)
      return inconsistent(object.digest.text(), "each content once", "twice");
  }
  std::size_t files = 0;
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::file) continue;
    ++files;
    const auto found = objects.find(*entry.digest);
    if (found == objects.end()) return inconsistent(entry.path.text(), "an object of its digest", "none");
    if (found->second.size != entry.size)
      return inconsistent(entry.path.text(), std::to_string(found->second.size) + " bytes",
                          std::to_string(entry.size));
    found->second.used = true;
  }
  if (files == 0) return inconsistent("entries", "at least one file", "none");
  for (const auto& object : tree.objects) {
    if (!objects.at(object.digest).used)
      return inconsistent(object.digest.text(), "objects that a file uses", "one that none uses");
  }
  return {};
}

Result<void> check_tree(const Tree& tree, const TreeLimits& limits) {
  TRY(check_identifier(tree.name, "name"));
  TRY(check_version(tree.version));
  TRY(check_identifier(tree.architecture, "architecture"));
  if (tree.counter < 1 || tree.counter > counter_max)
    return malformed("counter", "1 to 2^53", std::to_string(tree.counter));
  TRY(check_entries(tree, limits));
  TRY(check_links(tree));
  TRY(check_objects(tree, limits));
  TRY(check_services(tree));
  return check_declarations(tree);
}

Result<void> check_pack_size(const Tree& tree, std::uint64_t pack_size) {
  std::uint64_t end = 0;
  for (const auto& object : tree.objects) {
    if (object.frames.empty()) continue;
    end = object.frames.back().offset + object.frames.back().stored_size;
  }
  if (end == pack_size) return {};
  return inconsistent("content.pack", std::to_string(end) + " bytes", std::to_string(pack_size));
}

}  // namespace sallyport
