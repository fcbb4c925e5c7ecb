// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/signer/create.h"
#include "core/crypto/openssl.h"

namespace sallyport {

// A new private key from OpenSSL's random generator.
Result<openssl::Key> generate_key(KeyKind kind);

}  // namespace sallyport
