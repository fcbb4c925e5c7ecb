// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "adapters/tree_source/ar.h"
#include "adapters/tree_source/tar_frames.h"
#include "core/base/check.h"

// The same answer whatever the sizes of the parts are.
static bool accepts(sallyport::Pax pax, sallyport::BytesView bytes, std::size_t step) {
  sallyport::TarFrames frames(pax);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    if (!frames.feed(bytes.subspan(at, std::min(step, bytes.size() - at))).ok()) return false;
  }
  return frames.finish().ok();
}

// What passes without extended headers passes with them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView bytes(data, size);
  for (const auto pax : {sallyport::Pax::refused, sallyport::Pax::known})
    CHECK(accepts(pax, bytes, size + 1) == accepts(pax, bytes, 300));
  CHECK(!accepts(sallyport::Pax::refused, bytes, 300) || accepts(sallyport::Pax::known, bytes, 300));
  static_cast<void>(sallyport::read_ar(sallyport::MemorySource(bytes)));
  return 0;
}
