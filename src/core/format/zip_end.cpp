// SPDX-License-Identifier: Apache-2.0
#include "core/format/zip_end.h"

#include <algorithm>
#include <optional>

#include "core/base/checked.h"
#include "core/format/zip_wire.h"

namespace sallyport::zip {
namespace {

constexpr std::string_view end_where = "end of central directory";

// Only to say what is wrong with a file that does not end in an end record: nothing that is found here is used.
Result<End> refuse_without_end(const ByteSource& file) {
  const auto size = std::min<std::uint64_t>(file.size(), end_size + max16);
  const auto tail = TRY(file.read(file.size() - size, size, size));
  std::optional<std::size_t> behind;  // the last whole record, and how many bytes come after it
  bool cut = false;
  for (std::size_t at = 0; at + 4 <= tail.size(); ++at) {
    const auto rest = BytesView(tail).subspan(at);
    if (Cursor(rest).take<std::uint32_t>() != end_signature) continue;
    cut = rest.size() < end_size;
    if (cut) break;
    const auto comment = Cursor(rest.subspan(end_size - 2)).take<std::uint16_t>();
    if (end_size + comment == rest.size()) return malformed(end_where, "no comment");
    behind = rest.size() - end_size;
  }
  if (behind) {
    return Error(Code::zip_bytes_unaccounted, "after the end record", "0 bytes",
                 std::to_string(*behind) + " bytes");
  }
  const auto head = TRY(file.read(0, 4, 4));
  const bool begins = Cursor(head).take<std::uint32_t>() == local_signature;
  if (begins || cut)
    return Error(Code::truncated, std::string(end_where), "the record that ends a ZIP archive",
                 "the end of the file");
  return malformed(end_where, "a ZIP archive", "something else");
}

// The value of a field that may be in the ZIP64 record: the record repeats what fits and holds what does not.
bool agrees64(std::uint64_t field, std::uint64_t field_max, std::uint64_t value) {
  return field == field_max ? value >= field_max : value == field;
}

Result<End> read_end64(const ByteSource& file, const End& end) {
  constexpr auto both = end64_size + locator64_size;
  if (end.start < both) return malformed("ZIP64 end record", "a record before the locator");
  const auto start = end.start - both;
  const auto bytes = TRY(file.read(start, both, both));
  Cursor cursor(bytes);
  bool fits = cursor.take<std::uint32_t>() == end64_signature;
  fits = cursor.take<std::uint64_t>() == end64_size - 12 && fits;
  fits = made_by_accepted(cursor.take<std::uint16_t>()) && fits;
  fits = cursor.take<std::uint16_t>() == version_zip64 && fits;
  fits = cursor.take<std::uint64_t>() == 0 && fits;  // both disk numbers
  const auto count_here = cursor.take<std::uint64_t>();
  const End end64{cursor.take<std::uint64_t>(), cursor.take<std::uint64_t>(), cursor.take<std::uint64_t>(),
                  start};
  fits = count_here == end64.count && fits;
  cursor.take<std::uint32_t>();  // the locator's signature led here
  fits = cursor.take<std::uint32_t>() == 0 && fits;
  fits = cursor.take<std::uint64_t>() == start && fits;
  fits = cursor.take<std::uint32_t>() == 1 && fits;
  fits = agrees64(end.count, max16, end64.count) && agrees64(end.size, max32, end64.size) &&
         agrees64(end.offset, max32, end64.offset) && fits;
  if (!fits) return malformed("ZIP64 end record", "a record that agrees with its locator and the end record");
  return end64;
}

}  // namespace

bool made_by_accepted(std::uint16_t made_by) {
  const auto host = static_cast<std::uint16_t>(made_by >> 8U);
  return (host == host_fat || host == host_unix) && (made_by & 0xffU) <= 63;
}

Result<End> read_end(const ByteSource& file, Zip64Records records) {
  if (file.size() < end_size)
    return malformed(end_where, "a ZIP archive", std::to_string(file.size()) + " bytes");
  const auto with_locator = std::min(file.size(), end_size + locator64_size);
  const auto bytes = TRY(file.read(file.size() - with_locator, with_locator, with_locator));
  Cursor cursor(BytesView(bytes).last(end_size));
  if (cursor.take<std::uint32_t>() != end_signature) return refuse_without_end(file);
  const auto disks = cursor.take<std::uint32_t>();
  const auto count_here = cursor.take<std::uint16_t>();
  const auto count = cursor.take<std::uint16_t>();
  const auto size = cursor.take<std::uint32_t>();
  const auto offset = cursor.take<std::uint32_t>();
  if (disks != 0 || count_here != count) return malformed(end_where, "one disk");
  if (cursor.take<std::uint16_t>() != 0) return malformed(end_where, "no comment");
  const End end{count, size, offset, file.size() - end_size};

  // Some programs look for the locator in any case, others only when a field is all ones: it must be the same
  // for both.
  const bool locator =
      with_locator == end_size + locator64_size && Cursor(bytes).take<std::uint32_t>() == locator64_signature;
  const bool needed = count == max16 || size == max32 || offset == max32;
  if (locator == needed || (locator && records == Zip64Records::also_elsewhere))
    return locator ? read_end64(file, end) : Result<End>(end);
  return malformed(end_where, "ZIP64 records where they are needed, and only there");
}

Result<void> check_sizes(const ByteSource& file, const End& end, const ZipLimits& limits) {
  if (file.size() > limits.file_size_max)
    return limit_exceeded("file size", limits.file_size_max, file.size());
  if (end.count > limits.members_max) return limit_exceeded("members", limits.members_max, end.count);
  if (end.size > limits.central_directory_size_max)
    return limit_exceeded("central directory", limits.central_directory_size_max, end.size);
  const auto directory_end = checked_add(end.offset, end.size);
  if (directory_end && *directory_end <= end.start) return {};
  return malformed("central directory", "inside of the file", "at " + std::to_string(end.offset));
}

Result<void> check_frame(const ByteSource& file, const End& end, const ZipLimits& limits) {
  TRY(check_sizes(file, end, limits));
  const auto between = end.start - end.offset - end.size;
  if (between == 0) return {};
  return Error(Code::zip_bytes_unaccounted, "before the end record", "0 bytes",
               std::to_string(between) + " bytes");
}

}  // namespace sallyport::zip
