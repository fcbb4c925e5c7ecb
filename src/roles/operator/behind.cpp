// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/behind.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <string_view>

#include "core/base/checked.h"
#include "roles/operator/forms.h"

namespace sallyport::intake {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t part_size = 1U << 20U;
constexpr std::size_t mark_size_max = 512;  // a header of tar
constexpr std::size_t tar_mark_at = 257;
constexpr std::uint64_t table_size_max = 8U << 20U;  // of a program

bool is_text(BytesView head) {
  return !head.empty() && std::all_of(head.begin(), head.end(), [](std::uint8_t c) {
    return c >= ' ' || (c >= '\b' && c <= '\r') || c == 0x1b;
  });
}

bool is_ascii_text(BytesView bytes) {
  return is_text(bytes) && std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t c) { return c < 0x7f; });
}

// Of a program: numbers of its own byte order, at places that depend on its class.
class Elf {
 public:
  explicit Elf(BytesView head) : head_(head), large_(head[4] == 2), big_endian_(head[5] == 2) {}

  // Nothing is behind a program whose table of sections is the last of it.
  bool ends_with_its_sections(std::uint64_t size) const {
    const auto table = sections();
    return table.count > 0 && inside(table.offset, table.size * table.count, size) &&
           table.offset + table.size * table.count == size;
  }

  // Behind all that its tables have; nothing where they cannot be read.
  Result<std::optional<std::uint64_t>> end(const ByteSource& content) const {
    const auto first = TRY(end_of(content, segments(), [&](BytesView item) { return end_of_segment(item); }));
    const auto second =
        TRY(end_of(content, sections(), [&](BytesView item) { return end_of_section(item); }));
    return first && second ? std::optional(std::max(*first, *second)) : std::nullopt;
  }

 private:
  struct Table {
    std::uint64_t offset;
    std::uint64_t size;  // of one item
    std::uint64_t count;
    std::uint64_t size_min;
  };

  Table segments() const {
    return large_ ? Table{number(head_, 32, 8), number(head_, 54, 2), number(head_, 56, 2), 56}
                  : Table{number(head_, 28, 4), number(head_, 42, 2), number(head_, 44, 2), 32};
  }
  Table sections() const {
    return large_ ? Table{number(head_, 40, 8), number(head_, 58, 2), number(head_, 60, 2), 64}
                  : Table{number(head_, 32, 4), number(head_, 46, 2), number(head_, 48, 2), 40};
  }
  // Of a table and of what its items have; at least that of the header. What lies outside of the file is passed over.
  template <class End>
  Result<std::optional<std::uint64_t>> end_of(const ByteSource& content, const Table& table,
                                              const End& end) const {
    std::uint64_t all = large_ ? 64 : 52;
    if (table.count == 0) return std::optional(all);
    const auto size = table.size * table.count;
    if (table.size < table.size_min || size > table_size_max || !inside(table.offset, size, content.size()))
      return std::optional<std::uint64_t>();
    all = std::max(all, table.offset + size);
    const auto bytes = TRY(content.read(table.offset, size, table_size_max));
    for (std::uint64_t i = 0; i < table.count; ++i) {
      const auto behind = end(BytesView(bytes).subspan(static_cast<std::size_t>(i * table.size)));
      if (behind && *behind <= content.size()) all = std::max(all, *behind);
    }
    return std::optional(all);
  }
  std::uint64_t number(BytesView from, std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | from[big_endian_ ? at + i : at + size - 1 - i];
    return value;
  }
  std::optional<std::uint64_t> end_of_segment(BytesView item) const {
    return large_ ? checked_add(number(item, 8, 8), number(item, 32, 8))
                  : checked_add(number(item, 4, 4), number(item, 16, 4));
  }
  std::optional<std::uint64_t> end_of_section(BytesView item) const {
    constexpr std::uint64_t without_bytes = 8;
    if (number(item, 4, 4) == without_bytes) return {};
    return large_ ? checked_add(number(item, 24, 8), number(item, 32, 8))
                  : checked_add(number(item, 16, 4), number(item, 20, 4));
  }
  BytesView head_;
  bool large_;
  bool big_endian_;
};

