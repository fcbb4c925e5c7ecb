// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/evp_signer.h"

#include <openssl/rsa.h>

#include "adapters/signer/cms_writer.h"

namespace sallyport {
namespace {

constexpr int salt_size = 32;

Error unusable(const char* what) {
  return Error(Code::key_unusable, what);
}

// Of the two signatures (r, s) and (r, n - s) the one with the smaller s: one signature has one encoding.
Result<Bytes> with_low_s(const Bytes& signature, KeyFamily family) {
  const unsigned char* at = signature.data();
  const openssl::EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
  const int curve = family == KeyFamily::ecdsa_p256 ? NID_X9_62_prime256v1 : NID_secp384r1;
  const openssl::Owned<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(curve));
  if (parsed == nullptr || group == nullptr) return unusable("ECDSA signature");
  const BIGNUM* const order = EC_GROUP_get0_order(group.get());
  openssl::Number half(BN_new());
  openssl::Number r(BN_dup(ECDSA_SIG_get0_r(parsed.get())));
  openssl::Number s(BN_dup(ECDSA_SIG_get0_s(parsed.get())));
  if (half == nullptr || r == nullptr || s == nullptr || BN_rshift1(half.get(), order) != 1) {
    return unusable("ECDSA signature");
  }
  if (BN_cmp(s.get(), half.get()) > 0 && BN_sub(s.get(), order, s.get()) != 1)
    return unusable("ECDSA signature");
  const openssl::EcdsaSignature low(ECDSA_SIG_new());
  if (low == nullptr || ECDSA_SIG_set0(low.get(), r.get(), s.get()) != 1) return unusable("ECDSA signature");
  (void)r.release();  // NOLINT(bugprone-unused-return-value): the signature owns them now
  (void)s.release();  // NOLINT(bugprone-unused-return-value)
  return openssl::to_der(low.get(), i2d_ECDSA_SIG);
}

class EvpSigner final : public Signer {
 public:
  EvpSigner(openssl::Key key, PublicKey public_key, OSSL_LIB_CTX* library)
      : key_(std::move(key)), public_key_(std::move(public_key)), library_(library) {}

  PublicKey public_key() const override { return public_key_; }
  Result<Bytes> sign(BytesView message) override;
  Result<Bytes> sign_cms(BytesView content, const std::vector<Certificate>& chain) override {
    return write_cms(*this, content, chain);
  }

 private:
  Result<Bytes> raw(BytesView message);

  openssl::Key key_;
  PublicKey public_key_;
  OSSL_LIB_CTX* library_;
};

Result<Bytes> EvpSigner::raw(BytesView message) {
  const auto family = public_key_.family();
  const bool is_plain = family == KeyFamily::ed25519 || public_key_.kind() == SignatureKind::post_quantum;
  const char* const digest = is_plain ? nullptr : family == KeyFamily::ecdsa_p384 ? "SHA384" : "SHA256";
  const openssl::MdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (context == nullptr || EVP_DigestSignInit_ex(context.get(), &parameters, digest, library_, nullptr,
                                                  key_.get(), nullptr) != 1) {
    return unusable("key");
  }
  // MGF1 takes the digest of the signature by itself; keys of an engine do not let it be named.
  if (family == KeyFamily::rsa && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) <= 0 ||
                                   EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt_size) <= 0)) {
    return unusable("RSA-PSS parameters");
  }
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1)
    return unusable("key");
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return unusable("key");
  }
  signature.resize(size);
  return signature;
}

Result<Bytes> EvpSigner::sign(BytesView message) {
  const openssl::ErrorQueue queue;
  auto signature = TRY(raw(message));
  const auto family = public_key_.family();
  if (family == KeyFamily::ecdsa_p256 || family == KeyFamily::ecdsa_p384) {
    signature = TRY(with_low_s(signature, family));
  }
  TRY(public_key_.verify(message, signature, Code::key_unusable).within("verifying the new signature"));
  return signature;
}

}  // namespace

Result<std::unique_ptr<Signer>> evp_signer(openssl::Key key, OSSL_LIB_CTX* library) {
  const openssl::ErrorQueue queue;
  if (key == nullptr) return unusable("key");
  auto public_key = PublicKey::from_spki(openssl::to_der(key.get(), i2d_PUBKEY));
  if (!public_key.ok()) {
    const auto& error = public_key.error();
    return Error(Code::key_unusable, error.where, error.expected, error.found);
  }
  std::unique_ptr<Signer> signer =
      std::make_unique<EvpSigner>(std::move(key), std::move(public_key).value(), library);
  return signer;
}

}  // namespace sallyport
