// SPDX-License-Identifier: Apache-2.0
// PEM (RFC 7468) in one spelling: base64 in lines of 64, canonical, no headers. Line ends may be LF or CRLF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

// Exactly one block of this label, nothing before or after it but line ends. Refuses with `code`.
Result<Bytes> parse_pem(std::string_view text, std::string_view label, std::size_t size_max, Code code);
// One to `count_max` such blocks one after the other.
Result<std::vector<Bytes>> parse_pem_blocks(std::string_view text, std::string_view label,
                                            std::size_t size_max, std::size_t count_max, Code code);
std::string print_pem(BytesView der, std::string_view label);

}  // namespace sallyport
