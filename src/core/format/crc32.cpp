// SPDX-License-Identifier: Apache-2.0
// CRC-32 (ISO 3309), polynomial 0x04c11db7, bits reflected. It protects nobody from anything: it is checked
// so that no other program reads an archive differently than we do, and it must not slow down the digests
// beside it.
#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "core/format/zip.h"

namespace sallyport {
namespace {

constexpr std::size_t slices = 16;
using Tables = std::array<std::array<std::uint32_t, 256>, slices>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? value >> 1U ^ 0xedb88320U : value >> 1U;
    tables[0][i] = value;
  }
  for (std::size_t k = 1; k < slices; ++k) {
    for (std::size_t i = 0; i < 256; ++i) {
      tables[k][i] = tables[k - 1][i] >> 8U ^ tables[0][tables[k - 1][i] & 255U];
    }
  }
  return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t by_tables(std::uint32_t state, BytesView bytes) {
  while (bytes.size() >= slices) {
    std::array<std::uint8_t, slices> block{};
    std::memcpy(block.data(), bytes.data(), slices);
    for (std::size_t i = 0; i < 4; ++i) block[i] ^= static_cast<std::uint8_t>(state >> (8 * i));
    state = 0;
    for (std::size_t i = 0; i < slices; ++i) state ^= tables[slices - 1 - i][block[i]];
    bytes = bytes.subspan(slices);
  }
  for (const auto byte : bytes) state = state >> 8U ^ tables[0][(state ^ byte) & 255U];
  return state;
}

#if defined(__x86_64__)

// x^(bits) modulo the polynomial, reflected, shifted for the carry-less product of reflected operands.
constexpr std::int64_t fold_constant(int bits) {
  std::uint32_t value = 0x80000000U;  // x^0
  for (int i = 0; i < bits; ++i) value = (value & 1U) != 0 ? value >> 1U ^ 0xedb88320U : value >> 1U;
  return static_cast<std::int64_t>(value) << 1U;
}

// Moves 16 bytes of state over as many bits as the constants say and takes in 16 new bytes.
__attribute__((target("pclmul,sse4.1"))) __m128i fold(__m128i state, __m128i constants, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(state, constants, 0x00);
  const __m128i high = _mm_clmulepi64_si128(state, constants, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// Folding by carry-less multiplication (Gopal et al., Intel 2009): four lanes of 16 bytes, then one; the last
// 16 bytes of state have the same remainder as all bytes before, so that the tables finish the work.
__attribute__((target("pclmul,sse4.1"))) std::uint32_t by_folding(std::uint32_t state, BytesView bytes) {
  const auto load = [&](std::size_t at) __attribute__((target("pclmul,sse4.1"))) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at));
  };
  const __m128i by_64 = _mm_set_epi64x(fold_constant(512 - 32), fold_constant(512 + 32));
  const __m128i by_16 = _mm_set_epi64x(fold_constant(128 - 32), fold_constant(128 + 32));
  __m128i a = _mm_xor_si128(load(0), _mm_cvtsi32_si128(static_cast<int>(state)));
  __m128i b = load(16);
  __m128i c = load(32);
  __m128i d = load(48);
  std::size_t at = 64;
  for (; at + 64 <= bytes.size(); at += 64) {
    a = fold(a, by_64, load(at));
    b = fold(b, by_64, load(at + 16));
    c = fold(c, by_64, load(at + 32));
    d = fold(d, by_64, load(at + 48));
  }
  a = fold(fold(fold(a, by_16, b), by_16, c), by_16, d);
  for (; at + 16 <= bytes.size(); at += 16) a = fold(a, by_16, load(at));
  std::array<std::uint8_t, 16> left{};
  std::memcpy(left.data(), &a, left.size());
  return by_tables(by_tables(0, left), bytes.subspan(at));
}

bool can_fold() {
  static const bool can = __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
  return can;
}

#endif

}  // namespace

std::uint32_t crc32(std::uint32_t so_far, BytesView bytes) {
#if defined(__x86_64__)
  if (bytes.size() >= 64 && can_fold()) return ~by_folding(~so_far, bytes);
#endif
  return ~by_tables(~so_far, bytes);
}

}  // namespace sallyport
