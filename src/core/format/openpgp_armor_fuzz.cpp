// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.h"
#include "core/format/openpgp_armor.h"

// What comes out is never larger than the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = sallyport::parse_openpgp_armor(sallyport::as_text(sallyport::BytesView(data, size)));
  CHECK(!parsed.ok() || parsed.value().size() < size);
  return 0;
}
