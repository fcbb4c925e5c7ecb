// SPDX-License-Identifier: Apache-2.0
#include "core/format/declarations.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto declared = sallyport::parse_declarations({data, size});
  return declared.ok() && declared.value().services.size() > 64 ? -1 : 0;
}
