// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/tar_frames.h"

#include <algorithm>
#include <optional>

#include "core/base/checked.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::uint64_t long_name_size_max = 4096;           // with its NUL
constexpr std::uint64_t octal_size_max = (1ULL << 33U) - 1;  // what eleven digits hold

Error refused(std::string_view expected, std::string_view found) {
  return {Code::input_refused, "tar archive", std::string(expected), printable(found)};
}

// Octal digits, led by blanks, ended by NUL or blank or the end of the field.
std::optional<std::uint64_t> octal(BytesView field) {
  std::size_t i = 0;
  while (i < field.size() && field[i] == ' ') ++i;
  const std::size_t first = i;
  std::uint64_t value = 0;
  for (; i < field.size() && field[i] >= '0' && field[i] <= '7'; ++i) value = value * 8 + (field[i] - '0');
  const bool ended = std::all_of(field.begin() + static_cast<std::ptrdiff_t>(i), field.end(),
                                 [](std::uint8_t c) { return c == 0 || c == ' '; });
  if (i == first || !ended) return {};
  return value;
}

// GNU: a first byte of 0x80, then the number; only for what octal digits cannot say, so that there is one spelling.
std::optional<std::uint64_t> size_of(BytesView field) {
  if (field[0] != 0x80) return octal(field);
  std::uint64_t value = 0;
  for (std::size_t i = 1; i < field.size(); ++i) {
    if (value >> 55U != 0) return {};  // 2^63 is far beyond any disk
    value = value << 8U | field[i];
  }
  return value > octal_size_max ? std::optional(value) : std::nullopt;
}

Result<void> check_sum(BytesView block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) sum += i >= 148 && i < 156 ? std::uint8_t{' '} : block[i];
  if (octal(block.subspan(148, 8)) == sum) return {};
  return refused("a header with its check sum", "another sum");
}

Result<void> check_magic(BytesView block) {
  const auto magic = as_text(block.subspan(257, 8));
  if (magic == std::string_view("ustar\00000", 8) || magic == std::string_view("ustar  \0", 8)) return {};
  return refused("a ustar or GNU header", magic);
}

// GNU's fields for holes and for further volumes lie where ustar has its prefix and nothing: some readers heed them on
// entries of any type, others on none. Only the times are harmless.
Result<void> check_gnu_fields(BytesView block) {
  constexpr std::size_t begin =
      369;  // behind atime and ctime: offset, longnames, holes, isextended, realsize
  if (as_text(block.subspan(257, 8)) != std::string_view("ustar  \0", 8)) return {};
  const auto rest = block.subspan(begin);
  const bool empty = std::all_of(rest.begin(), rest.end(), [](std::uint8_t c) { return c == 0; });
  return empty ? Result<void>() : refused("a GNU header without holes", "fields of a file with holes");
}

unsigned long_name_kind(std::uint8_t type) {
  return type == 'L' ? 1U : type == 'K' ? 2U : 0U;
}

Result<void> check_entry(std::uint8_t type, std::uint64_t size) {
  const bool file = type == '0' || type == 0;
  const bool without_content = type >= '1' && type <= '6';
  if (!file && !without_content)
    return refused("files, folders and links alone", "type " + std::string(1, static_cast<char>(type)));
  if (without_content && size != 0) return refused("content in files alone", std::to_string(size) + " bytes");
  return {};
}

}  // namespace

Result<void> TarFrames::header() {
  const BytesView block(block_);
  const bool zeros = std::all_of(block.begin(), block.end(), [](std::uint8_t c) { return c == 0; });
  if (zeros && (long_names_ != 0 || described_)) return refused("an entry behind its long name", "the end");
  if (zeros) state_ = State::ended;
  if (zeros) return {};
  if (state_ == State::ended) return refused("nothing behind the end marker", "more");
  TRY(check_sum(block));
  TRY(check_magic(block));
  TRY(check_gnu_fields(block));
  const auto size = size_of(block.subspan(124, 12));
  const auto padded = size ? checked_add(*size, block_size - 1) : size;
  if (!padded) return refused("a size", "something else");
  const auto type = block[156];
  if (pax_ == Pax::known && (type == 'x' || type == 'g')) {
    TRY(extended_header(type, *size));
  } else if (const auto kind = long_name_kind(type); kind != 0) {
    if (*size == 0 || *size > long_name_size_max)
      return refused("a name of at most 4095 bytes", std::to_string(*size) + " bytes");
    if ((long_names_ & kind) != 0 || described_) return refused("one long name", "two");
    long_names_ |= kind;
  } else {
    TRY(check_entry(type, *size));
    long_names_ = 0;
    described_ = false;
  }
  skip_ = *padded / block_size * block_size;
  return {};
}

// One for an entry, right in front of it; neither it nor one for all between an entry and what describes it.
Result<void> TarFrames::extended_header(std::uint8_t type, std::uint64_t size) {
  if (long_names_ != 0 || described_) return refused("an entry behind what describes it", "another header");
  if (size == 0 || size > pax_size_max)
    return refused("an extended header of at most 64 KiB", std::to_string(size) + " bytes");
  extended_ = type == 'x' ? PaxScope::entry : PaxScope::archive;
  described_ = type == 'x';
  records_size_ = static_cast<std::size_t>(size);
  records_.clear();
  return {};
}

// Content, or the records of an extended header, with the padding behind them.
Result<void> TarFrames::skip(BytesView part) {
  skip_ -= part.size();
  if (!extended_) return {};
  records_ += as_text(part.first(std::min(part.size(), records_size_ - records_.size())));
  if (skip_ > 0) return {};
  const auto scope = *extended_;
  extended_.reset();
  return check_pax(records_, scope);
}

Result<void> TarFrames::feed(BytesView next) {
  while (!next.empty()) {
    if (skip_ > 0) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, next.size()));
      TRY(skip(next.first(part)));
      next = next.subspan(part);
      continue;
    }
    const auto part = std::min(block_size - filled_, next.size());
    std::copy_n(next.begin(), part, block_.begin() + static_cast<std::ptrdiff_t>(filled_));
    filled_ += part;
    next = next.subspan(part);
    if (filled_ < block_size) return {};
    filled_ = 0;
    TRY(header());
  }
  return {};
}

Result<void> TarFrames::finish() const {
  if (state_ == State::ended && filled_ == 0 && skip_ == 0) return {};
  return refused("an archive with its end", "one that was cut");
}

}  // namespace sallyport
