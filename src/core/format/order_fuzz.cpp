// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/order.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView input{data, size};
  const auto order = sallyport::parse_order(input);
  if (order.ok()) CHECK(sallyport::print_order(order.value()) == sallyport::as_text(input));
  return 0;
}
