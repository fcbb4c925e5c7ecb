// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_cache.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  // A key that no input was signed by: whatever is read, nothing is known.
  static const auto key = PublicKey::from_pem(R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
)");
  CHECK(key.ok());
  const EngineInfo engine{"clamd", "ClamAV 1.4.6", "27800", Instant::from_seconds(0).value()};
  CHECK(!intake::read_scans({data, size}, engine, key.value()).ok());
  return 0;
}
