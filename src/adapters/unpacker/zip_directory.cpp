// SPDX-License-Identifier: Apache-2.0
#include "adapters/unpacker/zip_directory.h"

#include <algorithm>
#include <string_view>

#include "adapters/unpacker/numbers.h"
#include "core/base/checked.h"

namespace sallyport {
namespace {

constexpr std::string_view end_mark = "PK\5\6";
constexpr std::string_view end64_mark = "PK\6\6";
constexpr std::string_view locator_mark = "PK\6\7";
constexpr std::string_view entry_mark = "PK\1\2";
constexpr std::string_view local_mark = "PK\3\4";
constexpr std::uint64_t end64_size = 56;
constexpr std::uint64_t locator_size = 20;
constexpr std::uint64_t entry_size = 46;
constexpr std::uint64_t local_size = 30;
constexpr std::uint64_t comment_size_max = 65535;
constexpr std::uint64_t in_extra_field = 0xffffffff;
constexpr std::uint64_t encrypted = 1;
constexpr std::uint64_t type_mask = 0170000;  // of a mode, in the upper half of the attributes
constexpr std::uint64_t type_link = 0120000;

// Of ZIP64: what stands in the record that the locator in front of the end record leads to.
Result<std::optional<ZipDirectory>> directory64(const ByteSource& file, std::uint64_t end) {
  const auto none = std::optional<ZipDirectory>();
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
  return std::optional(ZipDirectory{at - size, size, end + zip_end_size, at - *behind});
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

struct Sizes {
  std::optional<std::uint64_t> whole;
  std::optional<std::uint64_t> stored;
  std::size_t in_field;  // how many of them stand in the extra field
};

// `at`: where the stored size stands, and the size behind it.
Sizes sizes_of(BytesView header, std::size_t at, BytesView extra) {
  Sizes sizes{number(header, at + 4, 4), number(header, at, 4), 0};
  if (sizes.whole == in_extra_field) sizes.whole = of_extra_field(extra, sizes.in_field++);
  if (sizes.stored == in_extra_field) sizes.stored = of_extra_field(extra, sizes.in_field++);
  return sizes;
}

bool agree(BytesView local, BytesView extra, const ZipEntry& entry) {
  const auto flags = number(local, 6, 2);
  const bool later = (flags & 8U) != 0;
  const auto same = [later](std::optional<std::uint64_t> said, std::uint64_t meant) {
    return said && (*said == meant || (later && *said == 0));
  };
  const auto sizes = sizes_of(local, 18, extra);
  return number(local, 8, 2) == entry.method && (flags & encrypted) == (entry.flags & encrypted) &&
         same(number(local, 14, 4), entry.check_sum) && same(sizes.stored, entry.stored) &&
         same(sizes.whole, entry.size);
}

}  // namespace

Result<std::vector<std::uint64_t>> find_zip_ends(const ByteSource& file) {
  const auto size = std::min(file.size(), zip_end_size + comment_size_max);
  const auto tail = TRY(file.read(file.size() - size, size, size));
  const auto text = as_text(tail);
  std::vector<std::uint64_t> ends;
  for (auto at = text.find(end_mark); at != std::string_view::npos; at = text.find(end_mark, at + 1)) {
    if (size - at >= zip_end_size) ends.push_back(file.size() - size + at);
  }
  return ends;
}

Result<std::optional<ZipDirectory>> zip_directory_at(const ByteSource& file, std::uint64_t end) {
  auto found = TRY(directory64(file, end));
  if (!found) {
    const auto record = TRY(file.read(end, zip_end_size, zip_end_size));
    const auto size = number(record, 12, 4);
    const auto offset = number(record, 16, 4);
    if (offset + size <= end) found = ZipDirectory{end - size, size, end + zip_end_size, end - offset - size};
  }
  return found && found->size <= zip_directory_size_max ? found : std::nullopt;
}

std::optional<ZipEntry> first_zip_entry(BytesView directory, std::uint64_t before) {
  if (directory.size() < entry_size || !as_text(directory).starts_with(entry_mark)) return {};
  const auto name = static_cast<std::size_t>(number(directory, 28, 2));
  const auto extra = static_cast<std::size_t>(number(directory, 30, 2));
  const auto comment = static_cast<std::size_t>(number(directory, 32, 2));
  if (directory.size() - entry_size < name + extra + comment) return {};
  const auto fields = directory.subspan(entry_size + name, extra);
  const auto sizes = sizes_of(directory, 20, fields);
  auto offset = std::optional(number(directory, 42, 4));
  if (offset == in_extra_field) offset = of_extra_field(fields, sizes.in_field);
  const auto begin = offset ? checked_add(*offset, before) : std::nullopt;
  if (!begin || !sizes.stored || !sizes.whole) return {};
  return ZipEntry{*begin,
                  *sizes.stored,
                  *sizes.whole,
                  static_cast<std::uint32_t>(number(directory, 16, 4)),
                  static_cast<std::uint16_t>(number(directory, 10, 2)),
                  static_cast<std::uint16_t>(number(directory, 8, 2)),
                  (number(directory, 40, 2) & type_mask) == type_link,
                  entry_size + name + extra + comment};
}

Result<std::optional<ZipLocal>> zip_local_of(const ByteSource& file, const ZipEntry& entry,
                                             std::uint64_t limit) {
  const auto none = std::optional<ZipLocal>();
  if (!inside(entry.begin, local_size, limit)) return none;
  const auto local = TRY(file.read(entry.begin, local_size, local_size));
  if (!as_text(local).starts_with(local_mark)) return none;
  const auto name_size = number(local, 26, 2);
  const auto extra_size = number(local, 28, 2);
  const auto data = entry.begin + local_size + name_size + extra_size;
  if (!inside(data, entry.stored, limit)) return none;
  const auto extra = TRY(file.read(data - extra_size, extra_size, extra_size));
  return std::optional(ZipLocal{data, agree(local, extra, entry)});
}

}  // namespace sallyport
