// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/der.h"

#include <algorithm>

namespace sallyport {
namespace {

constexpr std::uint8_t constructed_bit = 0x20;
constexpr std::uint8_t class_bits = 0xc0;
constexpr std::uint8_t long_tag = 0x1f;
constexpr int depth_max = 32;

Error not_der(Code code, const char* found) {
  return Error(code, "DER", "strict DER", found);
}

bool is_good_integer(BytesView content) {
  if (content.empty()) return false;
  if (content.size() == 1) return true;
  const bool negative = (content[1] & 0x80U) != 0;
  return content[0] != (negative ? 0xffU : 0x00U);  // the first byte must say something
}

bool is_good_bit_string(BytesView content) {
  if (content.empty() || content[0] > 7 || (content.size() == 1 && content[0] != 0)) return false;
  return (content.back() & ((1U << content[0]) - 1U)) == 0 || content.size() == 1;
}

bool is_good_object_identifier(BytesView content) {
  if (content.empty() || (content.back() & 0x80U) != 0) return false;
  bool start = true;
  for (const auto byte : content) {
    if (start && byte == 0x80U) return false;
    start = (byte & 0x80U) == 0;
  }
  return true;
}

bool is_good_primitive(std::uint8_t tag, BytesView content) {
  switch (tag) {
    case 0x00:
    case 0x10:
    case 0x11:
      return false;
    case 0x01:
      return content.size() == 1 && (content[0] == 0x00 || content[0] == 0xff);
    case der::integer:
      return is_good_integer(content);
    case 0x03:
      return is_good_bit_string(content);
    case 0x05:
      return content.empty();
    case der::object_identifier:
      return is_good_object_identifier(content);
    default:
      return true;
  }
}

// NOLINTNEXTLINE(misc-no-recursion): ends at depth_max
Result<void> check_values(BytesView bytes, Code code, int depth) {
  if (depth > depth_max) return not_der(code, "more than 32 levels");
  DerReader reader(bytes, code);
  while (!reader.at_end()) {
    const auto value = TRY(reader.next());
    if ((value.tag & constructed_bit) == 0) {
      if (!is_good_primitive(value.tag, value.content))
        return not_der(code, "a primitive value of another spelling");
      continue;
    }
    const bool universal = (value.tag & class_bits) == 0;
    if (universal && value.tag != der::sequence && value.tag != der::set)
      return not_der(code, "a string in parts");
    TRY(check_values(value.content, code, depth + 1));
  }
  return {};
}

}  // namespace

Result<DerValue> DerReader::next() {
  if (rest_.size() < 2) return not_der(code_, "an end too early");
  const std::uint8_t tag = rest_[0];
  if ((tag & long_tag) == long_tag) return not_der(code_, "a tag of several bytes");
  std::size_t size = rest_[1];
  std::size_t header = 2;
  if (size >= 0x80) {
    const std::size_t count = size - 0x80;
    if (count == 0 || count > 4 || rest_.size() < 2 + count)
      return not_der(code_, "an indefinite or too long length");
    size = 0;
    for (std::size_t i = 0; i < count; ++i) size = size << 8U | rest_[2 + i];
    if (size < 0x80 || rest_[2] == 0) return not_der(code_, "a length that is not the shortest");
    header += count;
  }
  if (size > rest_.size() - header) return not_der(code_, "an end too early");
  const DerValue value{tag, rest_.subspan(header, size), rest_.first(header + size)};
  rest_ = rest_.subspan(header + size);
  return value;
}

Result<DerValue> DerReader::next(std::uint8_t tag) {
  const auto value = TRY(next());
  if (value.tag != tag) return not_der(code_, "a value of another type");
  return value;
}

Result<void> DerReader::end() const {
  if (!at_end()) return not_der(code_, "bytes after the end");
  return {};
}

Result<void> check_der(BytesView bytes, Code code) {
  DerReader reader(bytes, code);
  TRY(reader.next());
  TRY(reader.end());
  return check_values(bytes, code, 0);
}

}  // namespace sallyport
