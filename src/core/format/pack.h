// SPDX-License-Identifier: Apache-2.0
// content.pack: the distinct contents of a release as independent zstd frames (RFC 8878).
// docs/spec/package.md.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/bytes.h"

namespace sallyport {

// Decodes exactly one frame into exactly `content`; refuses (content_malformed) several or skippable frames,
// a dictionary, a frame without content size, any other size and trailing bytes. One decoder for each thread.
class FrameDecoder {
 public:
  FrameDecoder();
  FrameDecoder(FrameDecoder&&) noexcept;
  FrameDecoder& operator=(FrameDecoder&&) noexcept;
  ~FrameDecoder();
  Result<void> decode(BytesView stored, std::span<std::uint8_t> content);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same content and level give the same bytes (for one version of libzstd). One encoder for each thread.
class FrameEncoder {
 public:
  explicit FrameEncoder(int level = 3);
  FrameEncoder(FrameEncoder&&) noexcept;
  FrameEncoder& operator=(FrameEncoder&&) noexcept;
  ~FrameEncoder();
  Result<Bytes> encode(BytesView content);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
