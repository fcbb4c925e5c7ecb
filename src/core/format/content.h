// SPDX-License-Identifier: Apache-2.0
// Reading the content of one object out of a content.pack that lies inside of a file.
#pragma once

#include <cstdint>
#include <functional>

#include "core/format/pack.h"
#include "core/format/tree.h"

namespace sallyport {

// One reader for each thread; buffers are kept from one object to the next.
class ContentReader {
 public:
  // Takes the parts of the content, in order, each valid during the call only.
  using Sink = std::function<Result<void>(BytesView part)>;

  // content.pack is [pack_offset, pack_offset + pack_size) of `file`, which must outlive the reader.
  ContentReader(const ByteSource& file, std::uint64_t pack_offset, std::uint64_t pack_size);

  // Decodes and digests. What the sink was given is the object's content only if this returns a value:
  //   content_malformed         a frame lies outside of the pack, or is not one frame of its size
  //   content_digest_mismatch   the content is not the one that the digest names
  Result<void> read(const ContentObject& object, const Sink& sink);

  // Decodes without digesting, for who digests what comes of it: content_malformed only.
  Result<void> copy(const ContentObject& object, const Sink& sink);

 private:
  Result<BytesView> decode(const Frame& frame);
  Result<std::uint64_t> pass(const ContentObject& object, const Sink& sink);  // how many bytes there were

  const ByteSource& file_;
  std::uint64_t pack_offset_;
  std::uint64_t pack_size_;
  FrameDecoder decoder_;
  Bytes stored_;
  Bytes content_;
};

}  // namespace sallyport
