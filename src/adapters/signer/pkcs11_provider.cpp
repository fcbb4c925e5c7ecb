// SPDX-License-Identifier: Apache-2.0
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>

#include "adapters/signer/evp_signer.h"
#include "adapters/signer/pkcs11.h"

namespace sallyport {
namespace {

using Store = openssl::Owned<OSSL_STORE_CTX, OSSL_STORE_close>;
using StoreInfo = openssl::Owned<OSSL_STORE_INFO, OSSL_STORE_INFO_free>;
using UiMethod = openssl::Owned<UI_METHOD, UI_destroy_method>;

bool load_provider(OSSL_LIB_CTX* library, const std::string& module_path) {
#if OPENSSL_VERSION_NUMBER >= 0x30200000L
  std::string name = "pkcs11-module-path";
  std::string path = module_path;
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(name.c_str(), path.data(), 0),
                             OSSL_PARAM_construct_end()};
  if (module_path.empty()) return OSSL_PROVIDER_load(library, "pkcs11") != nullptr;
  return OSSL_PROVIDER_load_ex(library, "pkcs11", parameters) != nullptr;
#else
  if (!module_path.empty()) ::setenv("PKCS11_PROVIDER_MODULE", module_path.c_str(), 1);
  return OSSL_PROVIDER_load(library, "pkcs11") != nullptr;
#endif
}

// One context for each module, for the life of the process: a provider that is unloaded at exit finalises a
// module whose own destructors may have run already, and SoftHSM does not survive that. Null where there is
// no provider.
OSSL_LIB_CTX* library_for(const std::string& module_path) {
  static std::mutex mutex;
  static auto* const libraries = new std::map<std::string, OSSL_LIB_CTX*>;
  const std::scoped_lock lock(mutex);
  const auto known = libraries->find(module_path);
  if (known != libraries->end()) return known->second;
  OSSL_LIB_CTX* library = OSSL_LIB_CTX_new();
  if (library != nullptr &&
      (OSSL_PROVIDER_load(library, "default") == nullptr || !load_provider(library, module_path))) {
    OSSL_LIB_CTX_free(library);
    library = nullptr;
  }
  return libraries->emplace(module_path, library).first->second;
}

int give_pin(char* into, int size, int /*writing*/, void* data) {
  const auto& pin = static_cast<const Secret*>(data)->text();
  if (size < 0 || pin.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(pin.begin(), pin.end(), into);
  return static_cast<int>(pin.size());
}

Result<openssl::Key> load_key(OSSL_LIB_CTX* library, const TokenKey& key) {
  const Error unavailable(Code::token_unavailable, key.uri, "a private key on a token, and its PIN", "none");
  const UiMethod ui(UI_UTIL_wrap_read_pem_callback(give_pin, 0));
  Secret pin{std::string(key.pin.text())};
  const Store store(
      OSSL_STORE_open_ex(key.uri.c_str(), library, nullptr, ui.get(), &pin, nullptr, nullptr, nullptr));
  if (ui == nullptr || store == nullptr) return unavailable;
  openssl::Key found;
  while (OSSL_STORE_eof(store.get()) == 0) {
    const StoreInfo info(OSSL_STORE_load(store.get()));
    if (info == nullptr) break;
    if (OSSL_STORE_INFO_get_type(info.get()) != OSSL_STORE_INFO_PKEY) continue;
    if (found != nullptr) return Error(Code::key_unusable, key.uri, "one private key", "several");
    found.reset(OSSL_STORE_INFO_get1_PKEY(info.get()));
  }
  if (found == nullptr) return unavailable;
  return found;
}

}  // namespace

Result<std::optional<std::unique_ptr<Signer>>> open_by_provider(const TokenKey& key) {
  const openssl::ErrorQueue queue;
  OSSL_LIB_CTX* const library = library_for(key.module_path.value_or(""));
  if (library == nullptr) return std::optional<std::unique_ptr<Signer>>();
  auto loaded = TRY(load_key(library, key));
  return std::optional(TRY(evp_signer(std::move(loaded), library)));
}

}  // namespace sallyport
