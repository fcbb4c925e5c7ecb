// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sallyport {

// A PKCS#11 URI (RFC 7512) taken apart. Attributes that the RFC does not know, and attributes given twice, are
// refused (key_unusable): what is not understood cannot name a key. It has to name the object or its id: the first
// key of a token is nobody's choice.
struct Pkcs11Uri {
  std::string
      object;  // "pkcs11:" and the path attributes, with type=private: what names the key, and no secret
  std::optional<std::string> module_path;
  std::optional<std::string> pin_source;
  std::optional<std::string> pin_value;

  static Result<Pkcs11Uri> parse(std::string_view uri);
};

}  // namespace sallyport
