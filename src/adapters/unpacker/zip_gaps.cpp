// SPDX-License-Identifier: Apache-2.0
#include "adapters/unpacker/zip_gaps.h"

#include <algorithm>
#include <string_view>

#include "core/base/checked.h"

namespace sallyport {
namespace {

constexpr std::string_view end_mark = "PK\5\6";
constexpr std::string_view end64_mark = "PK\6\6";
constexpr std::string_view locator_mark = "PK\6\7";
constexpr std::string_view entry_mark = "PK\1\2";
constexpr std::string_view local_mark = "PK\3\4";
constexpr std::string_view descriptor_mark = "PK\7\10";
constexpr std::uint64_t end_size = 22;
constexpr std::uint64_t end64_size = 56;
constexpr std::uint64_t locator_size = 20;
constexpr std::uint64_t entry_size = 46;
constexpr std::uint64_t local_size = 30;
constexpr std::uint64_t comment_size_max = 65535;
constexpr std::uint64_t directory_size_max = 64ULL << 20U;
constexpr std::uint64_t descriptor_size_max = 24;  // with its mark, of ZIP64
constexpr std::uint64_t gap_size_min = 4;
constexpr std::uint64_t in_extra_field = 0xffffffff;

std::uint64_t number(BytesView from, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8U | from[at + i];
  return value;
}

struct Directory {
  std::uint64_t begin;
  std::uint64_t size;
  std::uint64_t end;     // of what belongs to it: the end record, without its comment
  std::uint64_t before;  // bytes in front of the archive, which offsets do not count
};

struct Place {
  std::uint64_t begin;
  std::uint64_t size;  // of its data
  bool has_descriptor;
};

// The last end record of the file: where it is, and it.
Result<std::optional<std::uint64_t>> find_end(const ByteSource& file) {
  const auto size = std::min(file.size(), end_size + comment_size_max);
  const auto tail = TRY(file.read(file.size() - size, size, size));
  const auto at = as_text(tail).rfind(end_mark);
  if (at == std::string_view::npos || size - at < end_size) return std::optional<std::uint64_t>();
  return std::optional(file.size() - size + at);
}

// Of ZIP64: what stands in the record that the locator in front of the end record leads to.
Result<std::optional<Directory>> directory64(const ByteSource& file, std::uint64_t end) {
  const auto none = std::optional<Directory>();
  if (end < locator_size + end64_size) return none;
  const auto locator = TRY(file.read(end - locator_size, locator_size, locator_size));
  if (!as_text(locator).starts_with(locator_mark)) return none;
  const auto at = end - locator_size - end64_size;  // the one place where nothing is between them
  const auto record = TRY(file.read(at, end64_size, end64_size));
  if (!as_text(record).starts_with(end64_mark)) return none;
  const auto size = number(record, 40, 8);
  const auto offset = number(record, 48, 8);
  const auto behind = checked_add(offset, size);
  if (!behind || *behind > at) return none;
  return std::optional(Directory{at - size, size, end + end_size, at - *behind});
}

Result<std::optional<Directory>> find_directory(const ByteSource& file) {
  const auto end = TRY(find_end(file));
  if (!end) return std::optional<Directory>();
  if (auto large = TRY(directory64(file, *end))) return large;
  const auto record = TRY(file.read(*end, end_size, end_size));
  const auto size = number(record, 12, 4);
  const auto offset = number(record, 16, 4);
  if (offset + size > *end) return std::optional<Directory>();
  return std::optional(Directory{*end - size, size, *end + end_size, *end - offset - size});
}

// What the extra field of ZIP64 says instead of the values that are all ones: the size, the stored size, the offset.
std::optional<std::uint64_t> of_extra_field(BytesView extra, std::size_t skipped) {
  while (extra.size() >= 4) {
    const auto kind = number(extra, 0, 2);
    const auto size = static_cast<std::size_t>(number(extra, 2, 2));
    if (size > extra.size() - 4) return {};
    const auto at = skipped * 8;
    if (kind == 1) return at + 8 <= size ? std::optional(number(extra, 4 + at, 8)) : std::nullopt;
    extra = extra.subspan(4 + size);
  }
  return {};
}

// The entry that the directory has next; it is taken away. None: it is none.
std::optional<Place> take_entry(BytesView& directory, std::uint64_t before) {
  if (directory.size() < entry_size || !as_text(directory).starts_with(entry_mark)) return {};
  const auto name = static_cast<std::size_t>(number(directory, 28, 2));
  const auto extra = static_cast<std::size_t>(number(directory, 30, 2));
  const auto comment = static_cast<std::size_t>(number(directory, 32, 2));
  if (directory.size() - entry_size < name + extra + comment) return {};
  const auto fields = directory.subspan(entry_size + name, extra);
  auto stored = std::optional(number(directory, 20, 4));
  auto offset = std::optional(number(directory, 42, 4));
  const std::size_t sizes = number(directory, 24, 4) == in_extra_field ? 1 : 0;
  const bool stored_there = stored == in_extra_field;
  if (stored_there) stored = of_extra_field(fields, sizes);
  if (offset == in_extra_field) offset = of_extra_field(fields, sizes + (stored_there ? 1 : 0));
  const auto begin = offset ? checked_add(*offset, before) : std::nullopt;
  if (!begin || !stored) return {};
  const bool has_descriptor = (number(directory, 8, 2) & 8U) != 0;
  directory = directory.subspan(entry_size + name + extra + comment);
  return Place{*begin, *stored, has_descriptor};
}

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

// Behind the entry and what belongs to it. None: it is none.
Result<std::optional<std::uint64_t>> end_of(const ByteSource& file, const Place& place, std::uint64_t limit) {
  if (!inside(place.begin, local_size, limit)) return std::optional<std::uint64_t>();
  const auto local = TRY(file.read(place.begin, local_size, local_size));
  if (!as_text(local).starts_with(local_mark)) return std::optional<std::uint64_t>();
  const auto data = place.begin + local_size + number(local, 26, 2) + number(local, 28, 2);
  const auto end = checked_add(data, place.size);
  if (!end || *end > limit) return std::optional<std::uint64_t>();
  if (!place.has_descriptor) return end;
  const auto size = std::min(descriptor_size_max, limit - *end);
  const auto bytes = TRY(file.read(*end, size, descriptor_size_max));
  return std::optional(*end + descriptor_size(bytes, place.size));
}

void add_gap(std::vector<Gap>& gaps, std::uint64_t begin, std::uint64_t end) {
  if (begin < end && end - begin >= gap_size_min) gaps.push_back({begin, end - begin});
}

}  // namespace

Result<std::optional<std::vector<Gap>>> find_zip_gaps(const ByteSource& file) {
  const auto none = std::optional<std::vector<Gap>>();
  const auto directory = TRY(find_directory(file));
  if (!directory || directory->size > directory_size_max) return none;
  const auto bytes = TRY(file.read(directory->begin, directory->size, directory_size_max));
  std::vector<Place> places;
  for (BytesView rest(bytes); !rest.empty();) {
    const auto place = take_entry(rest, directory->before);
    if (!place) return none;
    places.push_back(*place);
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
  std::vector<Gap> gaps;
  std::uint64_t at = 0;
  for (const auto& place : places) {
    add_gap(gaps, at, place.begin);
    const auto end = TRY(end_of(file, place, directory->begin));
    if (!end) return none;
    at = std::max(at, *end);
  }
  add_gap(gaps, at, directory->begin);
  add_gap(gaps, directory->end, file.size());
  return std::optional(std::move(gaps));
}

}  // namespace sallyport
