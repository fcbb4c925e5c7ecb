// SPDX-License-Identifier: Apache-2.0
#include "core/base/bytes.h"

#include <algorithm>
#include <array>

#include "core/base/checked.h"

namespace sallyport {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<std::int8_t, 256> reverse(std::string_view digits) {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    table[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}

}  // namespace

BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes copy(BytesView bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string hex(BytesView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    text.push_back(hex_digits[byte >> 4U]);
    text.push_back(hex_digits[byte & 15U]);
  }
  return text;
}

Result<Bytes> parse_hex(std::string_view text, std::size_t size_max) {
  static const auto table = reverse(hex_digits);
  const auto refuse = [&] {
    return Error(Code::json_malformed, "hex text",
                 "pairs of the digits 0 to 9 and a to f, at most " + std::to_string(size_max),
                 echoed(std::string(text)));
  };
  if (text.size() % 2 != 0 || text.size() / 2 > size_max) return refuse();
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = table[static_cast<unsigned char>(text[i])];
    const int low = table[static_cast<unsigned char>(text[i + 1])];
    if (high < 0 || low < 0) return refuse();
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::string base64(BytesView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < count ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text.push_back(k <= count ? base64_digits[group >> (18 - 6 * k) & 63U] : '=');
    }
  }
  return text;
}

Result<Bytes> parse_base64(std::string_view text, std::size_t size_max) {
  static const auto table = reverse(base64_digits);
  const Error malformed(Code::json_malformed, "base64 text");
  if (text.size() % 4 != 0 || text.size() / 4 * 3 > size_max + 2) return malformed;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const int value = k < digits ? table[static_cast<unsigned char>(text[i + k])] : 0;
      if (value < 0) return malformed;
      group = group << 6U | static_cast<std::uint32_t>(value);
    }
    for (std::size_t k = 0; k + 1 < digits; ++k) {
      bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k) & 255U));
    }
  }
  if (bytes.size() > size_max || base64(bytes) != text) return malformed;
  return bytes;
}

Result<Bytes> ByteSource::read(std::uint64_t offset, std::uint64_t size_wanted,
                               std::uint64_t size_max) const {
  if (size_wanted > size_max || !inside(offset, size_wanted, size())) {
    return Error(Code::truncated, "range",
                 std::to_string(size_wanted) + " bytes at " + std::to_string(offset),
                 std::to_string(size()) + " bytes in all");
  }
  Bytes bytes(size_wanted);
  TRY(read_at(offset, bytes));
  return bytes;
}

Result<void> MemorySource::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (!inside(offset, into.size(), bytes_.size())) {
    return Error(Code::truncated, "range",
                 std::to_string(into.size()) + " bytes at " + std::to_string(offset),
                 std::to_string(bytes_.size()) + " bytes in all");
  }
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
  return {};
}

}  // namespace sallyport
