// SPDX-License-Identifier: Apache-2.0
#include "roles/server/range.h"

#include <algorithm>
#include <charconv>

namespace sallyport::server {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

Ranged last_bytes(std::uint64_t count, std::uint64_t content_size) {
  if (count == 0 || content_size == 0) return OutsideOfContent{};
  const auto size = std::min(count, content_size);
  return ByteRange{content_size - size, size};
}

}  // namespace

Ranged parse_range(std::string_view header, std::uint64_t content_size) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return WholeContent{};
  const auto spec = header.substr(unit.size());
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return WholeContent{};
  const auto from = spec.substr(0, dash);
  const auto to = spec.substr(dash + 1);
  const auto last = number(to);
  if (from.empty()) return last ? last_bytes(*last, content_size) : Ranged(WholeContent{});
  const auto first = number(from);
  if (!first || (!to.empty() && !last) || (last && *last < *first)) return WholeContent{};
  if (*first >= content_size) return OutsideOfContent{};
  const auto end = last ? std::min(*last, content_size - 1) : content_size - 1;
  return ByteRange{*first, end - *first + 1};
}

std::optional<ContentPart> parse_content_range(std::string_view header) {
  constexpr std::string_view unit = "bytes ";
  if (!header.starts_with(unit)) return std::nullopt;
  const auto spec = header.substr(unit.size());
  const auto slash = spec.find('/');
  const auto dash = spec.find('-');
  if (slash == std::string_view::npos || dash == std::string_view::npos || dash > slash) return std::nullopt;
  const auto first = number(spec.substr(0, dash));
  const auto last = number(spec.substr(dash + 1, slash - dash - 1));
  const auto total = number(spec.substr(slash + 1));
  if (!first || !last || !total || *first > *last || *last >= *total) return std::nullopt;
  return ContentPart{*first, *last - *first + 1, *total};
}

}  // namespace sallyport::server
