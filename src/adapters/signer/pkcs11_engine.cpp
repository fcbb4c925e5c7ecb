// SPDX-License-Identifier: Apache-2.0
// The engine API is deprecated, and on Debian 12 there is nothing else that reaches a token.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/ui.h>

#include <mutex>

#include "adapters/signer/evp_signer.h"
#include "adapters/signer/pkcs11.h"

namespace sallyport {
namespace {

bool command(ENGINE* engine, const char* name, const char* argument) {
  return ENGINE_ctrl_cmd_string(engine, name, argument, 0) == 1;
}

// The PIN has been given already: where the engine asks again, it was wrong.
UI_METHOD* never_ask() {
  static UI_METHOD* const method = UI_create_method("never ask");
  CHECK(method != nullptr);
  UI_method_set_reader(method, [](UI* /*ui*/, UI_STRING* /*question*/) { return 0; });
  return method;
}

ENGINE* load_engine() {
  ENGINE_load_dynamic();
  ENGINE* const engine = ENGINE_by_id("dynamic");
  const bool loaded = engine != nullptr && command(engine, "ID", "pkcs11") &&
                      command(engine, "DIR_LOAD", "2") &&
                      command(engine, "DIR_ADD", OPENSSL_info(OPENSSL_INFO_ENGINES_DIR)) &&
                      command(engine, "LIST_ADD", "0") && command(engine, "LOAD", nullptr) &&
                      command(engine, "QUIET", nullptr);
  if (loaded) return engine;
  ENGINE_free(engine);
  return nullptr;
}

// One engine for the life of the process: libp11 shares tables between its engines that the first one to go frees,
// and at exit the module may be gone before the engine. So a process uses one module, and a token that it has logged
// into stays open for it.
struct Shared {
  std::mutex mutex;
  ENGINE* engine = load_engine();
  std::optional<std::string> module_in_use;  // "" is the system's default
};

Shared& shared() {
  static auto* const kept = new Shared;
  return *kept;
}

Result<openssl::Key> load_key(Shared& state, const TokenKey& key) {
  const Error unavailable(Code::token_unavailable, key.uri, "a private key on a token, and its PIN", "none");
  const std::string module = key.module_path.value_or("");
  if (state.module_in_use.value_or(module) != module) {
    return Error(Code::token_unavailable, "PKCS#11 module", *state.module_in_use + " (in use already)",
                 module);
  }
  if (!module.empty() && !command(state.engine, "MODULE_PATH", module.c_str())) return unavailable;
  if (!command(state.engine, "PIN", key.pin.text().c_str()) || ENGINE_init(state.engine) != 1)
    return unavailable;
  openssl::Key loaded(ENGINE_load_private_key(state.engine, key.uri.c_str(), never_ask(), nullptr));
  if (loaded == nullptr) {
    ENGINE_finish(state.engine);
    return unavailable;
  }
  state.module_in_use = module;
  return loaded;
}

}  // namespace

Result<std::unique_ptr<Signer>> open_by_engine(const TokenKey& key) {
  const openssl::ErrorQueue queue;
  Shared& state = shared();
  const std::scoped_lock lock(state.mutex);
  if (state.engine == nullptr) {
    return Error(Code::not_supported, "PKCS#11", "pkcs11-provider or libengine-pkcs11-openssl", "neither");
  }
  return evp_signer(TRY(load_key(state, key)));
}

}  // namespace sallyport
