// SPDX-License-Identifier: Apache-2.0
#include "adapters/callbacks/address.h"

#include <algorithm>
#include <array>

namespace sallyport {
namespace {

template <std::size_t size>
struct Net {
  std::array<std::uint8_t, size> prefix;
  unsigned bits;
};

constexpr std::array<Net<4>, 15> special_v4 = {{
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // shared by customers of a provider
    {{127, 0, 0, 0}, 8},      // this machine
    {{169, 254, 0, 0}, 16},   // link-local, with the metadata services of clouds
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // protocols
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 88, 99, 0}, 24},   // relays of 6to4
    {{192, 168, 0, 0}, 16},   // private
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, broadcast
}};

// Of IPv6 only what is assigned to be routed is for anybody: 2000::/3, but for these.
constexpr Net<16> routed_v6 = {{0x20}, 3};
constexpr std::array<Net<16>, 3> special_v6 = {{
    {{0x20, 0x01, 0x00}, 23},        // protocols, Teredo among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff, 0x00}, 20},        // documentation
}};
constexpr Net<16> mapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Net<16> translated = {{0x00, 0x64, 0xff, 0x9b}, 96};
constexpr Net<16> six_to_four = {{0x20, 0x02}, 16};

template <std::size_t size>
bool is_in(std::span<const std::uint8_t> address, const Net<size>& net) {
  const std::size_t whole = net.bits / 8;
  for (std::size_t i = 0; i < whole; ++i)
    if (address[i] != net.prefix.at(i)) return false;
  const unsigned rest = net.bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned>(0xff00U >> rest) & 0xffU;
  return (address[whole] & mask) == (net.prefix.at(whole) & mask);
}

template <class Nets>
bool is_in_one(std::span<const std::uint8_t> address, const Nets& nets) {
  return std::any_of(nets.begin(), nets.end(), [&](const auto& net) { return is_in(address, net); });
}

}  // namespace

Reach reach_of(std::span<const std::uint8_t> address) {
  if (address.size() == 4) return is_in_one(address, special_v4) ? Reach::special : Reach::anybody;
  if (address.size() != 16) return Reach::special;
  if (is_in(address, mapped) || is_in(address, translated)) return reach_of(address.subspan(12));
  if (is_in(address, six_to_four)) return reach_of(address.subspan(2, 4));
  if (!is_in(address, routed_v6) || is_in_one(address, special_v6)) return Reach::special;
  return Reach::anybody;
}

}  // namespace sallyport
