// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key_algorithm.h"

#include <charconv>
#include <optional>

#include "core/crypto/key_rules.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

constexpr std::string_view rsa = "RSA ";

// "RSA 3072" → 3072, in that one spelling.
std::optional<int> rsa_bits(std::string_view name) {
  if (!name.starts_with(rsa)) return std::nullopt;
  name.remove_prefix(rsa.size());
  int bits = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), bits);
  const bool whole = error == std::errc() && end == name.data() + name.size() && name.front() != '0';
  return whole && bits > 0 ? std::optional(bits) : std::nullopt;
}

}  // namespace

AlgorithmName algorithm_name(std::string_view name) {
  return rsa_bits(name) || is_algorithm_of_one_size(name) ? AlgorithmName::known : AlgorithmName::unknown;
}

Covered covered_by(std::string_view name, std::string_view algorithm) {
  const auto limit = rsa_bits(name);
  const auto bits = rsa_bits(algorithm);
  const bool covered = limit && bits ? *bits <= *limit : name == algorithm;
  return covered ? Covered::yes : Covered::no;
}

std::string algorithm_of(const Certificate& certificate) {
  const openssl::ErrorQueue queue;
  const auto x509 = openssl::to_x509(certificate);
  const auto known = PublicKey::from_spki(openssl::spki_of(x509.get()));
  if (known.ok()) return known.value().algorithm();
  const EVP_PKEY* const key = X509_get0_pubkey(x509.get());
  if (key == nullptr) return "unknown";
  const int kind = EVP_PKEY_get_base_id(key);
  if (kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS)
    return std::string(rsa) + std::to_string(EVP_PKEY_get_bits(key));
  const char* const name = EVP_PKEY_get0_type_name(key);
  return name == nullptr ? "unknown" : name;
}

}  // namespace sallyport
