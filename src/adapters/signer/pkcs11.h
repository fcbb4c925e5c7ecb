// SPDX-License-Identifier: Apache-2.0
// Two ways to a PKCS#11 token. The provider (pkcs11-provider) is the one with a future, and Debian 12 does
// not have it; the engine (libengine-pkcs11-openssl) is there, behind an API that OpenSSL has deprecated.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/signer/pkcs11_uri.h"
#include "adapters/signer/port.h"
#include "adapters/signer/secret.h"

namespace sallyport {

Result<std::unique_ptr<Signer>> pkcs11_signer(std::string_view uri);

struct TokenKey {
  std::string uri;  // without PIN
  std::optional<std::string> module_path;
  const Secret& pin;
};

// Empty where the provider is not installed.
Result<std::optional<std::unique_ptr<Signer>>> open_by_provider(const TokenKey& key);
Result<std::unique_ptr<Signer>> open_by_engine(const TokenKey& key);

}  // namespace sallyport
