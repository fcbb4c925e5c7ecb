// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/foreign_verdict.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView input{data, size};
  const auto verdict = sallyport::parse_foreign_verdict(input);
  if (verdict.ok()) CHECK(sallyport::print_foreign_verdict(verdict.value()) == sallyport::as_text(input));
  return 0;
}
