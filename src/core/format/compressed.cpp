// SPDX-License-Identifier: Apache-2.0
#include "core/format/compressed.h"

#include <algorithm>
#include <optional>

#include "core/base/checked.h"

namespace sallyport {
namespace {

constexpr std::string_view gzip_magic = "\x1f\x8b";
constexpr std::string_view xz_magic(
    "\xfd"
    "7zXZ\0",
    6);
constexpr std::string_view zstd_magic = "\x28\xb5\x2f\xfd";
constexpr std::uint64_t xz_header_size = 12;
constexpr std::uint64_t xz_index_size_max = 16ULL << 20U;  // of more than a million blocks
constexpr std::size_t window_size = 4096;

Error refused(std::string expected, std::string found) {
  return {Code::archive_malformed, "compressed stream", std::move(expected), std::move(found)};
}

std::uint64_t little_endian(BytesView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | bytes[i];
  return value;
}

// The number of bytes that a block takes up: its size without padding, and the padding to four.
std::optional<std::uint64_t> padded(std::uint64_t size) {
  const auto more = checked_add(size, 3);
  return more ? std::optional(*more / 4 * 4) : std::nullopt;
}

// xz: seven bits in each byte, the lowest first, and no more bytes than needed.
std::optional<std::uint64_t> take_number(BytesView& from) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 9 && i < from.size(); ++i) {
    const std::uint8_t byte = from[i];
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << (7 * i);
    if ((byte & 0x80U) != 0) continue;
    if (byte == 0 && i > 0) return {};
    from = from.subspan(i + 1);
    return value;
  }
  return {};
}

// How many bytes all blocks take up, by the index.
Result<std::uint64_t> blocks_of(BytesView index) {
  const auto broken = [] { return refused("an index of its blocks", "something else"); };
  auto rest = index.first(index.size() - 4);  // its check sum is for the decoder
  if (rest.empty() || rest[0] != 0) return broken();
  rest = rest.subspan(1);
  const auto count = take_number(rest);
  if (!count || *count > rest.size()) return broken();
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto stored = take_number(rest);
    const auto size = take_number(rest);
    const auto taken = stored && size ? padded(*stored) : std::nullopt;
    const auto sum = taken ? checked_add(total, *taken) : std::nullopt;
    if (!sum) return broken();
    total = *sum;
  }
  if (rest.size() > 3) return broken();
  return total;
}

// A few bytes at a time of a file that is looked at from its begin to its end.
class Window {
 public:
  Window(const ByteSource& file, std::uint64_t offset, std::uint64_t size)
      : file_(file), offset_(offset), size_(size) {}
  std::uint64_t left() const { return size_ - at_; }
  // None: there are fewer.
  Result<std::optional<std::uint64_t>> take(std::size_t count) {
    if (count > left()) return std::optional<std::uint64_t>();
    if (at_ < begin_ || at_ + count > begin_ + bytes_.size()) {
      begin_ = at_;
      bytes_ = TRY(file_.read(offset_ + at_, std::min<std::uint64_t>(window_size, left()), window_size));
    }
    const auto value =
        little_endian(BytesView(bytes_).subspan(static_cast<std::size_t>(at_ - begin_), count));
    at_ += count;
    return std::optional(value);
  }
  void skip(std::uint64_t count) { at_ += count; }

 private:
  const ByteSource& file_;
  std::uint64_t offset_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  std::uint64_t begin_ = 0;
  Bytes bytes_;
};

const char* const cut = "one that was cut";

// RFC 8878, 3.1.1.1: how long the header is behind its first byte, the descriptor.
std::uint64_t zstd_header_rest(std::uint64_t descriptor) {
  constexpr std::uint64_t dictionary_sizes[] = {0, 1, 2, 4};
  const bool single = (descriptor >> 5U & 1U) != 0;
  const auto size_flag = descriptor >> 6U;
  const std::uint64_t size_field = size_flag == 0 ? (single ? 1 : 0) : 1ULL << size_flag;
  return (single ? 0U : 1U) + dictionary_sizes[descriptor & 3U] + size_field;
}

}  // namespace

StreamKind stream_kind_of(BytesView begin) {
  const auto text = as_text(begin);
  if (text.starts_with(gzip_magic)) return StreamKind::gzip;
  if (text.starts_with(xz_magic)) return StreamKind::xz;
  if (text.starts_with(zstd_magic)) return StreamKind::zstd;
  return StreamKind::plain;
}

Result<void> check_xz_frame(const ByteSource& file, std::uint64_t offset, std::uint64_t size) {
  if (size < 2 * xz_header_size + 8) return refused("a whole xz stream", cut);
  const auto header = TRY(file.read(offset, xz_header_size, xz_header_size));
  const auto check = header[7];
  if (header[6] != 0 || (check != 1 && check != 4 && check != 10))
    return refused("an xz stream with CRC32, CRC64 or SHA-256", "kind " + std::to_string(check));
  const auto footer = TRY(file.read(offset + size - xz_header_size, xz_header_size, xz_header_size));
  const BytesView end(footer);
  if (as_text(end.subspan(10)) != "YZ") return refused("the end of an xz stream", "other bytes");
  const auto index_size = (little_endian(end.subspan(4, 4)) + 1) * 4;
  if (index_size < 8 || index_size > xz_index_size_max || index_size > size - 2 * xz_header_size)
    return refused("an index inside of the stream", std::to_string(index_size) + " bytes");
  const auto index =
      TRY(file.read(offset + size - xz_header_size - index_size, index_size, xz_index_size_max));
  const auto blocks = TRY(blocks_of(index));
  if (blocks == size - 2 * xz_header_size - index_size) return {};
  return refused("one xz stream", "more than what its index has");
}

Result<void> check_zstd_frame(const ByteSource& file, std::uint64_t offset, std::uint64_t size) {
  Window window(file, offset, size);
  const auto magic = TRY(window.take(4));
  const auto descriptor = TRY(window.take(1));
  if (!magic || !descriptor) return refused("a whole zstd frame", cut);
  const auto header = zstd_header_rest(*descriptor);
  if (header > window.left()) return refused("a whole zstd frame", cut);
  window.skip(header);
  for (bool last = false; !last;) {
    const auto block = TRY(window.take(3));
    if (!block) return refused("a whole zstd frame", cut);
    last = (*block & 1U) != 0;
    const auto kind = *block >> 1U & 3U;  // 1: one byte that is repeated
    if (kind == 3) return refused("blocks of zstd", "another kind");
    const auto stored = kind == 1 ? 1 : *block >> 3U;
    if (stored > window.left()) return refused("a whole zstd frame", cut);
    window.skip(stored);
  }
  const std::uint64_t sum = (*descriptor & 4U) != 0 ? 4 : 0;
  if (window.left() == sum) return {};
  return window.left() < sum ? refused("a whole zstd frame", cut)
                             : refused("one zstd frame", "bytes behind its end");
}

}  // namespace sallyport
