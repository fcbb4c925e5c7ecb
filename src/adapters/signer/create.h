// SPDX-License-Identifier: Apache-2.0
// Making keys, and asking a CA to certify them.
#pragma once

#include <string>
#include <string_view>

#include "adapters/signer/port.h"

namespace sallyport {

enum class KeyKind : std::uint8_t { ed25519, p256, p384, rsa3072, ml_dsa_44, ml_dsa_65, ml_dsa_87 };

// Writes a new private key to a file that does not exist yet (file_exists): PEM, PKCS#8, mode 0600, synced.
// Fails with algorithm_unavailable where the library does not have the kind.
Result<PublicKey> create_key_file(const std::string& path, KeyKind kind);

// A certification request (PKCS#10, PEM) for the signer's key that asks for code signing.
// The names are plain text of 1 to 64 characters; the organisation may be empty (usage_error otherwise).
Result<std::string> certification_request(Signer& signer, std::string_view common_name,
                                          std::string_view organisation);

// A code-signing certificate that the key issues to itself: nobody's word but its own. For keys whose holder is known
// otherwise, and for showing that such a certificate is refused where it is not.
Result<Certificate> self_signed_certificate(Signer& signer, std::string_view common_name, Instant from,
                                            Instant until);

}  // namespace sallyport
