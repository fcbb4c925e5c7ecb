// SPDX-License-Identifier: Apache-2.0
// The header structure of .rpm files, version 4 (rpm's documents "V4 Package format" and "Package Header format"): an
// index of tags, and a store that it points into. A file has two of them: signatures, and what the package is.
//
// One reading, in which every byte has one owner (archive_malformed otherwise): one region from the first entry to the
// last byte, with its trailer; tags in rising order, each once; values of the store one behind the other in the same
// order, between them nothing but the zeros that align; strings that end where they are. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

enum class RpmRegion : std::uint32_t { signatures = 62, immutable = 63 };

constexpr std::size_t rpm_intro_size = 16;
constexpr std::uint64_t rpm_signatures_size_max = 16ULL << 20U;
constexpr std::uint64_t rpm_header_size_max = 64ULL << 20U;

// Of the whole structure in bytes, as its first rpm_intro_size bytes say.
Result<std::uint64_t> rpm_structure_size(BytesView intro, RpmRegion region);

class RpmHeader {
 public:
  // `bytes`: the structure from its magic number to the end of its store.
  static Result<RpmHeader> parse(Bytes bytes, RpmRegion region);

  // Values by tag. archive_malformed where it is not there, or is of another type.
  bool has(std::uint32_t tag) const { return find(tag) != nullptr; }
  Result<std::string_view> text(std::uint32_t tag) const;
  Result<std::vector<std::string_view>> texts(std::uint32_t tag) const;
  Result<std::vector<std::uint64_t>> numbers16(std::uint32_t tag) const;
  Result<std::vector<std::uint64_t>> numbers32(std::uint32_t tag) const;
  Result<std::vector<std::uint64_t>> numbers64(std::uint32_t tag) const;
  Result<BytesView> binary(std::uint32_t tag) const;

  BytesView bytes() const { return bytes_; }

 private:
  struct Entry {
    std::uint32_t tag;
    std::uint32_t type;
    std::size_t offset;  // of bytes_
    std::size_t size;
    std::uint32_t count;
  };
  explicit RpmHeader(Bytes bytes) : bytes_(std::move(bytes)) {}
  Result<void> read_index(std::size_t count);
  const Entry* find(std::uint32_t tag) const;
  Result<const Entry*> get(std::uint32_t tag, std::uint32_t type) const;
  Result<std::vector<std::uint64_t>> numbers(std::uint32_t tag, std::uint32_t type) const;

  Bytes bytes_;
  std::vector<Entry> entries_;  // sorted by tag; without that of the region
};

}  // namespace sallyport
