// SPDX-License-Identifier: Apache-2.0
#include "core/format/pack.h"

// The first two bytes are the size that is asked for, the rest is the frame.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static sallyport::FrameDecoder decoder;
  sallyport::Bytes content(data[0] + 256U * data[1]);
  const auto decoded = decoder.decode({data + 2, size - 2}, content);
  CHECK(decoded.ok() || decoded.error().code == sallyport::Code::content_malformed);
  return 0;
}
