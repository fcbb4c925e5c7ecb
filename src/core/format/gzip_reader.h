// SPDX-License-Identifier: Apache-2.0
// One gzip member (RFC 1952), with its check sum and size. Several members, which the RFC allows and tools read in
// several ways, are bytes behind the end here. docs/spec/wrap.md, *tar*.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "core/base/bytes.h"

namespace sallyport {

// Keeps 40 KiB. Not for several threads at once.
class GzipReader {
 public:
  GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;
  ~GzipReader();

  // The next bytes of the stream; none may be left of those before.
  void give(BytesView stored);
  // How many bytes came out into `room`; fewer than that has room for: wants more, or has ended. archive_malformed: no
  // gzip stream, or one whose check sum or size is not that of its content.
  Result<std::size_t> take(std::span<std::uint8_t> room);
  bool ended() const;
  std::size_t left()
      const;  // bytes that were given and not used: behind the end, or where the room was used up

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
