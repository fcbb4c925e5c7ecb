// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/sha256_blocks_x86.h"

#include <array>
#include <utility>

#include "core/base/result.h"
#include "core/crypto/sha256_blocks.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define SALLYPORT_SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define SALLYPORT_SHA_INLINE __attribute__((target("sha,sse4.1,ssse3"), always_inline))

namespace sallyport {
namespace {

constexpr std::size_t chunk_size = 64;
constexpr std::size_t chunks = BlockHasher::block_size / chunk_size;

// FIPS 180-4, section 4.2.2.
alignas(16) constexpr std::array<std::uint32_t, 64> round_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// Section 5.3.3, in the order of the instructions: A B E F and C D G H, the first in the highest lane.
alignas(16) constexpr std::array<std::uint32_t, 8> initial{0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667,
                                                           0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372};

// What follows a message of 4096 bytes: a one bit, zeros, and its length in bits.
alignas(16) constexpr std::array<std::uint8_t, chunk_size> padding = [] {
  std::array<std::uint8_t, chunk_size> bytes{};
  bytes[0] = 0x80;
  bytes[chunk_size - 2] = (BlockHasher::block_size * 8) >> 8;
  return bytes;
}();

struct State {
  __m128i abef;
  __m128i cdgh;
};

// A message on its way through one chunk. Every index is a constant, so that all of it stays in registers.
struct Stream {
  State state;
  __m128i words[4];
};

SALLYPORT_SHA_INLINE inline __m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

SALLYPORT_SHA_INLINE inline Stream begin(const State& state, const std::uint8_t* data) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  return {state,
          {_mm_shuffle_epi8(load(data), big_endian), _mm_shuffle_epi8(load(data + 16), big_endian),
           _mm_shuffle_epi8(load(data + 32), big_endian), _mm_shuffle_epi8(load(data + 48), big_endian)}};
}

// Rounds 4R to 4R + 3, and the words of four rounds that come twelve later.
template <std::size_t R>
SALLYPORT_SHA_INLINE inline void four_rounds(Stream& s) {
  const __m128i sum = _mm_add_epi32(s.words[R % 4], load(round_constants.data() + 4 * R));
  s.state.cdgh = _mm_sha256rnds2_epu32(s.state.cdgh, s.state.abef, sum);
  s.state.abef = _mm_sha256rnds2_epu32(s.state.abef, s.state.cdgh, _mm_shuffle_epi32(sum, 0x0e));
  if constexpr (R < 12) {
    const __m128i middle = _mm_alignr_epi8(s.words[(R + 3) % 4], s.words[(R + 2) % 4], 4);
    const __m128i first = _mm_sha256msg1_epu32(s.words[R % 4], s.words[(R + 1) % 4]);
    s.words[R % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(first, middle), s.words[(R + 3) % 4]);
  }
}

template <class... Streams>
SALLYPORT_SHA_INLINE inline void all_rounds(std::index_sequence<>, Streams&...) {}

template <std::size_t R, std::size_t... Rest, class... Streams>
SALLYPORT_SHA_INLINE inline void all_rounds(std::index_sequence<R, Rest...>, Streams&... streams) {
  (four_rounds<R>(streams), ...);
  all_rounds(std::index_sequence<Rest...>(), streams...);
}

SALLYPORT_SHA_INLINE inline State add(const State& a, const State& b) {
  return {_mm_add_epi32(a.abef, b.abef), _mm_add_epi32(a.cdgh, b.cdgh)};
}

SALLYPORT_SHA_INLINE inline void store(const State& state, std::uint8_t* out) {
  alignas(16) std::array<std::uint32_t, 4> abef;
  alignas(16) std::array<std::uint32_t, 4> cdgh;
  _mm_store_si128(static_cast<__m128i*>(static_cast<void*>(abef.data())), state.abef);
  _mm_store_si128(static_cast<__m128i*>(static_cast<void*>(cdgh.data())), state.cdgh);
  const std::array<std::uint32_t, 8> words{abef[3], abef[2], cdgh[3], cdgh[2],
                                           abef[1], abef[0], cdgh[1], cdgh[0]};
  for (std::size_t i = 0; i < 32; ++i)
    out[i] = static_cast<std::uint8_t>(words[i / 4] >> (24 - 8 * (i % 4)) & 0xffU);
}

const std::uint8_t* chunk_of(const std::uint8_t* block, std::size_t chunk) {
  return chunk < chunks ? block + chunk * chunk_size : padding.data();
}

// The streams must be spelled out: an array of them would live in memory instead of registers.
SALLYPORT_SHA_TARGET void digest_one(const std::uint8_t* block, std::uint8_t* out) {
  State state{load(initial.data()), load(initial.data() + 4)};
  for (std::size_t chunk = 0; chunk <= chunks; ++chunk) {
    Stream stream = begin(state, chunk_of(block, chunk));
    all_rounds(std::make_index_sequence<16>(), stream);
    state = add(state, stream.state);
  }
  store(state, out);
}

SALLYPORT_SHA_TARGET void digest_two(const std::uint8_t* blocks, std::uint8_t* out) {
  State first{load(initial.data()), load(initial.data() + 4)};
  State second = first;
  for (std::size_t chunk = 0; chunk <= chunks; ++chunk) {
    Stream a = begin(first, chunk_of(blocks, chunk));
    Stream b = begin(second, chunk_of(blocks + BlockHasher::block_size, chunk));
    all_rounds(std::make_index_sequence<16>(), a, b);
    first = add(first, a.state);
    second = add(second, b.state);
  }
  store(first, out);
  store(second, out + BlockHasher::digest_size);
}

SALLYPORT_SHA_TARGET void digest_three(const std::uint8_t* blocks, std::uint8_t* out) {
  State first{load(initial.data()), load(initial.data() + 4)};
  State second = first;
  State third = first;
  for (std::size_t chunk = 0; chunk <= chunks; ++chunk) {
    Stream a = begin(first, chunk_of(blocks, chunk));
    Stream b = begin(second, chunk_of(blocks + BlockHasher::block_size, chunk));
    Stream c = begin(third, chunk_of(blocks + 2 * BlockHasher::block_size, chunk));
    all_rounds(std::make_index_sequence<16>(), a, b, c);
    first = add(first, a.state);
    second = add(second, b.state);
    third = add(third, c.state);
  }
  store(first, out);
  store(second, out + BlockHasher::digest_size);
  store(third, out + 2 * BlockHasher::digest_size);
}

bool ask_processor() {
  unsigned int a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSSE3) == 0 || (c & bit_SSE4_1) == 0) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

}  // namespace

bool has_sha_extensions() {
  static const bool has = ask_processor();
  return has;
}

void sha256_blocks_x86(const std::uint8_t* blocks, std::size_t count, std::uint8_t* out) {
  for (; count >= 3; count -= 3) {
    digest_three(blocks, out);
    blocks += 3 * BlockHasher::block_size;
    out += 3 * BlockHasher::digest_size;
  }
  if (count == 2) digest_two(blocks, out);
  if (count == 1) digest_one(blocks, out);
}

}  // namespace sallyport

#else

namespace sallyport {

bool has_sha_extensions() {
  return false;
}

void sha256_blocks_x86(const std::uint8_t* /*blocks*/, std::size_t /*count*/, std::uint8_t* /*out*/) {
  abort_because("no SHA extensions", __FILE__, __LINE__);
}

}  // namespace sallyport

#endif
