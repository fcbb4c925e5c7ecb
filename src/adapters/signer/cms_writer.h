// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/signer/port.h"

namespace sallyport {

// A detached SignedData (RFC 5652) with one SignerInfo, over a raw signature by any signer. OpenSSL 3.0
// writes no Ed25519 into CMS and always adds a signing time, so the structure is written here; what comes out
// has been verified by core/crypto.
Result<Bytes> write_cms(Signer& signer, BytesView content, const std::vector<Certificate>& chain);

}  // namespace sallyport
