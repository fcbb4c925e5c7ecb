// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/cpio_stream.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view trailer = "TRAILER!!!";
constexpr std::uint64_t zeros_max = 511;  // some writers fill a block of a tape

Error malformed(std::string expected, std::string_view found) {
  return {Code::archive_malformed, "cpio archive", std::move(expected), printable(found.substr(0, 200))};
}

bool is_zero(std::uint8_t byte) {
  return byte == 0;
}

}  // namespace

Result<void> CpioStream::take(std::span<std::uint8_t> into) {
  while (!into.empty()) {
    if (rest_.empty()) rest_ = TRY(feed_());
    if (rest_.empty()) return malformed("an archive with its end", "one that was cut");
    const auto size = std::min(rest_.size(), into.size());
    std::copy_n(rest_.begin(), size, into.begin());
    rest_ = rest_.subspan(size);
    into = into.subspan(size);
    at_ += size;
  }
  return {};
}

Result<void> CpioStream::pass_over(std::uint64_t size) {
  std::array<std::uint8_t, 4096> room{};
  while (size > 0) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(size, room.size()));
    TRY(take(std::span(room).first(part)));
    size -= part;
  }
  return {};
}

Result<void> CpioStream::padding() {
  std::array<std::uint8_t, 3> room{};
  const auto zeros = std::span(room).first(static_cast<std::size_t>(cpio_padding(at_)));
  TRY(take(zeros));
  return std::all_of(zeros.begin(), zeros.end(), is_zero) ? Result<void>()
                                                          : malformed("zeros to pad with", hex(zeros));
}

Result<void> CpioStream::check_end() {
  std::uint64_t zeros = 0;
  do {
    zeros += rest_.size();
    if (zeros > zeros_max || !std::all_of(rest_.begin(), rest_.end(), is_zero))
      return malformed("nothing behind the trailer", "more");
    rest_ = TRY(feed_());
  } while (!rest_.empty());
  return {};
}

Result<std::optional<CpioStream::Entry>> CpioStream::next() {
  TRY(pass_over(content_));
  content_ = 0;
  TRY(padding());
  std::array<std::uint8_t, cpio_header_size> bytes{};
  TRY(take(bytes));
  const auto header = TRY(parse_cpio_header(bytes));
  Bytes room(header.name_size);
  TRY(take(room));
  TRY(padding());
  std::string name(as_text(room));
  if (name.find('\0') != name.size() - 1) return malformed("a name with one end", name);
  name.pop_back();
  if (name == trailer) {
    if (header.size != 0 || header.mode != 0) return malformed("a trailer without content", name);
    TRY(check_end());
    return std::optional<Entry>();
  }
  content_ = header.size;
  ++count_;
  return std::optional(Entry{std::move(name), header});
}

Result<void> CpioStream::read(std::span<std::uint8_t> into) {
  if (into.size() > content_)
    return malformed(std::to_string(into.size()) + " more bytes", std::to_string(content_));
  content_ -= into.size();
  return take(into);
}

}  // namespace sallyport
