// SPDX-License-Identifier: Apache-2.0
// Writing DER (X.690): each function returns one whole value.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport::der {

Bytes join(std::initializer_list<Bytes> parts);
Bytes value(std::uint8_t tag, BytesView content);

Bytes sequence(std::initializer_list<Bytes> parts);
Bytes set_of(std::vector<Bytes> parts);                 // sorted, as DER wants it
Bytes context(unsigned int number, BytesView content);  // [number], constructed
Bytes oid(std::string_view content_hex);
Bytes number(std::uint8_t small);  // INTEGER below 128
Bytes null();
Bytes octets(BytesView content);
Bytes bits(BytesView content);  // BIT STRING without unused bits
Bytes utf8(std::string_view text);

}  // namespace sallyport::der
