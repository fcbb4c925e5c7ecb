// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/plain.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "core/base/check.h"
#include "core/format/lzma_alone.h"
#include "roles/operator/behind.h"
#include "roles/operator/forms.h"
#include "roles/operator/unopened.h"

namespace sallyport::intake {
namespace {

using namespace std::string_view_literals;

// Unpackers follow the sections of a program to it.
constexpr std::string_view seven_zip = "7z\xbc\xaf\x27\x1c"sv;

// Without the first bytes of a format where what follows is as good a mark, and longer: fewer contents have it by
// chance.
constexpr std::array marks = {
    "\x1f\x8b\x08"sv,  // gzip
    "1AY&SY"sv,        // bzip2, a block
    "\x17rE8P\x90"sv,  // bzip2, the end
    "\xfd"
    "7zXZ"sv,              // xz
    "\x28\xb5\x2f\xfd"sv,  // zstd
    "\x04\x22\x4d\x18"sv,  // lz4
    "\x02\x21\x4c\x18"sv,  // lz4, the older form
    "\x2a\x4d\x18"sv,      // zstd and lz4, a frame to be passed over
    "LZIP"sv,              //
    "PK\1\2"sv,            // ZIP
    "PK\3\4"sv,            //
    "PK\5\6"sv,            //
    "PK\6\6"sv,            //
    "PK\7\x08"sv,          //
    "ustar"sv,             // tar
    "07070"sv,             // cpio
    "!<arch>"sv,           // ar
    "\xed\xab\xee\xdb"sv,  // rpm
    seven_zip,             //
    "Rar!"sv,              //
    "MSCF"sv,              // cab
    "xar!"sv,              //
    "CD001"sv,             // ISO 9660
    "hsqs"sv,              // squashfs
};

// Those that count at the beginning only, where the shortest ones are.
constexpr std::array beginnings = {"PK"sv, "BZh"sv, "0707"sv, "\x1f\x9d"sv, "\xc7\x71"sv, "\x71\xc7"sv};

// Unpackers look for these behind the beginning of something else, not far from it, and for 7z anywhere; ISO 9660 has
// its own there.
constexpr std::array inside_marks = {"Rar!"sv, "MSCF"sv, "CD001"sv};
constexpr std::uint64_t inside_max = unpackers_look_max;
// And for this one not far from the end.
constexpr std::string_view zip_end = "PK\5\6"sv;
constexpr std::uint64_t zip_end_max = 128U << 10U;

constexpr std::size_t mark_size_max = 7;
constexpr std::size_t beginning_size = 64U << 10U;
constexpr std::size_t tar_head_size = 512;

std::size_t pair_of(std::uint8_t first, std::uint8_t second) {
  return static_cast<std::size_t>(first) << 8U | second;
}

using Pairs = std::bitset<65536>;

// The first two bytes of every mark: nearly no byte of a content gets beyond them.
const Pairs& pairs() {
  static const Pairs all = [] {
    Pairs some;
    for (const auto mark : marks) {
      CHECK(mark.size() > 2 && mark.size() <= mark_size_max);
      some.set(pair_of(as_bytes(mark)[0], as_bytes(mark)[1]));
    }
    return some;
  }();
  return all;
}

template <std::size_t n>
bool begins_with_one(std::string_view text, const std::array<std::string_view, n>& some) {
  return std::any_of(some.begin(), some.end(), [&](std::string_view one) { return text.starts_with(one); });
}

// A field of octal digits, by who stops behind the first number, and by who passes over what stands between digits.
struct Octal {
  std::int64_t first = 0;
  std::int64_t all = 0;
};

// Nothing where the field has another character.
std::optional<Octal> octal_in(BytesView field) {
  Octal value;
  bool begun = false;
  bool ended = false;
  for (const auto c : field) {
    const bool is_digit = c >= '0' && c <= '7';
    if (!is_digit && c != ' ' && c != 0) return {};
    ended = ended || c == 0 || (begun && !is_digit);
    if (!is_digit) continue;
    begun = true;
    value.all = value.all * 8 + (c - '0');
    if (!ended) value.first = value.first * 8 + (c - '0');
  }
  return value;
}

// The oldest form of tar has no mark: a sum of its first block, which some take of signed bytes, or a block of zeros.
bool may_be_tar(BytesView head) {
  constexpr std::size_t sum_at = 148;
  constexpr std::size_t sum_size = 8;
  head = head.first(std::min(head.size(), tar_head_size));
  if (std::all_of(head.begin(), head.end(), [](std::uint8_t c) { return c == 0; })) return true;
  if (head.size() < tar_head_size) return false;
  std::int64_t sum = 0;
  std::int64_t signed_sum = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto c = i >= sum_at && i < sum_at + sum_size ? std::uint8_t{' '} : head[i];
    sum += c;
    signed_sum += static_cast<std::int8_t>(c);
  }
  const auto said = octal_in(head.subspan(sum_at, sum_size));
  const auto is_said = [&](std::int64_t one) { return said && (said->first == one || said->all == one); };
  return is_said(sum) || is_said(signed_sum);
}

}  // namespace