bool is_tar_header(BytesView block) {
  if (block.size() < mark_size_max || as_text(block.subspan(tar_mark_at, 5)) != "ustar") return false;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < mark_size_max; ++i) sum += i >= 148 && i < 156 ? std::uint8_t{' '} : block[i];
  std::uint64_t said = 0;
  for (std::size_t i = 148; i < 156; ++i) {
    if (block[i] >= '0' && block[i] <= '7') said = said * 8 + (block[i] - '0');
  }
  return sum == said;
}

bool is_cpio_header(std::string_view text) {
  constexpr std::size_t header_size = 110;
  return text.size() >= header_size && std::all_of(text.begin(), text.begin() + header_size, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

// A header of ZIP whose method of compression no reader knows has nothing for anybody: compilers of Python keep the
// mark alone as a constant. APPNOTE.TXT 4.4.5.
bool is_zip_header(BytesView bytes) {
  constexpr std::size_t method_at = 8;
  if (!as_text(bytes).starts_with("PK\3\4"sv)) return false;
  if (bytes.size() < method_at + 2) return true;
  const unsigned method = bytes[method_at] + 256U * bytes[method_at + 1];
  return method <= 20 || (method >= 93 && method <= 99);
}

// The first two bytes of the marks below: nearly no byte of a content gets beyond them.
const std::bitset<65536>& first_bytes() {
  static const auto all = [] {
    std::bitset<65536> some;
    for (const auto mark : {"\x1f\x8b"sv, "\xfd\x37"sv, "\x28\xb5"sv, "LZ"sv, "\x04\x22"sv, "PK"sv, "7z"sv,
                            "Ra"sv, "MS"sv, "xa"sv, "\xed\xab"sv, "hs"sv, "BZ"sv, "07"sv, "!<"sv})
      some.set(static_cast<std::size_t>(as_bytes(mark)[0]) << 8U | as_bytes(mark)[1]);
    return some;
  }();
  return all;
}

bool may_begin_one(const std::bitset<65536>& known, BytesView bytes, std::size_t at) {
  if (bytes.size() - at < 2) return false;
  return known[static_cast<std::size_t>(bytes[at]) << 8U | bytes[at + 1]] ||
         (bytes.size() - at >= mark_size_max && bytes[at + tar_mark_at] == 'u');
}

// What begins here, if it is an archive or a compression. Marks that are letters stand in texts about them, too: more
// has to be right there.
std::optional<Mark> mark_of(BytesView bytes) {
  constexpr std::array certain = {
      "\xfd"
      "7zXZ\0"sv,
      "\x28\xb5\x2f\xfd"sv,
      "LZIP\1"sv,
      "\x04\x22\x4d\x18"sv,
      "7z\xbc\xaf\x27\x1c"sv,
      "Rar!\x1a\7"sv,
      "MSCF\0\0\0\0"sv,
      "xar!\0"sv,
      "\xed\xab\xee\xdb"sv};
  const auto text = as_text(bytes);
  if (text.starts_with("\x1f\x8b\x08"sv) && bytes.size() > 3 && bytes[3] < 0x20) return Mark::by_chance;
  if (text.starts_with("BZh"sv) &&
      text.substr(std::min<std::size_t>(4, text.size())).starts_with("1AY&SY"sv) &&
      !is_ascii_text(bytes.first(std::min<std::size_t>(64, bytes.size()))))
    return Mark::certain;
  if (text.starts_with("!<arch>\n"sv) && text.size() >= 68 && text.substr(66, 2) == "`\n")
    return Mark::certain;
  if ((text.starts_with("070701"sv) || text.starts_with("070702"sv)) && is_cpio_header(text))
    return Mark::certain;
  // A name alone may stand in a text: version 4 of the format says so at its place.
  constexpr std::size_t version_at = 28;
  if (text.starts_with("hsqs"sv) && text.substr(std::min(version_at, text.size())).starts_with("\4\0\0\0"sv))
    return Mark::certain;
  if (is_zip_header(bytes)) return Mark::by_chance;
  for (const auto mark : certain) {
    if (text.starts_with(mark)) return mark.size() == 4 ? Mark::by_chance : Mark::certain;
  }
  return is_tar_header(bytes) ? std::optional(Mark::certain) : std::nullopt;
}

// A content of which the beginning alone is at hand.
class Beginning final : public ByteSource {
 public:
  Beginning(BytesView bytes, std::uint64_t size) : bytes_(bytes), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    return MemorySource(bytes_).read_at(offset, into);
  }

 private:
  BytesView bytes_;
  std::uint64_t size_;
};

// What programs look for themselves, wherever it stands: 7-Zip and unrar open what begins with something else.
Result<std::vector<Place>> places_of_unpackers(const ByteSource& content) {
  constexpr std::array marks = {"7z\xbc\xaf\x27\x1c"sv, "Rar!\x1a\7"sv};
  const auto bytes = TRY(content.read(0, std::min(content.size(), unpackers_look_max), unpackers_look_max));
  const auto text = as_text(bytes);
  std::vector<Place> places;
  for (const auto mark : marks) {
    for (auto at = text.find(mark, 1); at != std::string_view::npos; at = text.find(mark, at + 1))
      places.push_back({at, Mark::by_chance});
  }
  std::sort(places.begin(), places.end(),
            [](const Place& one, const Place& other) { return one.offset < other.offset; });
  if (places.size() > places_behind_max) places.resize(places_behind_max + 1);
  return places;
}

// Shells run what begins with a line of text, whatever comes behind it.
bool begins_with_text(BytesView head) {
  const auto end = std::find(head.begin(), head.end(), std::uint8_t{'\n'});
  return end != head.end() && is_text(BytesView(head.begin(), end));
}

// From where on to look, and whether what looks like an archive there has to be one.
struct Search {
  std::uint64_t from;
  bool all_count;
};

Result<std::optional<Search>> search_in(const ByteSource& content, BytesView head, Form form) {
  if (form == Form::script || (form == Form::other && is_text(head))) return std::optional(Search{1, true});
  if (form == Form::other && begins_with_text(head)) return std::optional(Search{1, false});
  if (form != Form::elf) return std::optional<Search>();
  const auto end = head.size() >= 64 ? TRY(Elf(head).end(content)) : std::nullopt;
  return std::optional(Search{end.value_or(content.size()), false});
}

}  // namespace

