// SPDX-License-Identifier: Apache-2.0
// What holds for every RSA key that is believed, whatever it has signed.
#pragma once

#include <string_view>

#include "core/crypto/openssl.h"

namespace sallyport {

// 3072 to 8192 bits, odd exponent of 65537 or more; else signature_algorithm_refused.
Result<void> check_rsa_key(const EVP_PKEY* key);

// Whether this is the whole name of a kind of key that is believed: "ECDSA P-256".
bool is_algorithm_of_one_size(std::string_view name);

}  // namespace sallyport
