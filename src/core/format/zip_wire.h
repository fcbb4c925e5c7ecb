// SPDX-License-Identifier: Apache-2.0
// The bytes of ZIP (PKWARE APPNOTE 6.3.9, clauses 4.3 to 4.5) that our profile uses, shared by reader and
// writer.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/bytes.h"

namespace sallyport::zip {

constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint32_t central_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;

constexpr std::uint64_t local_size = 30;
constexpr std::uint64_t central_size = 46;
constexpr std::uint64_t end_size = 22;
constexpr std::uint64_t end64_size = 56;
constexpr std::uint64_t locator64_size = 20;

constexpr std::uint16_t max16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint32_t max32 = std::numeric_limits<std::uint32_t>::max();

constexpr std::uint16_t utf8_flag = 1U << 11U;
constexpr std::uint16_t zip64_extra_id = 1;
constexpr std::uint16_t version_plain = 20;
constexpr std::uint16_t version_zip64 = 45;
constexpr std::uint16_t host_fat = 0;
constexpr std::uint16_t host_unix = 3;

// What both headers of a member say.
struct Header {
  std::uint16_t version_needed;
  std::uint16_t flags;
  std::uint16_t time;
  std::uint16_t date;
  std::uint32_t crc32;
  std::uint64_t size;  // stored: both sizes
  std::string_view name;
};

// A field of 32 bits holds all ones when the value is in the ZIP64 extra field, and only then.
inline bool needs64(std::uint64_t value) {
  return value >= max32;
}
inline std::uint32_t field32(std::uint64_t value) {
  return needs64(value) ? max32 : static_cast<std::uint32_t>(value);
}

inline Error limit_exceeded(std::string where, std::uint64_t max, std::uint64_t found) {
  return Error(Code::zip_limit_exceeded, std::move(where), "at most " + std::to_string(max),
               std::to_string(found));
}

template <class Integer>
void put(Bytes& out, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Takes integers from the front of a view that the caller has checked to be long enough.
class Cursor {
 public:
  explicit Cursor(BytesView bytes) : bytes_(bytes) {}

  template <class Integer>
  Integer take() {
    const BytesView raw = take_bytes(sizeof(Integer));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) value |= static_cast<std::uint64_t>(raw[i]) << (8 * i);
    return static_cast<Integer>(value);
  }
  BytesView take_bytes(std::size_t size) {
    CHECK(size <= bytes_.size());
    const BytesView front = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return front;
  }
  std::size_t left() const { return bytes_.size(); }

 private:
  BytesView bytes_;
};

// The one local header that fits what the central directory says. The reader compares, the writer writes.
Bytes local_header(const Header& header);

}  // namespace sallyport::zip
