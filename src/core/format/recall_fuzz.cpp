// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/recall.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto recall = sallyport::parse_recall({data, size});
  if (recall.ok()) CHECK(sallyport::print_recall(recall.value()).size() == size);
  return 0;
}
