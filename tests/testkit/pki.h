// SPDX-License-Identifier: Apache-2.0
// Test certificate authorities, and people and vendors with keys. Everything is genuine: what a test wants refused
// it has to make wrong by a named option.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/signer/port.h"
#include "core/crypto/openssl.h"

namespace sallyport::testkit {

// The time at which tests verify, in the middle of the default validity of 2026.
Instant noon();

enum class KeyType : std::uint8_t { ed25519, p256, p384, p521, rsa2048, rsa3072, rsa3072_e3, rsa_pss };

// RSA keys are slow to make: one of each kind for each process. The others are new with every call.
openssl::Key make_key(KeyType kind);

// Extensions are written as in OpenSSL's configuration; an empty one is left out.
struct CertificateOptions {
  std::string common_name = "Release Key";
  std::string organisation = "Acme Networks";
  std::string basic_constraints = "critical,CA:FALSE";
  std::string key_usage = "critical,digitalSignature";
  std::string extended_key_usage = "codeSigning";
  std::vector<std::pair<int, std::string>> extensions;  // NID and value
  std::string not_before = "20260101000000Z";
  std::string not_after = "20261231235959Z";
  std::string digest = "SHA256";  // of the issuer's signature
  int serial = 0;                 // 0: a new one
};

// What an authority's own certificate says.
CertificateOptions authority_options(std::string common_name);

class Authority {
 public:
  static Authority root(const std::string& common_name, KeyType kind = KeyType::p256);
  static Authority root(const CertificateOptions& options, KeyType kind = KeyType::p256);
  Authority intermediate(const CertificateOptions& options, KeyType kind = KeyType::p256) const;

  Certificate issue(const PublicKey& key, const CertificateOptions& options) const;
  Certificate issue(EVP_PKEY* key, const CertificateOptions& options) const;
  const Certificate& certificate() const { return certificate_; }
  EVP_PKEY* key() const { return key_.get(); }

 private:
  Authority(std::shared_ptr<EVP_PKEY> key, Certificate certificate)
      : key_(std::move(key)), certificate_(std::move(certificate)) {}
  std::shared_ptr<EVP_PKEY> key_;
  Certificate certificate_;
};

// A certificate that its own key has signed.
Certificate self_signed(EVP_PKEY* key, const CertificateOptions& options);

// A key with its certificate: a vendor's release key.
struct Identity {
  std::shared_ptr<EVP_PKEY> key;
  Certificate certificate;
};
Identity make_identity(const Authority& authority, KeyType kind = KeyType::p256,
                       const CertificateOptions& options = {});

// A vendor with a CA of its own and one release key: what most tests need.
struct Vendor {
  Authority authority;
  Certificate certificate;
  std::shared_ptr<Signer> signer;

  Bytes sign(BytesView content) const { return signer->sign_cms(content, {certificate}).value(); }
};
Vendor make_vendor(const std::string& name);

// A person's or an intake's key.
std::shared_ptr<Signer> make_signer();

}  // namespace sallyport::testkit
