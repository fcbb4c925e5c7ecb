// SPDX-License-Identifier: Apache-2.0
#include "adapters/unpacker/zip_gaps.h"

#include <algorithm>
#include <string_view>

#include "adapters/unpacker/numbers.h"
#include "adapters/unpacker/zip_directory.h"

namespace sallyport {
namespace {

constexpr std::string_view descriptor_mark = "PK\7\10";
constexpr std::uint64_t descriptor_size_max = 24;  // with its mark, of ZIP64
constexpr std::uint64_t gap_size_min = 4;

// Of the data descriptor behind an entry of this size, with its mark or without, of ZIP64 or not; 0: it is none.
std::uint64_t descriptor_size(BytesView bytes, std::uint64_t stored) {
  for (const std::size_t width : {4U, 8U}) {
    for (const std::size_t begin : {as_text(bytes).starts_with(descriptor_mark) ? 4U : 0U, 0U}) {
      const auto size = begin + 4 + 2 * width;  // the check sum, and both sizes
      if (size <= bytes.size() && number(bytes, begin + 4, width) == stored) return size;
    }
  }
  return 0;
}

// Behind the data and what belongs to it.
Result<std::uint64_t> end_of(const ByteSource& file, const ZipEntry& entry, std::uint64_t data,
                             std::uint64_t limit) {
  const auto end = data + entry.stored;
  if (!entry.has_descriptor()) return end;
  const auto size = std::min(descriptor_size_max, limit - end);
  const auto bytes = TRY(file.read(end, size, descriptor_size_max));
  return end + descriptor_size(bytes, entry.stored);
}

void add_gap(std::vector<Gap>& gaps, std::uint64_t begin, std::uint64_t end) {
  if (begin < end && end - begin >= gap_size_min) gaps.push_back({begin, end - begin});
}

// Sorted by where they begin. None: something else stands among them.
Result<std::optional<std::vector<ZipEntry>>> entries_of(const ByteSource& file,
                                                        const ZipDirectory& directory) {
  const auto bytes = TRY(file.read(directory.begin, directory.size, zip_directory_size_max));
  std::vector<ZipEntry> entries;
  for (BytesView rest(bytes); !rest.empty();) {
    const auto entry = first_zip_entry(rest, directory.before);
    if (!entry) return std::optional<std::vector<ZipEntry>>();
    rest = rest.subspan(entry->record_size);
    entries.push_back(*entry);
  }
  std::sort(entries.begin(), entries.end(),
            [](const ZipEntry& a, const ZipEntry& b) { return a.begin < b.begin; });
  return std::optional(std::move(entries));
}

}  // namespace

Result<std::optional<ZipGaps>> find_zip_gaps(const ByteSource& file) {
  const auto none = std::optional<ZipGaps>();
  const auto ends = TRY(find_zip_ends(file));
  const auto directory = ends.empty() ? std::nullopt : TRY(zip_directory_at(file, ends.back()));
  if (!directory) return none;
  const auto entries = TRY(entries_of(file, *directory));
  if (!entries) return none;
  ZipGaps found{{}, {}, entries->size()};
  std::uint64_t at = 0;
  for (const auto& entry : *entries) {
    const auto local = TRY(zip_local_of(file, entry, directory->begin));
    if (!local || !local->agrees) return none;
    add_gap(found.gaps, at, entry.begin);
    const auto end = TRY(end_of(file, entry, local->data, directory->begin));
    if (entry.is_link && at <= local->data) add_gap(found.gaps, local->data, end);
    if (entry.method == 0 && !entry.is_link) found.stored.push_back({local->data, entry.stored});
    at = std::max(at, end);
  }
  add_gap(found.gaps, at, directory->begin);
  add_gap(found.gaps, directory->end, file.size());
  return std::optional(std::move(found));
}

}  // namespace sallyport
