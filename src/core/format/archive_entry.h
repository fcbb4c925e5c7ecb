// SPDX-License-Identifier: Apache-2.0
// One entry of a central directory, with what is wrong with it: between the two halves of read_archive
// (format/archive.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/findings.h"
#include "core/format/archive.h"
#include "core/format/zip_wire.h"

namespace sallyport::zip {

constexpr std::uint16_t descriptor_flag = 1U << 3U;
constexpr std::uint16_t deflate_flags = (1U << 1U) | (1U << 2U);  // how hard the writer tried
constexpr std::uint16_t version_oldest = 10;
constexpr std::uint16_t method_stored = 0;
constexpr std::uint16_t method_deflated = 8;

struct Entry {
  Header header;  // `name` views into the bytes of the directory; `size` is the one after decoding
  std::uint16_t method;
  std::uint16_t made_by;
  std::uint16_t internal;
  std::uint32_t external;
  std::uint64_t stored_size;
  std::uint64_t offset;
  bool zip64 = false;        // some value of the directory is in the ZIP64 extra field
  bool zip64_sizes = false;  // and it is a size
  bool folder = false;
  bool sound = true;   // nothing was found yet
  bool placed = true;  // sizes and offset are known
  std::optional<RelativePath> path = {};

  std::string where() const;
  bool has_descriptor() const { return (header.flags & descriptor_flag) != 0; }
  void wrong(Findings& findings, Error error) {
    findings.add(std::move(error));
    sound = false;
  }
};

// As many as are announced or can be read. Names and kinds are checked, places are not.
std::vector<Entry> read_entries(BytesView directory, std::uint64_t count, ArchiveForm form,
                                Findings& findings);

// The extra field is a sequence of blocks that we know to change no reading. `zip64` is the content of the one of
// ZIP64, if it is there.
struct Extra {
  std::optional<BytesView> zip64;
};
std::optional<Extra> read_extra(BytesView bytes);

}  // namespace sallyport::zip
