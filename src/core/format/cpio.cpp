// SPDX-License-Identifier: Apache-2.0
#include "core/format/cpio.h"

#include <array>
#include <optional>
#include <string>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view magic = "070701";
constexpr std::size_t digits = 8;
enum Field : std::size_t {
  field_mode = 1,
  field_links = 4,
  field_size = 6,
  field_name = 11,
  field_sum = 12,
  fields = 13
};

Error malformed(std::string expected, std::string_view found) {
  return {Code::archive_malformed, "cpio archive", std::move(expected), printable(found)};
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  for (const char c : text) {
    const bool decimal = c >= '0' && c <= '9';
    const bool small = c >= 'a' && c <= 'f';
    if (!decimal && !small && (c < 'A' || c > 'F')) return {};
    const char zero = decimal ? '0' : small ? 'a' : 'A';
    value = value << 4U | static_cast<std::uint32_t>(c - zero + (decimal ? 0 : 10));
  }
  return value;
}

}  // namespace

Result<CpioHeader> parse_cpio_header(BytesView header) {
  CHECK(header.size() == cpio_header_size);
  const auto text = as_text(header);
  if (!text.starts_with(magic)) return malformed("an entry of the form 070701", text.substr(0, magic.size()));
  std::array<std::uint32_t, fields> values{};
  for (std::size_t i = 0; i < fields; ++i) {
    const auto field = text.substr(magic.size() + i * digits, digits);
    const auto value = number(field);
    if (!value) return malformed("eight hexadecimal digits", field);
    values.at(i) = *value;
  }
  if (values[field_sum] != 0) return malformed("no check sum", std::to_string(values[field_sum]));
  if (values[field_name] == 0 || values[field_name] > cpio_name_size_max)
    return malformed("a name of at most 4098 bytes", std::to_string(values[field_name]));
  return CpioHeader{values[field_mode], values[field_links], values[field_size], values[field_name]};
}

std::uint64_t cpio_padding(std::uint64_t at) {
  return (4 - at % 4) % 4;
}

}  // namespace sallyport
