// SPDX-License-Identifier: Apache-2.0
// X.509 certificates as values.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/crypto/key.h"

namespace sallyport {

constexpr std::size_t certificates_text_max = 1U << 20U;  // of a file of certificates (PEM)

// Refused with certificate_malformed unless it is X.509 in strict DER of at most 16 KiB.
class Certificate {
 public:
  // One PEM block "CERTIFICATE".
  static Result<Certificate> from_pem(std::string_view pem);
  // One or more, in order; at most 16.
  static Result<std::vector<Certificate>> chain_from_pem(std::string_view pem);
  static Result<Certificate> from_der(BytesView der);

  std::string subject() const;  // RFC 2253 text, printable
  std::string issuer() const;
  std::string serial() const;  // hexadecimal
  Instant not_before() const;
  Instant not_after() const;
  const KeyId& key_id() const;       // of its public key
  SignatureKind key_kind() const;    // what signatures by its key are
  Sha256Digest fingerprint() const;  // of the DER
  BytesView der() const;
  std::string pem() const;

 private:
  struct State;
  explicit Certificate(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace sallyport
