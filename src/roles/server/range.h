// SPDX-License-Identifier: Apache-2.0
// The header Range (RFC 9110 §14.2): one range of bytes. Several ranges, other units and what is no range are
// ignored, as the standard allows: the whole content is sent. And Content-Range (§14.4) of a PUT (§14.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace sallyport::server {

struct ByteRange {
  std::uint64_t offset;
  std::uint64_t size;  // at least 1, inside of the content
};
struct WholeContent {};
struct OutsideOfContent {};
using Ranged = std::variant<WholeContent, ByteRange, OutsideOfContent>;

Ranged parse_range(std::string_view header, std::uint64_t content_size);

// "bytes FIRST-LAST/TOTAL". Absent: it is none, or has no total; it must not be ignored.
struct ContentPart {
  std::uint64_t first;
  std::uint64_t size;  // at least 1, inside of the total
  std::uint64_t total;
};
std::optional<ContentPart> parse_content_range(std::string_view header);

}  // namespace sallyport::server
