// SPDX-License-Identifier: Apache-2.0
// OpenSSL's view of a Certificate, for core/crypto and adapters/signer alone.
#pragma once

#include "core/crypto/certificate.h"
#include "core/crypto/openssl.h"

namespace sallyport::openssl {

// An object of its own: OpenSSL fills caches inside, so it is not shared between threads. Never null.
Certificate to_x509(const sallyport::Certificate& certificate);
// DER SubjectPublicKeyInfo.
Bytes spki_of(const X509* certificate);
// RFC 2253 text, printable.
std::string print_name(const X509_NAME* name);

}  // namespace sallyport::openssl
