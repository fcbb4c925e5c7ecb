// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "adapters/signer/port.h"

namespace sallyport {

// Opens the private key that a URI names:
//   file:PATH     PEM, PKCS#8. A file that its group or others can read or write is refused (key_unusable).
//   pkcs11:…      RFC 7512. The module is the URI's module-path, else PKCS11_MODULE_PATH, else the system's
//   proxy.
//                 The PIN is the URI's pin-source=file:… or pin-value, else it is asked for on the terminal.
//                 An empty PIN is never tried. No token, no such key or a wrong PIN: token_unavailable.
Result<std::unique_ptr<Signer>> open_signer(std::string_view uri);

}  // namespace sallyport
