// SPDX-License-Identifier: Apache-2.0
// Bytes, and where they come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sallyport {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

BytesView as_bytes(std::string_view text);
std::string_view as_text(BytesView bytes);
Bytes copy(BytesView bytes);

std::string hex(BytesView bytes);
// Lower case, even length, at most `size_max` bytes; everything else is refused.
Result<Bytes> parse_hex(std::string_view text, std::size_t size_max);

std::string base64(BytesView bytes);
// Standard alphabet, padded, canonical: no white space and no stray bits in the tail.
Result<Bytes> parse_base64(std::string_view text, std::size_t size_max);

// A range of bytes of known size that somebody else holds (a file, a memory block). Reading is all or
// nothing: a range that is not wholly inside is a refusal (Code::truncated), a device error is a fault.
// The bytes may change between two reads: whoever decides on bytes digests those that it used.
// Calls may come from several threads at once.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  virtual Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const = 0;

  // Reads a range into memory of its own; refuses more than `size_max` bytes before it allocates.
  Result<Bytes> read(std::uint64_t offset, std::uint64_t size, std::uint64_t size_max) const;
};

// A view of memory as a source. The memory must outlive it.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(BytesView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override;

 private:
  BytesView bytes_;
};

}  // namespace sallyport
