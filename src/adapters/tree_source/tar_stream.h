// SPDX-License-Identifier: Apache-2.0
// The entries of one tar archive that may be compressed, one after the other, as a part of a file: one reading, by
// libarchive with tar_frames.h beside it. For debs.cpp and tar_file.cpp.
#pragma once

#include <memory>
#include <string>

#include "adapters/tree_source/port.h"
#include "adapters/tree_source/tar_frames.h"
#include "core/crypto/digest.h"

namespace sallyport {

// A file and its name for people. Without `bytes` it is opened by its name.
struct SourceFileName {
  std::string name;
  std::shared_ptr<const ByteSource> bytes = nullptr;
};
// Asked before it is read: a pipe or a device is no file (file_missing), and not waited for.
Result<std::shared_ptr<const ByteSource>> open_source(const SourceFileName& file);

class TarStream {
 public:
  struct Range {
    std::string where;  // for people
    std::shared_ptr<const ByteSource> file;
    std::uint64_t offset;
    std::uint64_t size;
    Code refusal;  // of everything that is not of the form
    Pax pax = Pax::refused;
    std::optional<Sha256Digest> unpacked = std::nullopt;  // of what comes out, where that is known
  };
  // Plain, or in one stream of xz, zstd or gzip that takes up all of the range. More than 64 MiB may come out only up
  // to 1000 times the size.
  static Result<std::unique_ptr<TarStream>> open(Range range);
  TarStream(const TarStream&) = delete;
  TarStream& operator=(const TarStream&) = delete;
  ~TarStream();

  struct Entry {
    SourceEntry entry;      // without same_as
    std::string hard_link;  // the path of the earlier entry, if it is one
    std::int64_t seconds;   // of modification
  };
  // Nothing at the end. Entries for "./" itself are left out.
  Result<std::optional<Entry>> next();
  std::size_t count() const { return count_; }      // of entries that next() has returned
  Result<void> read(std::span<std::uint8_t> into);  // content of the entry that next() returned last
  // What a hard link brings out once more, of what may come out.
  Result<void> count_link(std::uint64_t size);

 private:
  struct State;
  explicit TarStream(std::unique_ptr<State> state);
  Error failed(const std::string& what) const;
  Result<void> read_to_the_end();
  std::unique_ptr<State> state_;
  std::size_t count_ = 0;
};

}  // namespace sallyport
