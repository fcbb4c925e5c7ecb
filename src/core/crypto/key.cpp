// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "core/crypto/key_rules.h"
#include "core/crypto/ml_dsa.h"
#include "core/crypto/openssl.h"
#include "core/crypto/pem.h"

namespace sallyport {
namespace {

constexpr std::size_t spki_size_max = 4096;
constexpr int rsa_bits_min = 3072;
constexpr int rsa_bits_max = 8192;  // a larger one is a way to burn the verifier's time
constexpr unsigned int rsa_exponent_min = 65537;
constexpr int salt_size = 32;

struct Shape {
  KeyFamily family;
  std::string_view name;
  std::string_view prefix;  // everything of the SubjectPublicKeyInfo before the key itself, as hexadecimal
  std::size_t size;         // of the whole
};

// A fixed prefix leaves one encoding for a key: named curve, uncompressed point, no stray parameters.
constexpr std::array<Shape, 3> shapes{{
    {KeyFamily::ed25519, "Ed25519", "302a300506032b6570032100", 44},
    {KeyFamily::ecdsa_p256, "ECDSA P-256", "3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91},
    {KeyFamily::ecdsa_p384, "ECDSA P-384", "3076301006072a8648ce3d020106052b8104002203620004", 120},
}};
constexpr std::array<KeyFamily, ml_dsa.size()> ml_dsa_families{KeyFamily::ml_dsa_44, KeyFamily::ml_dsa_65,
                                                               KeyFamily::ml_dsa_87};
constexpr std::string_view rsa_oid = "300d06092a864886f70d0101010500";  // rsaEncryption, NULL

Error algorithm_refused(std::string found) {
  return Error(Code::signature_algorithm_refused, "public key",
               "Ed25519, ECDSA P-256 or P-384, RSA of 3072 bits or more, ML-DSA", std::move(found));
}

openssl::Number parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
  return openssl::Number(number);
}

// Points whose order divides 8: under such a key, signatures exist that fit every message.
bool is_small_order(BytesView point) {
  static constexpr std::array<std::string_view, 7> encodings{
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
  Bytes unsigned_point = copy(point);
  unsigned_point.back() &= 0x7fU;
  return std::find(encodings.begin(), encodings.end(), hex(unsigned_point)) != encodings.end();
}

Result<void> check_key(KeyFamily family, BytesView spki, EVP_PKEY* key) {
  if (family == KeyFamily::rsa) return check_rsa_key(key);
  if (family == KeyFamily::ed25519 && is_small_order(spki.last(32)))
    return algorithm_refused("an Ed25519 point of small order");
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr) return Error(Code::internal_error, "public key");
  if (family != KeyFamily::ed25519 && EVP_PKEY_public_check(context.get()) != 1) {
    return algorithm_refused("a point that is not on its curve");
  }
  return {};
}

}  // namespace

Result<void> check_rsa_key(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < rsa_bits_min || bits > rsa_bits_max)
    return algorithm_refused("RSA of " + std::to_string(bits) + " bits");
  const auto exponent = parameter(key, OSSL_PKEY_PARAM_RSA_E);
  if (exponent == nullptr) return Error(Code::internal_error, "RSA exponent");
  if (BN_num_bits(exponent.get()) > 64 || BN_is_odd(exponent.get()) != 1 ||
      BN_get_word(exponent.get()) < rsa_exponent_min) {
    return algorithm_refused("RSA with an exponent that is even, below 65537 or above 64 bits");
  }
  return {};
}

bool is_algorithm_of_one_size(std::string_view name) {
  const auto is_this = [&](const auto& one) { return one.name == name; };
  return std::any_of(shapes.begin(), shapes.end(), is_this) ||
         std::any_of(ml_dsa.begin(), ml_dsa.end(), is_this);
}

struct PublicKey::State {
  KeyFamily family;
  std::string algorithm;
  Bytes spki;
  KeyId id;
  openssl::Key key;            // null: the library does not have its algorithm
  openssl::Number order;       // ECDSA: of the group
  openssl::Number order_half;  // rounded down

  bool has_one_spelling(BytesView signature) const;
  Result<int> answer(BytesView message, BytesView signature) const;
};

namespace {

Result<std::pair<KeyFamily, std::string>> family_of(BytesView spki) {
  const std::string text = hex(spki);
  for (const auto& shape : shapes) {
    if (spki.size() == shape.size && text.starts_with(shape.prefix)) {
      return std::pair(shape.family, std::string(shape.name));
    }
  }
  if (const auto* const found = ml_dsa_of_spki(spki); found != nullptr) {
    return std::pair(ml_dsa_families.at(found->index), std::string(found->name));
  }
  // SEQUENCE (30 82 xx xx) of the algorithm and the key.
  if (text.starts_with("3082") && std::string_view(text).substr(8).starts_with(rsa_oid)) {
    return std::pair(KeyFamily::rsa, std::string("RSA"));
  }
  return algorithm_refused("another key, or another encoding of it");
}

// Whatever stands behind the prefix of an ML-DSA key is one, so that a library without the algorithm misses nothing.
Result<openssl::Key> decode(BytesView spki) {
  const auto* const post_quantum = ml_dsa_of_spki(spki);
  if (post_quantum != nullptr && !check_available(*post_quantum).ok()) return openssl::Key();
  const unsigned char* at = spki.data();
  openssl::Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  if (key == nullptr || at != spki.data() + spki.size() ||
      openssl::to_der(key.get(), i2d_PUBKEY) != copy(spki)) {
    return algorithm_refused("not canonical DER");
  }
  return key;
}

}  // namespace

