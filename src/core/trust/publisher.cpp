// SPDX-License-Identifier: Apache-2.0
#include "core/trust/publisher.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "core/crypto/cms_findings.h"
#include "core/crypto/file_signature.h"
#include "core/format/openpgp_armor.h"
#include "core/format/openpgp_keyring.h"
#include "core/trust/publisher_proof.h"
#include "core/trust/publisher_words.h"

namespace sallyport::trust {

namespace {

constexpr std::uint64_t part_size_max = 1U << 20U;

enum class KeyKind : std::uint8_t { certificate, public_key, keyring };

KeyKind kind_of(BytesView file) {
  const auto text = as_text(file);
  if (text.starts_with("-----BEGIN CERTIFICATE-----")) return KeyKind::certificate;
  if (text.starts_with("-----BEGIN PUBLIC KEY-----")) return KeyKind::public_key;
  return KeyKind::keyring;
}

// A keyring begins with a packet of RFC 4880 that is a public key (tag 6), or is a keybox of GnuPG.
Result<void> check_keyring(BytesView file) {
  const bool packet = !file.empty() && ((file[0] & 0xfcU) == 0x98U || file[0] == 0xc6U);
  const bool keybox = file.size() > 12 && as_text(file.subspan(8, 4)) == "KBXf";
  if (packet || keybox) return {};
  return Error(Code::usage_error, "--publisher-key",
               "a certificate, a public key (PEM) or an OpenPGP keyring", std::string(looks_like(file)));
}

// In the words of the publisher; whatever else is wrong keeps its own.
Error as_publisher(Error error) {
  if (error.code == Code::signer_unknown) error.code = Code::publisher_unknown;
  const auto invalid = {Code::signature_invalid, Code::signature_malformed, Code::signature_missing};
  if (std::find(invalid.begin(), invalid.end(), error.code) != invalid.end())
    error.code = Code::publisher_signature_invalid;
  return error;
}

// What the key is decides what the signature has to be; one of another kind is told by what it looks like.
Error told_by_kind(Error error, BytesView signature, std::string_view wanted,
                   std::initializer_list<std::string_view> its_own) {
  const auto found = looks_like(signature);
  const bool known = found != "something else";
  if (error.code != Code::publisher_signature_invalid || !known ||
      std::find(its_own.begin(), its_own.end(), found) != its_own.end())
    return error;
  return {Code::publisher_signature_invalid, "signature", std::string(wanted), std::string(found)};
}

Result<void> check_size(BytesView signature) {
  if (signature.empty())
    return Error(Code::publisher_signature_missing, "signature", "a signature", "an empty file");
  if (signature.size() <= publisher_signature_size_max) return {};
  return Error(Code::publisher_signature_invalid, "signature", "at most 1 MiB",
               std::to_string(signature.size()));
}

Result<Bytes> der_of(BytesView signature) {
  if (!as_text(signature).starts_with("-----BEGIN ")) return copy(signature);
  auto der = cms_from_pem(as_text(signature));
  return der.ok() ? std::move(der) : cms_from_pem(as_text(signature), "PKCS7");
}

ContentDigest digest_of_file(const ByteSource& file) {
  return [&file](Sha2 algorithm) -> Result<Bytes> {
    Hasher hasher(algorithm);
    for (std::uint64_t done = 0; done < file.size();) {
      const auto size = std::min(part_size_max, file.size() - done);
      hasher.update(TRY(file.read(done, size, part_size_max)));
      done += size;
    }
    return hasher.finish();
  };
}

}  // namespace

Result<PublisherKeys> parse_publisher_keys(const std::vector<Bytes>& files) {
  if (files.empty())
    return Error(Code::publisher_unknown, "--publisher-key", "a key of the publisher", "none");
  std::vector<Certificate> certificates;
  std::vector<PublicKey> keys;
  OpenPgpKeyrings keyrings;
  for (const auto& file : files) {
    const auto kind = kind_of(file);
    if (kind != kind_of(files.front()))
      return Error(Code::usage_error, "--publisher-key", "keys of one kind", "keys of several kinds");
    if (kind == KeyKind::certificate) {
      const auto chain = TRY(Certificate::chain_from_pem(as_text(file)));
      certificates.insert(certificates.end(), chain.begin(), chain.end());
    } else if (kind == KeyKind::public_key) {
      keys.push_back(TRY(PublicKey::from_pem(as_text(file))));
    } else {
      const bool text = as_text(file).starts_with(openpgp_armor_begin);
      auto keyring = text ? TRY(parse_openpgp_armor(as_text(file))) : file;
      TRY(check_keyring(keyring));
      for (auto& one : TRY(openpgp_keyrings(keyring))) keyrings.files.push_back(std::move(one));
    }
  }
  if (!certificates.empty()) return PublisherKeys(std::move(certificates));
  if (!keys.empty()) return PublisherKeys(std::move(keys));
  return PublisherKeys(std::move(keyrings));
}

Result<Published> published(const NamedFile& file, BytesView signature,
                            const std::vector<Certificate>& anchors, Instant at) {
  TRY(check_size(signature));
  SigningAuthority authority;
  authority.anchors = anchors;
  const auto told = [&](Error error) {
    return told_by_kind(as_publisher(std::move(error)), signature, "CMS, as the key is a certificate",
                        {"a CMS signature", "DER"});
  };
  auto der = der_of(signature);
  if (!der.ok()) return told(der.take_error());
  auto signers = verify_by_authorities(der.value(), digest_of_file(*file.bytes), {}, {authority}, at,
                                       Occasion::admission);
  if (!signers.ok()) return told(signers.take_error());
  const auto& leaf = signers.value().front().leaf;
  return PublisherProof::of(file, {SignerForm::cms, leaf.fingerprint().text(), leaf.subject()});
}

Result<Published> published(const NamedFile& file, BytesView signature, const std::vector<PublicKey>& keys) {
  TRY(check_size(signature));
  CHECK(!keys.empty());
  std::optional<Error> refusal;
  for (const auto& key : keys) {
    auto fits = verify_file_signature(key, *file.bytes, signature, Code::publisher_signature_invalid);
    if (fits.ok()) return PublisherProof::of(file, {SignerForm::raw, key.id().text(), key.algorithm()});
    if (!refusal || kind_of(fits.error().code) == Kind::fault) refusal = fits.take_error();
  }
  return told_by_kind(*refusal, signature, "a raw signature, as the key is a public key (PEM)", {"DER"});
}

Result<Published> published(const NamedFile& file, BytesView given, const OpenPgpAnswer& answer) {
  auto parsed = parse_openpgp_status(answer.status, OpenPgpCovers::bytes, answer.known);
  if (!parsed.ok())
    return told_by_kind(parsed.take_error(), given, "OpenPGP, as the key is an OpenPGP keyring",
                        {"an OpenPGP signature", "an OpenPGP message"});
  auto signature = std::move(parsed).value();
  return PublisherProof::of(file,
                            {SignerForm::openpgp, std::move(signature.key), std::move(signature.user_id)});
}

Result<Published> pinned(const NamedFile& file, const Sha256Digest& digest) {
  if (file.bytes->digest() == digest)
    return PublisherProof::of(file, {SignerForm::digest, digest.text(), "SHA-256"});
  return Error(Code::publisher_signature_invalid, file.name, "sha256 " + digest.text(),
               file.bytes->digest().text());
}

Published taken_from(const Published& archive, NamedFile file) {
  return PublisherProof::of(std::move(file), archive.signer());
}

}  // namespace sallyport::trust
