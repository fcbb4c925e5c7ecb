// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/der_writer.h"

#include <algorithm>

namespace sallyport::der {

Bytes join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes value(std::uint8_t tag, BytesView content) {
  Bytes out{tag};
  const std::size_t size = content.size();
  CHECK(size <= 0xffffff);
  if (size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(size));
  } else {
    const int count = size > 0xffff ? 3 : size > 0xff ? 2 : 1;
    out.push_back(static_cast<std::uint8_t>(0x80 + count));
    for (int i = count - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(size >> (8 * i) & 0xffU));
  }
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

Bytes sequence(std::initializer_list<Bytes> parts) {
  return value(0x30, join(parts));
}

Bytes set_of(std::vector<Bytes> parts) {
  std::sort(parts.begin(), parts.end());
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return value(0x31, all);
}

Bytes context(unsigned int number, BytesView content) {
  return value(static_cast<std::uint8_t>(0xa0U | number), content);
}

Bytes oid(std::string_view content_hex) {
  const auto content = parse_hex(content_hex, 32);
  CHECK(content.ok());
  return value(0x06, content.value());
}

Bytes number(std::uint8_t small) {
  CHECK(small < 0x80);
  return value(0x02, Bytes{small});
}

Bytes null() {
  return value(0x05, {});
}
Bytes octets(BytesView content) {
  return value(0x04, content);
}

Bytes bits(BytesView content) {
  Bytes padded{0};
  padded.insert(padded.end(), content.begin(), content.end());
  return value(0x03, padded);
}

Bytes utf8(std::string_view text) {
  return value(0x0c, as_bytes(text));
}

}  // namespace sallyport::der
