// SPDX-License-Identifier: Apache-2.0
// Ownership of OpenSSL objects, and its error queue. For the sources of core/crypto and adapters/signer
// alone.
#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "core/base/bytes.h"
#include "core/base/library_fault.h"

namespace sallyport::openssl {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

template <class T, auto free_function>
using Owned = std::unique_ptr<T, Free<free_function>>;

using MdContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;
using EcdsaSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;
using Certificate = Owned<X509, X509_free>;

// Of functions that cannot fail unless the library is broken: whatever else than yes they answer.
inline void must(int answer, const char* function) {
  if (answer == 1) return;
  ERR_clear_error();
  library_fails(function);
}

// Whatever happens below leaves this thread's error queue empty: no later caller reads an old failure.
class ErrorQueue {
 public:
  ErrorQueue() { ERR_clear_error(); }
  ~ErrorQueue() { ERR_clear_error(); }
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;
};

// DER of an object by its i2d function; empty when OpenSSL cannot write it.
template <class T, class I2d>
Bytes to_der(T* object, I2d i2d) {
  unsigned char* raw = nullptr;
  const int size = i2d(object, &raw);
  if (size <= 0) return {};
  Bytes der(raw, raw + size);
  OPENSSL_free(raw);
  return der;
}

}  // namespace sallyport::openssl
