// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/interop_key.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "core/crypto/openssl.h"

namespace sallyport {
namespace {

constexpr std::size_t pem_size_max = 8192;
constexpr int rsa_bits_min = 2048;
constexpr int rsa_bits_max = 8192;
constexpr unsigned int rsa_exponent_min = 65537;

constexpr std::string_view ed25519_prefix = "302a300506032b6570032100";
constexpr std::string_view p256_prefix = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
constexpr std::string_view p384_prefix = "3076301006072a8648ce3d020106052b81040022036200";

Error refused(std::string found) {
  return Error(Code::signature_algorithm_refused, "public key",
               "Ed25519, ECDSA P-256 or P-384, RSA of 2048 bits or more", std::move(found));
}

// The base64 between the two lines of a PEM block, whatever its line ends and lengths.
Result<Bytes> between(std::string_view pem, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  const auto first = pem.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || !pem.substr(first).starts_with(begin))
    return refused("no PEM block");
  const auto body = first + begin.size();
  const auto last = pem.find(end, body);
  if (last == std::string_view::npos ||
      pem.find_first_not_of(" \t\r\n", last + end.size()) != std::string_view::npos) {
    return refused("text behind the PEM block, or no end of it");
  }
  std::string digits;
  for (const char c : pem.substr(body, last - body))
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') digits += c;
  auto der = parse_base64(digits, pem_size_max);
  if (!der.ok()) return refused("PEM that is not base64");
  return der;
}

openssl::Number parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
  return openssl::Number(number);
}

Result<void> check_rsa(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  const auto exponent = parameter(key, OSSL_PKEY_PARAM_RSA_E);
  if (bits < rsa_bits_min || bits > rsa_bits_max) return refused("RSA of " + std::to_string(bits) + " bits");
  if (exponent == nullptr || BN_num_bits(exponent.get()) > 64 || BN_is_odd(exponent.get()) != 1 ||
      BN_get_word(exponent.get()) < rsa_exponent_min) {
    return refused("RSA with an exponent that is not accepted");
  }
  return {};
}

Result<KeyFamily> family_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return KeyFamily::ed25519;
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    TRY(check_rsa(key));
    return KeyFamily::rsa;
  }
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_is_a(key, "EC") != 1 || EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1)
    return refused("another kind of key");
  const std::string_view name(group.data(), size);
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr || EVP_PKEY_public_check(context.get()) != 1)
    return refused("a point that is not on its curve");
  if (name == "prime256v1") return KeyFamily::ecdsa_p256;
  if (name == "secp384r1") return KeyFamily::ecdsa_p384;
  return refused("another curve");
}

std::string fixed_hex(const BIGNUM* number, std::size_t size) {
  Bytes bytes(size);
  CHECK(BN_bn2binpad(number, bytes.data(), static_cast<int>(size)) >= 0);
  return hex(bytes);
}

// The one spelling of the key that its identity is taken from.
Result<Bytes> canonical_spki(KeyFamily family, EVP_PKEY* key) {
  if (family == KeyFamily::ed25519 || family == KeyFamily::rsa) return openssl::to_der(key, i2d_PUBKEY);
  const auto x = parameter(key, OSSL_PKEY_PARAM_EC_PUB_X);
  const auto y = parameter(key, OSSL_PKEY_PARAM_EC_PUB_Y);
  if (x == nullptr || y == nullptr) return refused("no point");
  const bool p256 = family == KeyFamily::ecdsa_p256;
  const std::size_t size = p256 ? 32 : 48;
  return parse_hex(std::string(p256 ? p256_prefix : p384_prefix) + "04" + fixed_hex(x.get(), size) +
                       fixed_hex(y.get(), size),
                   pem_size_max);
}

bool scheme_is_for(SignatureScheme scheme, KeyFamily family) {
  switch (scheme) {
    case SignatureScheme::ed25519:
      return family == KeyFamily::ed25519;
    case SignatureScheme::ecdsa_p256_sha256:
      return family == KeyFamily::ecdsa_p256;
    case SignatureScheme::ecdsa_p384_sha384:
      return family == KeyFamily::ecdsa_p384;
    case SignatureScheme::rsa_pss_sha256:
    case SignatureScheme::rsa_pkcs1_sha256:
      return family == KeyFamily::rsa;
  }
  return false;
}