Result<PublicKey> PublicKey::from_spki(BytesView der) {
  const openssl::ErrorQueue queue;
  if (der.empty() || der.size() > spki_size_max)
    return algorithm_refused(std::to_string(der.size()) + " bytes");
  auto [family, name] = TRY(family_of(der));
  auto key = TRY(decode(der));
  if (kind_of_spki(der) == SignatureKind::classical) TRY(check_key(family, der, key.get()));
  if (family == KeyFamily::rsa) name += ' ' + std::to_string(EVP_PKEY_get_bits(key.get()));
  openssl::Number order;
  openssl::Number half;
  if (family == KeyFamily::ecdsa_p256 || family == KeyFamily::ecdsa_p384) {
    order = parameter(key.get(), OSSL_PKEY_PARAM_EC_ORDER);
    half.reset(BN_new());
    if (order == nullptr || half == nullptr || BN_rshift1(half.get(), order.get()) != 1) {
      return Error(Code::internal_error, "order of the curve");
    }
  }
  const auto digest = sha256(der);
  std::array<std::uint8_t, KeyId::size> id{};
  std::copy_n(digest.bytes().begin(), id.size(), id.begin());
  return PublicKey(std::make_shared<const State>(State{family, std::move(name), copy(der), KeyId(id),
                                                       std::move(key), std::move(order), std::move(half)}));
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
  return from_spki(TRY(parse_pem(pem, "PUBLIC KEY", spki_size_max, Code::signature_algorithm_refused)));
}

const KeyId& PublicKey::id() const {
  return state_->id;
}
KeyFamily PublicKey::family() const {
  return state_->family;
}
SignatureKind PublicKey::kind() const {
  return kind_of_spki(state_->spki);
}
std::string PublicKey::algorithm() const {
  return state_->algorithm;
}
std::string PublicKey::pem() const {
  return print_pem(state_->spki, "PUBLIC KEY");
}
BytesView PublicKey::spki() const {
  return state_->spki;
}

// One signature has one spelling: exact length, and for ECDSA strict DER with 0 < r < n and 0 < s <= n/2.
bool PublicKey::State::has_one_spelling(BytesView signature) const {
  if (family == KeyFamily::ed25519) return signature.size() == 64;
  if (const auto* const found = ml_dsa_of_spki(spki); found != nullptr)
    return signature.size() == found->signature_size;
  if (family == KeyFamily::rsa)
    return signature.size() == static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
  if (signature.empty() || signature.size() > 112) return false;
  const unsigned char* at = signature.data();
  const openssl::EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
  if (parsed == nullptr || openssl::to_der(parsed.get(), i2d_ECDSA_SIG) != copy(signature)) return false;
  const BIGNUM* const r = ECDSA_SIG_get0_r(parsed.get());
  const BIGNUM* const s = ECDSA_SIG_get0_s(parsed.get());
  const bool r_fits = BN_is_negative(r) == 0 && BN_is_zero(r) == 0 && BN_cmp(r, order.get()) < 0;
  const bool s_fits = BN_is_negative(s) == 0 && BN_is_zero(s) == 0 && BN_cmp(s, order_half.get()) <= 0;
  return r_fits && s_fits;
}

// What OpenSSL says: 1 fits, 0 does not, anything else it could not find out.
Result<int> PublicKey::State::answer(BytesView message, BytesView signature) const {
  const auto* const post_quantum = ml_dsa_of_spki(spki);
  if (post_quantum != nullptr) TRY(check_available(*post_quantum));
  const bool is_plain = post_quantum != nullptr || family == KeyFamily::ed25519;
  const char* const digest = is_plain ? nullptr : family == KeyFamily::ecdsa_p384 ? "SHA384" : "SHA256";
  const openssl::MdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (context == nullptr || EVP_DigestVerifyInit_ex(context.get(), &parameters, digest, nullptr, nullptr,
                                                    key.get(), nullptr) != 1) {
    return Error(Code::internal_error, "signature verification");
  }
  if (family == KeyFamily::rsa && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
                                   EVP_PKEY_CTX_set_rsa_mgf1_md_name(parameters, digest, nullptr) != 1 ||
                                   EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt_size) != 1)) {
    return Error(Code::internal_error, "RSA-PSS parameters");
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size());
}

Result<void> PublicKey::verify(BytesView message, BytesView signature, Code mismatch) const {
  const openssl::ErrorQueue queue;
  const Error refused(mismatch, "signature", "one by key " + id().brief(), "one that does not fit");
  if (!state_->has_one_spelling(signature)) return refused;
  const int answer = TRY(state_->answer(message, signature));
  if (answer == 1) return {};
  if (answer == 0) return refused;
  return Error(Code::internal_error, "signature verification", "1 or 0", std::to_string(answer));
}

}  // namespace sallyport
