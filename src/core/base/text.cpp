// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace sallyport {
namespace {

struct Decoded {
  utf8proc_int32_t point;  // negative: not UTF-8
  std::size_t size;
};

Decoded decode(std::string_view text) {
  utf8proc_int32_t point = -1;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (size <= 0) return {-1, 1};
  return {point, static_cast<std::size_t>(size)};
}

// Control, format (bidi, zero width, soft hyphen), surrogate, private use, unassigned, line and paragraph
// separators.
bool plain(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

// Most text is nothing else, and needs no tables.
bool is_printable_ascii(char c) {
  return c >= 0x20 && c < 0x7f;
}

std::size_t printable_ascii_prefix(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_printable_ascii(text[size])) ++size;
  return size;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode(text);
    const std::string_view raw = text.substr(0, next.size);
    if (next.point >= 0 && plain(next.point)) {
      out += raw;
    } else {
      for (const char c : raw) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(next.size);
  }
  return out;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const auto simple = printable_ascii_prefix(text);
    out += text.substr(0, simple);
    text.remove_prefix(simple);
    if (text.empty()) break;
    const Decoded next = decode(text);
    if (next.point < 0) {
      out += "\xef\xbf\xbd";
    } else {
      out += text.substr(0, next.size);
    }
    text.remove_prefix(next.size);
  }
  return out;
}

std::u32string characters(std::string_view text) {
  constexpr char32_t no_character = 0x110000;
  std::u32string all;
  while (!text.empty()) {
    const Decoded next = decode(text);
    all += next.point >= 0 ? static_cast<char32_t>(next.point)
                           : no_character + static_cast<unsigned char>(text.front());
    text.remove_prefix(next.size);
  }
  return all;
}

bool is_plain_text(std::string_view text) {
  while (true) {
    text.remove_prefix(printable_ascii_prefix(text));
    if (text.empty()) break;
    const Decoded next = decode(text);
    if (next.point < 0 || !plain(next.point)) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

Result<std::string> folded(std::string_view name) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  const auto size = utf8proc_map(bytes, static_cast<utf8proc_ssize_t>(name.size()), &mapped, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) return Error(Code::path_invalid, "name", "UTF-8", printable(name.substr(0, 80)));
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
}

}  // namespace sallyport
