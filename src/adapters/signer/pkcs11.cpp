// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/pkcs11.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "adapters/signer/open.h"

namespace sallyport {
namespace {

constexpr std::size_t pin_size_max = 255;

Error no_pin(const char* expected, const char* found) {
  return Error(Code::token_unavailable, "PIN", expected, found);
}

Result<Secret> read_pin_file(std::string path) {
  if (path.starts_with("file:")) path.erase(0, 5);
  if (path.starts_with("//")) path.erase(0, 2);
  const auto content = TRY(read_secret(path, pin_size_max + 2));
  return Secret(content.text().substr(0, content.text().find_first_of("\r\n")));
}

Result<Secret> ask_pin() {
  if (::isatty(STDIN_FILENO) != 1)
    return no_pin("pin-source=file:PATH in the key URI, or a terminal to ask at", "neither");
  std::array<char, pin_size_max + 1> text{};
  const int answer =
      EVP_read_pw_string_min(text.data(), 1, static_cast<int>(text.size() - 1), "PIN of the token: ", 0);
  Secret pin{std::string(text.data())};
  OPENSSL_cleanse(text.data(), text.size());
  if (answer != 0) return no_pin("a PIN", "none");
  return pin;
}

Result<Secret> find_pin(const Pkcs11Uri& uri) {
  if (uri.pin_source.has_value() && uri.pin_value.has_value())
    return no_pin("one PIN", "pin-source and pin-value");
  auto pin = uri.pin_source.has_value()  ? TRY(read_pin_file(*uri.pin_source))
             : uri.pin_value.has_value() ? Secret(*uri.pin_value)
                                         : TRY(ask_pin());
  // Some tokens take an empty PIN for a protected path, or count it as a try.
  if (pin.text().empty()) return no_pin("a PIN", "an empty one");
  return pin;
}

std::optional<std::string> find_module(const Pkcs11Uri& uri) {
  if (uri.module_path.has_value()) return uri.module_path;
  const char* const named = ::secure_getenv("PKCS11_MODULE_PATH");
  if (named == nullptr || *named == '\0') return std::nullopt;
  return std::string(named);
}

}  // namespace

Result<std::unique_ptr<Signer>> pkcs11_signer(std::string_view uri) {
  const auto parsed = TRY(Pkcs11Uri::parse(uri));
  const auto pin = TRY(find_pin(parsed));
  const TokenKey key{parsed.object, find_module(parsed), pin};
  auto by_provider = TRY(open_by_provider(key));
  if (by_provider.has_value()) return std::move(*by_provider);
  return open_by_engine(key);
}

}  // namespace sallyport
