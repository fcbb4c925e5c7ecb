// SPDX-License-Identifier: Apache-2.0
// Entry bundles: the first byte says how many entries there are to be.
#include "core/tlog/tiles.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  if (size == 0) return 0;
  const BytesView bundle(data + 1, size - 1);
  const auto entries = tlog::parse_bundle(bundle, data[0]);
  if (!entries.ok()) return 0;
  Bytes again;
  for (const auto& entry : entries.value()) tlog::append_to_bundle(again, entry);
  CHECK(again == copy(bundle));
  return 0;
}
