// SPDX-License-Identifier: Apache-2.0
// Arithmetic on sizes that come from outside. An overflow is a refusal, never a wrapped number.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>

namespace sallyport {

inline std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

inline std::optional<std::uint64_t> checked_mul(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

// [offset, offset + size) lies inside [0, limit).
inline bool inside(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) {
  const auto end = checked_add(offset, size);
  return end.has_value() && *end <= limit;
}

}  // namespace sallyport
