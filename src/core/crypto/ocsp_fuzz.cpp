// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/ocsp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto response = OcspResponse::from_der(BytesView(data, size));
  if (!response.ok()) return 0;
  CHECK(OcspResponse::from_der(response.value().der()).ok());
  (void)response.value().responder();
  return 0;
}
