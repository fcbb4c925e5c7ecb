// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.h"
#include "core/format/openpgp_status.h"

// Whoever is named as a signer has a fingerprint, and nothing was found to be bad.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = sallyport::as_text(sallyport::BytesView(data, size));
  const auto parsed = sallyport::parse_openpgp_status(text, sallyport::OpenPgpCovers::bytes);
  if (!parsed.ok()) return 0;
  CHECK(parsed.value().key.size() == 40 || parsed.value().key.size() == 64);
  CHECK(text.find("[GNUPG:] GOODSIG ") != std::string_view::npos);
  CHECK(text.find("\n[GNUPG:] BADSIG ") == std::string_view::npos);
  return 0;
}
