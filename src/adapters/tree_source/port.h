// SPDX-License-Identifier: Apache-2.0
// Where the files of a new release come from: a folder, .deb or .rpm files, or a test's memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/format/tree.h"

namespace sallyport {

struct SourceEntry {
  RelativePath path;
  EntryType type;
  std::uint32_t mode;  // permission bits 0-07777; 0777 for links
  std::uint32_t uid;
  std::uint32_t gid;
  std::uint64_t size = 0;                 // file
  std::string link_target;                // link
  std::vector<std::string> capabilities;  // file
  std::optional<std::size_t> same_as;     // file: a hard link to this earlier entry
};

enum class ComponentKind : std::uint8_t { deb, rpm };

// Something with a name of its own that went into the release.
struct SourceComponent {
  std::string name;
  std::string version;
  std::string architecture;               // as its own world calls it: "amd64"
  std::vector<std::string> not_run = {};  // scripts of it that another installer would run
  ComponentKind kind = ComponentKind::deb;
};

struct SourceListing {
  std::vector<SourceEntry>
      entries;  // each path once; the files in the order in which opening them is cheapest
  std::vector<SourceComponent> components;  // .deb or .rpm files; empty for a folder
  std::string licences;                     // their copyright files, one after the other
  std::string architecture;                 // as uname -m, or "any"; empty when the source does not say
  Instant newest;                           // of the modification times of the files
  std::size_t laid_over = 0;                // entries of a source that lies over another one
};

// The content of one file from its beginning.
class SourceFile {
 public:
  virtual ~SourceFile() = default;
  // All or nothing: the next bytes. input_refused when the file is no longer as long as it was listed.
  virtual Result<void> read(std::span<std::uint8_t> into) = 0;
};

enum class Opening : std::uint8_t {
  any_order,  // from several threads at once
  in_order,   // one after the other; an earlier one can be opened again, at the price of starting anew
};

class TreeSource {
 public:
  virtual ~TreeSource() = default;
  // Refuses (input_refused) what no package can carry: devices, sockets, names that are no plain relative paths.
  virtual Result<SourceListing> list() = 0;
  virtual Opening opening() const = 0;
  // A file of the last list() by its index in `entries`. With in_order, it ends the use of the one before.
  virtual Result<std::unique_ptr<SourceFile>> open(std::size_t index) = 0;
};

}  // namespace sallyport
