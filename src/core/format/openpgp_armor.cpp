// SPDX-License-Identifier: Apache-2.0
#include "core/format/openpgp_armor.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace sallyport {
namespace {

constexpr std::string_view armor_end = "-----END PGP PUBLIC KEY BLOCK-----";
constexpr std::size_t line_size_max = 76;

// `found` is never a part of the text: it may hold the private key, too.
Error unusable(std::string_view expected, std::string_view found = "something else") {
  return {Code::usage_error, "OpenPGP key", std::string(expected), std::string(found)};
}

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// CRC-24 of the RFC: not for security, but a text that was cut is named as such.
std::array<std::uint8_t, 3> check_sum(BytesView bytes) {
  std::uint32_t crc = 0xb704ceU;
  for (const auto byte : bytes) {
    crc ^= static_cast<std::uint32_t>(byte) << 16U;
    for (int i = 0; i < 8; ++i) {
      crc <<= 1U;
      if ((crc & 0x1000000U) != 0) crc ^= 0x1864cfbU;
    }
  }
  return {static_cast<std::uint8_t>(crc >> 16U), static_cast<std::uint8_t>(crc >> 8U),
          static_cast<std::uint8_t>(crc)};
}

}  // namespace

Result<Bytes> parse_openpgp_armor(std::string_view text) {
  if (text.size() > openpgp_armor_size_max) return unusable("at most 4 MiB", "more");
  if (take_line(text) != openpgp_armor_begin) return unusable(openpgp_armor_begin, "another beginning");
  // Headers ("Comment: …") say nothing that is believed.
  for (auto line = take_line(text); !line.empty(); line = take_line(text)) {
    if (text.empty() || line.find(": ") == std::string_view::npos)
      return unusable("headers and an empty line");
  }
  std::string encoded;
  std::optional<std::string> sum;
  auto line = take_line(text);
  for (; line != armor_end && !sum; line = take_line(text)) {
    if (line.empty() || line.size() > line_size_max) return unusable("lines of at most 76 letters");
    if (line.front() == '=') {
      sum = std::string(line.substr(1));
    } else {
      encoded += line;
    }
  }
  if (line != armor_end) return unusable(armor_end);
  while (!text.empty()) {
    if (const auto more = take_line(text); !more.empty()) return unusable("nothing behind it", "more");
  }
  auto bytes = parse_base64(encoded, openpgp_armor_size_max);
  if (!bytes.ok()) return unusable("base64");
  const auto expected = check_sum(bytes.value());
  if (sum && *sum != base64(expected)) return unusable("the check sum " + base64(expected), "another");
  return bytes;
}

}  // namespace sallyport
