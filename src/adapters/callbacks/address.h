// SPDX-License-Identifier: Apache-2.0
// Network addresses that a stranger must not make a server ask: IANA's special-purpose registries (RFC 6890), with
// those that carry an IPv4 address inside judged by it.
#pragma once

#include <cstdint>
#include <span>

namespace sallyport {

enum class Reach : std::uint8_t { anybody, special };

// 4 or 16 bytes in the order of the network; of any other number it is `special`.
Reach reach_of(std::span<const std::uint8_t> address);

}  // namespace sallyport
