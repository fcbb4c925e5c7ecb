// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/ar.h"
#include "adapters/tree_source/tar_frames.h"
#include "core/base/check.h"

// The same answer whatever the sizes of the parts are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView bytes(data, size);
  sallyport::TarFrames whole;
  const bool accepted = whole.feed(bytes).ok() && whole.finish().ok();
  sallyport::TarFrames parts;
  bool accepted_in_parts = true;
  for (std::size_t at = 0; accepted_in_parts && at < size; at += 300) {
    accepted_in_parts = parts.feed(bytes.subspan(at, std::min<std::size_t>(300, size - at))).ok();
  }
  accepted_in_parts = accepted_in_parts && parts.finish().ok();
  CHECK(accepted == accepted_in_parts);
  static_cast<void>(sallyport::read_ar(sallyport::MemorySource(bytes)));
  return 0;
}
