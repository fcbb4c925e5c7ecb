// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/dsse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView input{data, size};
  const auto envelope = sallyport::parse_envelope(input);
  if (envelope.ok()) CHECK(sallyport::print_envelope(envelope.value()) == sallyport::as_text(input));
  return 0;
}
