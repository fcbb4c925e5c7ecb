// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <string>

namespace sallyport {
namespace {

// "order_replayed" is "order-replayed" outside of the program.
template <std::size_t size>
struct KebabCase {
  std::array<char, size> text{};
  constexpr explicit KebabCase(const char (&name)[size]) {
    for (std::size_t i = 0; i < size; ++i) text[i] = name[i] == '_' ? '-' : name[i];
  }
  constexpr std::string_view view() const { return {text.data(), size - 1}; }
};

#define SALLYPORT_CODE(name, exit, meaning, next_step) constexpr KebabCase kebab_##name(#name);
#include "core/base/codes.def"
#undef SALLYPORT_CODE

constexpr CodeInfo table[] = {
#define SALLYPORT_CODE(name, exit, meaning, next_step) \
  {Code::name, kebab_##name.view(), Exit::exit, meaning, next_step},
#include "core/base/codes.def"
#undef SALLYPORT_CODE
};

}  // namespace

std::string echoed(std::string text) {
  if (text.size() <= echo_size_max) return text;
  const auto whole = text.size();
  std::size_t end = echo_size_max;
  const auto continues = [&] { return (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U; };
  while (end > echo_size_max - 4 && continues()) --end;  // not within a character
  text.resize(end);
  return text + "… (" + std::to_string(whole) + " bytes)";
}

std::span<const CodeInfo> all_codes() {
  return table;
}
const CodeInfo& info(Code code) {
  return table[static_cast<std::size_t>(code)];
}
std::string_view name(Code code) {
  return info(code).name;
}
Exit exit_of(Code code) {
  return info(code).exit;
}

Kind kind_of(Code code) {
  switch (exit_of(code)) {
    case Exit::integrity:
    case Exit::policy:
    case Exit::not_allowed:
    case Exit::conflict:
    case Exit::unhealthy:
    case Exit::difference:
      return Kind::refused;
    case Exit::ok:
    case Exit::fault:
    case Exit::usage:
    case Exit::unreachable:
      return Kind::fault;
  }
  return Kind::fault;
}

std::optional<Code> find_code(std::string_view name) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const CodeInfo& entry) { return entry.name == name; });
  if (found == std::end(table)) return std::nullopt;
  return found->code;
}

}  // namespace sallyport
