// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "adapters/signer/port.h"
#include "core/crypto/openssl.h"

namespace sallyport {

// A signer over an OpenSSL private key, wherever OpenSSL keeps it. `library` is the OpenSSL context that the key
// belongs to and outlives the signer; null for the default one.
Result<std::unique_ptr<Signer>> evp_signer(openssl::Key key, OSSL_LIB_CTX* library = nullptr);

}  // namespace sallyport
