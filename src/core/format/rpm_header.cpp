// SPDX-License-Identifier: Apache-2.0
#include "core/format/rpm_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::array<std::uint8_t, 8> magic{0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0};
constexpr std::size_t entry_size = 16;
constexpr std::uint32_t entries_max = 0xffff;
constexpr std::uint32_t type_int16 = 3;
constexpr std::uint32_t type_int32 = 4;
constexpr std::uint32_t type_int64 = 5;
constexpr std::uint32_t type_string = 6;
constexpr std::uint32_t type_binary = 7;
constexpr std::uint32_t type_strings = 8;
constexpr std::uint32_t type_translated = 9;
// Of one value in the store, which is also what it is aligned to; 0: strings, which end with NUL.
constexpr std::array<std::size_t, 10> value_sizes{0, 1, 1, 2, 4, 8, 0, 1, 0, 0};

Error malformed(std::string_view expected, const std::string& found) {
  return {Code::archive_malformed, "rpm header", std::string(expected), printable(found)};
}

std::uint64_t big_endian(BytesView bytes) {
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = value << 8U | byte;
  return value;
}

std::uint32_t word(BytesView bytes, std::size_t at) {
  return static_cast<std::uint32_t>(big_endian(bytes.subspan(at, 4)));
}

std::string tag_name(std::uint32_t tag) {
  return "tag " + std::to_string(tag);
}

// Where the last of `count` strings ends, if it does.
std::optional<std::size_t> strings_size(BytesView rest, std::uint32_t count) {
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (size == rest.size()) return {};
    const auto* end = static_cast<const std::uint8_t*>(std::memchr(&rest[size], 0, rest.size() - size));
    if (end == nullptr) return {};
    size = static_cast<std::size_t>(end - rest.data()) + 1;
  }
  return size;
}

Result<void> check_region(BytesView bytes, std::size_t count, RpmRegion region) {
  const auto tag = static_cast<std::uint32_t>(region);
  const auto index = bytes.subspan(rpm_intro_size, entry_size);
  const auto trailer = bytes.last(entry_size);
  const auto store_size = bytes.size() - rpm_intro_size - count * entry_size;
  const auto back = static_cast<std::uint32_t>(0 - count * entry_size);  // to the first entry, less than none
  const bool begins = word(index, 0) == tag && word(index, 4) == type_binary &&
                      word(index, 8) == store_size - entry_size && word(index, 12) == entry_size;
  const bool ends = word(trailer, 0) == tag && word(trailer, 4) == type_binary && word(trailer, 8) == back &&
                    word(trailer, 12) == entry_size;
  if (begins && ends) return {};
  return malformed("one region over all of it, with its trailer at the end", "another");
}

}  // namespace

Result<std::uint64_t> rpm_structure_size(BytesView intro, RpmRegion region) {
  CHECK(intro.size() == rpm_intro_size);
  if (!std::equal(magic.begin(), magic.end(), intro.begin()))
    return malformed("a header structure of version 1", hex(intro.first(8)));
  const std::uint64_t entries = word(intro, 8);
  const std::uint64_t store = word(intro, 12);
  const auto size_max = region == RpmRegion::signatures ? rpm_signatures_size_max : rpm_header_size_max;
  const auto size = rpm_intro_size + entries * entry_size + store;  // far below 2^64
  if (entries == 0 || entries > entries_max || store < entry_size || size > size_max)
    return malformed("1 to 65535 entries and a store, at most " + std::to_string(size_max) + " bytes in all",
                     std::to_string(entries) + " entries, " + std::to_string(store) + " bytes");
  return size;
}

Result<RpmHeader> RpmHeader::parse(Bytes bytes, RpmRegion region) {
  if (bytes.size() < rpm_intro_size) return malformed("a header structure", "less");
  const auto size = TRY(rpm_structure_size(BytesView(bytes).first(rpm_intro_size), region));
  if (size != bytes.size()) return malformed(std::to_string(size) + " bytes", std::to_string(bytes.size()));
  const std::size_t count = word(bytes, 8);
  TRY(check_region(bytes, count, region));
  RpmHeader header(std::move(bytes));
  TRY(header.read_index(count));
  return header;
}