std::optional<std::uint64_t> searched_from(BytesView beginning, std::uint64_t size) {
  const auto head = beginning.first(std::min(beginning.size(), form_head_size));
  const auto form = form_of(head);
  if (form == Form::elf && head.size() >= 64 && Elf(head).ends_with_its_sections(size)) return size;
  const auto search = search_in(Beginning(beginning, size), head, form);
  if (!search.ok()) return 0;
  return search.value() ? std::optional(search.value()->from) : std::nullopt;
}

Result<std::vector<Place>> places_behind(const ByteSource& content, BytesView head) {
  const auto form = form_of(head);
  const auto search = TRY(search_in(content, head, form));
  if (!search) return places_of_unpackers(content);
  const auto& known = first_bytes();
  std::vector<Place> places;
  bool all_zeros = form == Form::elf;  // so far: what comes then stands where an archive would
  for (auto at = search->from; at < content.size();) {
    const auto size = std::min<std::uint64_t>(part_size, content.size() - at);
    const auto bytes = TRY(content.read(at, size, part_size));
    const bool last = at + size == content.size();
    const auto count = last ? bytes.size() : bytes.size() - mark_size_max;
    for (std::size_t i = 0; i < count; ++i) {
      const bool begins = all_zeros && bytes[i] != 0;
      all_zeros = all_zeros && bytes[i] == 0;
      if (!may_begin_one(known, bytes, i)) continue;
      const auto mark = mark_of(BytesView(bytes).subspan(i, std::min(mark_size_max, bytes.size() - i)));
      if (!mark) continue;
      places.push_back({at + i, search->all_count || begins ? Mark::certain : *mark});
      if (places.size() > places_behind_max) return places;
    }
    at += count;
  }
  return places;
}

}  // namespace sallyport::intake
