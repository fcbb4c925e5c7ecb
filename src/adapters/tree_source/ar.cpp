// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/ar.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/checked.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view magic = "!<arch>\n";
constexpr std::size_t header_size = 60;
constexpr std::size_t members_max = 16;

Error refused(std::string_view expected, std::string_view found) {
  return {Code::input_refused, "ar archive", std::string(expected), printable(found)};
}

std::string_view field(std::string_view header, std::size_t offset, std::size_t size) {
  auto text = header.substr(offset, size);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Result<std::uint64_t> size_of(std::string_view digits) {
  std::uint64_t size = 0;
  const auto* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, size);
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end)
    return refused("a member with a size", digits);
  return size;
}

// GNU puts a slash behind the name; long names of GNU ("/12") and BSD ("#1/12") are elsewhere, and not for .deb files.
Result<std::string> name_of(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
  if (!plain) return refused("a member with a plain name", text);
  return std::string(text);
}

Result<ArMember> read_member(const ByteSource& file, std::uint64_t at) {
  std::array<std::uint8_t, header_size> bytes{};
  TRY(file.read_at(at, bytes));
  const auto header = as_text(bytes);
  if (!header.ends_with("`\n")) return refused("the header of a member", header);
  auto name = TRY(name_of(field(header, 0, 16)));
  const auto size = TRY(size_of(field(header, 48, 10)));
  if (!inside(at + header_size, size, file.size()))
    return refused("a member inside of the file", name + ", " + std::to_string(size) + " bytes");
  return ArMember{std::move(name), at + header_size, size};
}

Result<void> check_padding(const ByteSource& file, std::uint64_t at) {
  std::array<std::uint8_t, 1> padding{};
  TRY(file.read_at(at, padding));
  if (padding[0] == '\n') return {};
  return refused("a line feed to pad with", as_text(padding));
}

}  // namespace

Result<std::vector<ArMember>> read_ar(const ByteSource& file) {
  std::array<std::uint8_t, magic.size()> begin{};
  if (file.size() < begin.size()) return refused("an ar archive", "less");
  TRY(file.read_at(0, begin));
  if (as_text(begin) != magic) return refused("an ar archive", as_text(begin));
  std::vector<ArMember> members;
  for (std::uint64_t at = magic.size(); at < file.size();) {
    if (members.size() == members_max) return refused("few members", "more");
    if (file.size() - at < header_size) return refused("no bytes behind the last member", "some");
    auto member = TRY(read_member(file, at));
    at = member.offset + member.size;
    if (member.size % 2 == 1 && at < file.size()) TRY(check_padding(file, at++));
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace sallyport