Result<void> RpmHeader::read_index(std::size_t count) {
  const BytesView bytes(bytes_);
  const auto store = rpm_intro_size + count * entry_size;
  const auto end = bytes.size() - entry_size;  // where the trailer begins
  auto at = store;
  auto previous = word(bytes, rpm_intro_size);
  entries_.reserve(count - 1);
  for (std::size_t i = 1; i < count; ++i) {
    const auto entry = bytes.subspan(rpm_intro_size + i * entry_size, entry_size);
    const auto tag = word(entry, 0);
    const auto type = word(entry, 4);
    const auto values = word(entry, 12);
    if (tag <= previous) return malformed("tags in rising order, each once", tag_name(tag));
    previous = tag;
    if (type == 0 || type >= value_sizes.size() || values == 0 || (type == type_string && values != 1))
      return malformed("values of a type that is known", tag_name(tag));
    const auto value_size = value_sizes.at(type);
    while (value_size > 1 && (at - store) % value_size != 0 && at < end && bytes[at] == 0) ++at;
    if (word(entry, 8) != at - store || (value_size > 1 && (at - store) % value_size != 0))
      return malformed("values one behind the other, with zeros to align them", tag_name(tag));
    const auto size = value_size == 0 ? strings_size(bytes.subspan(at, end - at), values)
                                      : std::optional<std::size_t>(values * std::uint64_t{value_size});
    if (!size || *size > end - at) return malformed("values inside of the store", tag_name(tag));
    entries_.push_back({tag, type, at, *size, values});
    at += *size;
  }
  return at == end ? Result<void>() : malformed("a trailer right behind the last value", "other bytes");
}

const RpmHeader::Entry* RpmHeader::find(std::uint32_t tag) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), tag,
                                      [](const Entry& entry, std::uint32_t of) { return entry.tag < of; });
  return found != entries_.end() && found->tag == tag ? &*found : nullptr;
}

Result<const RpmHeader::Entry*> RpmHeader::get(std::uint32_t tag, std::uint32_t type) const {
  const auto* entry = find(tag);
  if (entry == nullptr) return malformed(tag_name(tag), "none");
  const bool strings = type == type_strings && entry->type == type_translated;
  if (entry->type != type && !strings)
    return malformed(tag_name(tag) + " of type " + std::to_string(type), std::to_string(entry->type));
  return entry;
}

Result<std::string_view> RpmHeader::text(std::uint32_t tag) const {
  const auto* entry = TRY(get(tag, type_string));
  return as_text(BytesView(bytes_).subspan(entry->offset, entry->size - 1));
}

Result<std::vector<std::string_view>> RpmHeader::texts(std::uint32_t tag) const {
  const auto* entry = TRY(get(tag, type_strings));
  auto rest = as_text(BytesView(bytes_).subspan(entry->offset, entry->size));
  std::vector<std::string_view> all;
  all.reserve(entry->count);
  while (!rest.empty()) {
    all.push_back(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(all.back().size() + 1);
  }
  return all;
}

Result<std::vector<std::uint64_t>> RpmHeader::numbers(std::uint32_t tag, std::uint32_t type) const {
  const auto* entry = TRY(get(tag, type));
  const auto size = value_sizes.at(type);
  std::vector<std::uint64_t> all;
  all.reserve(entry->count);
  for (std::size_t i = 0; i < entry->count; ++i)
    all.push_back(big_endian(BytesView(bytes_).subspan(entry->offset + i * size, size)));
  return all;
}

Result<std::vector<std::uint64_t>> RpmHeader::numbers16(std::uint32_t tag) const {
  return numbers(tag, type_int16);
}
Result<std::vector<std::uint64_t>> RpmHeader::numbers32(std::uint32_t tag) const {
  return numbers(tag, type_int32);
}
Result<std::vector<std::uint64_t>> RpmHeader::numbers64(std::uint32_t tag) const {
  return numbers(tag, type_int64);
}

Result<BytesView> RpmHeader::binary(std::uint32_t tag) const {
  const auto* entry = TRY(get(tag, type_binary));
  return BytesView(bytes_).subspan(entry->offset, entry->size);
}

}  // namespace sallyport
