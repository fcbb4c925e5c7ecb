// SPDX-License-Identifier: Apache-2.0
// Reading DER (X.690) as one spelling: definite and shortest lengths, exact ends. It looks at the outline of
// a structure, where OpenSSL either is lenient or has no question for it; meaning is left to OpenSSL.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace sallyport {

namespace der {
constexpr std::uint8_t integer = 0x02;
constexpr std::uint8_t octet_string = 0x04;
constexpr std::uint8_t object_identifier = 0x06;
constexpr std::uint8_t sequence = 0x30;
constexpr std::uint8_t set = 0x31;
// A context-specific constructed tag: [number].
constexpr std::uint8_t context(unsigned int number) {
  return static_cast<std::uint8_t>(0xa0U | number);
}
}  // namespace der

struct DerValue {
  std::uint8_t tag;
  BytesView content;
  BytesView whole;
};

// Values one after the other. Every refusal carries the code given.
class DerReader {
 public:
  DerReader(BytesView bytes, Code code) : rest_(bytes), code_(code) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(std::uint8_t tag) const { return !rest_.empty() && rest_.front() == tag; }
  Result<DerValue> next();
  Result<DerValue> next(std::uint8_t tag);
  Result<void> end() const;

 private:
  BytesView rest_;
  Code code_;
};

// Exactly one value, and strict DER all the way down to the primitive ones; at most 32 deep.
Result<void> check_der(BytesView bytes, Code code);

}  // namespace sallyport
