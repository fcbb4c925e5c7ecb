// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/open.h"

#include "adapters/signer/file.h"
#include "adapters/signer/pkcs11.h"

namespace sallyport {

Result<std::unique_ptr<Signer>> open_signer(std::string_view uri) {
  constexpr std::string_view file_scheme = "file:";
  if (uri.starts_with("pkcs11:")) return pkcs11_signer(uri);
  if (!uri.starts_with(file_scheme) || uri.size() == file_scheme.size()) {
    return Error(Code::usage_error, "key URI", "file:PATH or pkcs11:…",
                 std::string(uri.substr(0, uri.find(':'))));
  }
  uri.remove_prefix(file_scheme.size());
  if (uri.starts_with("//")) uri.remove_prefix(2);
  if (uri.find('\0') != std::string_view::npos)
    return Error(Code::usage_error, "key URI", "a path", "a NUL in it");
  return file_signer(std::string(uri));
}

}  // namespace sallyport
