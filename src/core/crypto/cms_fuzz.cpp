// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "core/crypto/cms.h"

// The first byte chooses how the rest is read: a CMS in DER or PEM, a certificate in DER or PEM.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  const auto at = Instant::from_seconds(1781524800).value();
  switch (data[0] % 4) {
    case 0:
      CHECK(!verify_cms(rest, as_bytes("content"), {}, at).ok());
      (void)claimed_kind(rest);
      break;  // there is no anchor
    case 1: {
      const auto der = cms_from_pem(as_text(rest));
      if (der.ok()) CHECK(cms_from_pem(cms_to_pem(der.value())).value() == der.value());
      break;
    }
    case 2: {
      const auto certificate = Certificate::from_der(rest);
      if (!certificate.ok()) break;
      CHECK(Certificate::from_pem(certificate.value().pem()).ok());
      (void)verify_cms(rest, rest, {certificate.value()}, at);
      (void)(certificate.value().subject() + certificate.value().issuer() + certificate.value().serial());
      break;
    }
    default:
      (void)Certificate::chain_from_pem(as_text(rest));
  }
  return 0;
}
