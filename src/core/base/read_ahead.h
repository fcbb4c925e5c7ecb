// SPDX-License-Identifier: Apache-2.0
// The bytes of a source in order, part by part: while one part is worked on, another thread may read the next.
#pragma once

#include <algorithm>
#include <array>

#include "core/base/bytes.h"

namespace sallyport {

class ReadAhead {
 public:
  static constexpr std::uint64_t part_size = 4ULL << 20U;

  // Reads the first part.
  static Result<ReadAhead> begin(const ByteSource& source) {
    ReadAhead parts(source);
    TRY(parts.read_next());
    parts.turn();
    return parts;
  }

  // Empty after the last one. Valid until the turn after the next.
  BytesView part() const { return {buffers_[current_].data(), sizes_[current_]}; }

  Result<void> read_next() {
    const auto next = 1 - current_;
    sizes_[next] = static_cast<std::size_t>(std::min(part_size, source_->size() - offset_));
    if (buffers_[next].size() < sizes_[next]) buffers_[next].resize(sizes_[next]);
    TRY(source_->read_at(offset_, {buffers_[next].data(), sizes_[next]}));
    offset_ += sizes_[next];
    return {};
  }
  // What was read becomes the part.
  void turn() { current_ = 1 - current_; }

 private:
  explicit ReadAhead(const ByteSource& source) : source_(&source) {}
  const ByteSource* source_;
  std::uint64_t offset_ = 0;
  std::array<Bytes, 2> buffers_{};
  std::array<std::size_t, 2> sizes_{};
  std::size_t current_ = 0;
};

}  // namespace sallyport