void PlainCheck::note(std::uint64_t offset, std::string_view mark) {
  last_mark_ = std::max(last_mark_.value_or(0), offset);
  if (mark == seven_zip) first_inside_ = 0;
  if (begins_with_one(mark, inside_marks)) first_inside_ = std::min(first_inside_.value_or(offset), offset);
  if (mark == zip_end) last_end_ = std::max(last_end_.value_or(0), offset);
}

void PlainCheck::search(BytesView bytes, std::uint64_t offset) {
  const auto& known = pairs();
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (!known[pair_of(bytes[i], bytes[i + 1])]) continue;
    const auto text = as_text(bytes.subspan(i));
    for (const auto mark : marks) {
      if (text.starts_with(mark)) note(offset + i, mark);
    }
  }
}

void PlainCheck::update(BytesView part) {
  const auto wanted = std::min(part.size(), beginning_size - beginning_.size());
  beginning_.insert(beginning_.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(wanted));
  search(part, size_);
  // What begins in the parts before and ends in this one.
  const auto carried = carry_.size();
  const auto over = part.first(std::min(part.size(), mark_size_max - 1));
  carry_.insert(carry_.end(), over.begin(), over.end());
  search(carry_, size_ - carried);
  const auto last = part.last(over.size());
  if (last.size() == mark_size_max - 1) carry_.assign(last.begin(), last.end());
  if (carry_.size() > mark_size_max - 1)
    carry_.erase(carry_.begin(), carry_.end() - static_cast<std::ptrdiff_t>(mark_size_max - 1));
  size_ += part.size();
}

bool PlainCheck::is_plain() const {
  const auto text = as_text(beginning_);
  if (is_lzma_alone(beginning_)) return false;
  if (never_opened(BytesView(beginning_).first(std::min(beginning_.size(), form_head_size)))) return false;
  // Of frames that are passed over the first byte may be one of many.
  if (may_be_tar(beginning_) || begins_with_one(text, beginnings)) return false;
  if (begins_with_one(text, marks) || begins_with_one(text.substr(1), marks)) return false;
  if (first_inside_ && *first_inside_ < inside_max) return false;
  if (last_end_ && size_ - *last_end_ <= zip_end_max) return false;
  const auto from = searched_from(beginning_, size_);
  return !from || !last_mark_ || *last_mark_ < *from;
}

void PlainBook::met(const FileDigest& content) {
  const std::lock_guard lock(mutex_);
  if (known_.contains(content)) plain_.insert(content);
}

void PlainBook::saw(const FileDigest& content) {
  const std::lock_guard lock(mutex_);
  if (seen_.size() < contents_max) seen_.insert(content);
}

void PlainBook::opened_nothing_in(const FileDigest& content) {
  const std::lock_guard lock(mutex_);
  if (seen_.contains(content)) plain_.insert(content);
}

PlainBook::Contents PlainBook::plain() const {
  const std::lock_guard lock(mutex_);
  return plain_;
}

}  // namespace sallyport::intake
