// SPDX-License-Identifier: Apache-2.0
// One .deb file (deb(5)): an ar archive (ar.h) of debian-binary, control.tar.* and data.tar.* (tar_frames.h). For
// debs.cpp.
#pragma once

#include <memory>
#include <string>

#include "adapters/tree_source/port.h"

namespace sallyport {

struct DebControl {
  std::string package;
  std::string version;
  std::string architecture;
};

// Reads the entries of one of the inner archives, one after the other.
class DebFile {
 public:
  // `inner` is "control.tar" or "data.tar".
  static Result<std::unique_ptr<DebFile>> open(const std::string& path, const std::string& inner);
  DebFile(const DebFile&) = delete;
  DebFile& operator=(const DebFile&) = delete;
  ~DebFile();

  struct Entry {
    SourceEntry entry;      // without same_as
    std::string hard_link;  // the path of the earlier entry, if it is one
    std::int64_t seconds;   // of modification
  };
  // Nothing at the end. Entries for "./" itself are left out.
  Result<std::optional<Entry>> next();
  std::size_t count() const { return count_; }      // of entries that next() has returned
  Result<void> read(std::span<std::uint8_t> into);  // content of the entry that next() returned last

 private:
  struct State;
  explicit DebFile(std::unique_ptr<State> state);
  Error failed(const std::string& what) const;
  Result<void> read_to_the_end();
  std::unique_ptr<State> state_;
  std::size_t count_ = 0;
};

Result<DebControl> read_deb_control(const std::string& path);

}  // namespace sallyport
