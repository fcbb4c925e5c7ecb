// SPDX-License-Identifier: Apache-2.0
// OpenPGP keys as text (RFC 9580, clause 6.2), for programs that take them in binary alone: one block, nothing around
// it but line ends. A check sum that is there is right; without one it is accepted, as the RFC has it. usage_error.
#pragma once

#include <string_view>

#include "core/base/bytes.h"

namespace sallyport {

constexpr std::size_t openpgp_armor_size_max = 4U << 20U;
constexpr std::string_view openpgp_armor_begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

Result<Bytes> parse_openpgp_armor(std::string_view text);

}  // namespace sallyport