const char* digest_name(SignatureScheme scheme) {
  if (scheme == SignatureScheme::ed25519) return nullptr;
  return scheme == SignatureScheme::ecdsa_p384_sha384 ? "SHA384" : "SHA256";
}

// Others sign with salts of different lengths; the length is read from the signature.
bool set_padding(EVP_PKEY_CTX* parameters, SignatureScheme scheme) {
  if (scheme == SignatureScheme::rsa_pkcs1_sha256)
    return EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(parameters, "SHA256", nullptr) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_AUTO) == 1;
}

}  // namespace

struct InteropKey::State {
  KeyFamily family;
  KeyId id;
  openssl::Key key;
};

Result<InteropKey> InteropKey::from_der(BytesView spki) {
  const openssl::ErrorQueue queue;
  const unsigned char* at = spki.data();
  openssl::Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  if (key == nullptr || at != spki.data() + spki.size()) return refused("not a public key");
  const auto family = TRY(family_of(key.get()));
  const auto canonical = TRY(canonical_spki(family, key.get()));
  const auto digest = sha256(canonical);
  std::array<std::uint8_t, KeyId::size> id{};
  std::copy_n(digest.bytes().begin(), id.size(), id.begin());
  return InteropKey(std::make_shared<const State>(State{family, KeyId(id), std::move(key)}));
}

Result<InteropKey> InteropKey::from_pem(std::string_view pem) {
  if (pem.size() > pem_size_max) return refused("a PEM block of " + std::to_string(pem.size()) + " bytes");
  if (pem.find("BEGIN RSA PUBLIC KEY") == std::string_view::npos)
    return from_der(TRY(between(pem, "PUBLIC KEY")));
  const auto pkcs1 = TRY(between(pem, "RSA PUBLIC KEY"));
  const openssl::ErrorQueue queue;
  const unsigned char* at = pkcs1.data();
  const openssl::Key key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(pkcs1.size())));
  if (key == nullptr || at != pkcs1.data() + pkcs1.size()) return refused("not an RSA key of PKCS #1");
  return from_der(openssl::to_der(key.get(), i2d_PUBKEY));
}

Result<InteropKey> InteropKey::from_ed25519(BytesView raw) {
  if (raw.size() != 32) return refused("an Ed25519 key of " + std::to_string(raw.size()) + " bytes");
  return from_der(TRY(parse_hex(std::string(ed25519_prefix) + hex(raw), pem_size_max)));
}

Result<InteropKey> InteropKey::from_point(BytesView sec1) {
  if ((sec1.size() != 65 && sec1.size() != 97) || sec1.front() != 4)
    return refused("not an uncompressed point");
  const auto prefix = sec1.size() == 65 ? p256_prefix : p384_prefix;
  return from_der(TRY(parse_hex(std::string(prefix) + hex(sec1), pem_size_max)));
}

InteropKey InteropKey::of(const PublicKey& key) {
  return from_der(key.spki()).value();
}

const KeyId& InteropKey::id() const {
  return state_->id;
}
KeyFamily InteropKey::family() const {
  return state_->family;
}

Fit InteropKey::check(SignatureScheme scheme, BytesView message, BytesView signature) const {
  if (!scheme_is_for(scheme, state_->family)) return Fit::does_not;
  const openssl::ErrorQueue queue;
  const openssl::MdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (context == nullptr || EVP_DigestVerifyInit_ex(context.get(), &parameters, digest_name(scheme), nullptr,
                                                    nullptr, state_->key.get(), nullptr) != 1) {
    return Fit::does_not;
  }
  if (state_->family == KeyFamily::rsa && !set_padding(parameters, scheme)) return Fit::does_not;
  const int answer =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size());
  return answer == 1 ? Fit::fits : Fit::does_not;
}

}  // namespace sallyport
